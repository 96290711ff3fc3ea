//! Events of cameras and of spike recordings.

mod frames;

pub(crate) use frames::{Framing, natural_steps};

/// One event: a pixel of a camera that became brighter or darker, or an input that fired.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// Time in µs.
    pub time: u64,
    /// Column from the left, or index of the input.
    pub x: u16,
    /// Row from the top; 0 of inputs in one row.
    pub y: u16,
    /// Whether it is an ON event: it became brighter. False of inputs without polarity.
    pub on: bool,
}
