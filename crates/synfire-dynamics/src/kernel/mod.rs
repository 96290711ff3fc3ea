//! The fused scan on plain slices: all time steps of a tile of neurons while they are in cache.
//!
//! Buffers are rows of one plane each (`batch * neurons`, neurons fastest), several quantities one
//! after the other: `[K, T, plane]`, `[S, plane]`. Tiles of the plane are independent tasks, so the
//! numbers do not depend on how many threads work on them.

mod backward;
mod forward;
mod isa;
mod layout;

pub(crate) use backward::{BackwardArgs, Gradients, backward};
pub(crate) use forward::{ForwardArgs, Scanned, forward};
pub(crate) use layout::{Layout, Rows};

#[cfg(test)]
mod tests;
