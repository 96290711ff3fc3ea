//! The runs of a folder: a table, curves of several over each other, differences of their configurations.

mod compare;
mod diff;
mod live;
mod row;

pub(crate) use compare::{figure, measures};
pub(crate) use diff::differences;
pub(crate) use live::events;
pub(crate) use row::{Row, Rows};
