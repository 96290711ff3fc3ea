//! The inner loops of a recurrent layer, compiled for each instruction set.
#![allow(unsafe_code)]

mod affine;
mod events;
mod gather;
mod product;

pub(super) use affine::Affine;

/// Values of a row that accumulate at once in sums over events: few enough that their part of the weights stays in
/// cache.
const BLOCK: usize = 64;
