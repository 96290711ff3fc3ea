//! Which layer listens to which, in which order they run, and which shapes follow.

mod components;
mod order;
mod shapes;

pub(super) use order::{Order, Stage, whole_delay};
pub(super) use shapes::Shapes;
