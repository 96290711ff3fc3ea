//! Batch normalisation on CPUs: two passes over the input, two on the way back.
//!
//! Sums over the batch are in `f64` and go from part to part of a fixed size, in their order: they do not depend on
//! the number of threads.

mod backward;
mod forward;
mod sums;

pub(crate) use backward::backward;
pub(crate) use forward::{Statistics, forward, normalise_by, statistics};

/// Sizes of the input, `[M, C, S]`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sizes {
    pub(crate) batch: usize,
    pub(crate) channels: usize,
    pub(crate) places: usize,
}

impl Sizes {
    /// Values of a sample.
    fn sample(&self) -> usize {
        self.channels * self.places
    }

    /// Values of a channel in the whole batch.
    fn count(&self) -> f64 {
        (self.batch * self.places) as f64
    }

    /// Values of a part of the batch: whole samples.
    fn part(&self) -> usize {
        const PART: usize = 1 << 15;
        PART.div_ceil(self.sample()) * self.sample()
    }
}

#[cfg(test)]
mod tests;
