//! Samples whose first axis is time.

use super::TimeGrid;
use crate::Error;

/// Shape of one step: that of the sample without its first axis, or a `T`-th of a flat sample.
pub(super) fn shape(sample: &[usize], grid: TimeGrid) -> Result<Vec<usize>, String> {
    let steps = grid.steps;
    match sample {
        [values] if steps > 0 && values % steps == 0 => Ok(vec![values / steps]),
        [first, rest @ ..] if !rest.is_empty() && *first == steps => Ok(rest.to_vec()),
        _ => Err(format!("was given samples of shape {sample:?}; expected {steps} steps, the first axis being time")),
    }
}

/// Values per step of flat samples of `values`, `T F`.
pub(super) fn features(encoder: &'static str, values: usize, grid: TimeGrid) -> Result<usize, Error> {
    shape(&[values], grid).map(|shape| shape[0]).map_err(|problem| Error::Source { encoder, problem })
}
