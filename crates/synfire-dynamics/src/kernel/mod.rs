//! The scan on CPUs: equations compiled to code for a small machine whose registers are blocks of neurons.

mod backward;
mod code;
mod dispatch;
mod forward;
mod isa;
mod jit;
mod layout;
mod machine;
mod program;
mod tile;

pub(crate) use backward::backward;
pub(crate) use dispatch::dispatch;
pub(crate) use forward::forward;
pub(crate) use isa::Isa;
pub use isa::instruction_set;
#[cfg(any(feature = "flex", feature = "ndarray"))]
pub(crate) use layout::{Tile, reduce, row};
#[cfg(any(feature = "flex", feature = "ndarray"))]
pub(crate) use program::{Backward, Forward};
#[cfg(any(feature = "flex", feature = "ndarray"))]
pub(crate) use tile::Machine;

#[cfg(test)]
mod tests;
