//! The scan on CPUs: equations compiled to code for a small machine whose registers are blocks of neurons.

mod backward;
mod code;
mod forward;
mod jit;
mod layout;
mod machine;
mod program;
mod tile;

pub(crate) use backward::backward;
pub(crate) use forward::forward;
#[cfg(any(feature = "flex", feature = "ndarray"))]
pub(crate) use layout::{Tile, reduce, row};
#[cfg(any(feature = "flex", feature = "ndarray"))]
pub(crate) use machine::Isa;
#[cfg(any(feature = "flex", feature = "ndarray"))]
pub(crate) use program::{Backward, Forward};
#[cfg(any(feature = "flex", feature = "ndarray"))]
pub(crate) use tile::Machine;

#[cfg(test)]
mod tests;
