//! Pools on CPUs: channel by channel, a row of results at a time.
//!
//! Channels are spread over the threads; none depends on another.

mod largest;
mod sums;
mod taps;

pub(crate) use largest::{largest, largest_gradient, largest_with_places};
pub(crate) use sums::{sums, sums_gradient};

/// Values that a task reads or writes, at the least.
const TASK: usize = 1 << 15;

/// Channels of a task, of this many values each.
fn planes_per_task(plane: usize) -> usize {
    TASK.div_ceil(plane)
}

#[cfg(test)]
mod tests;
