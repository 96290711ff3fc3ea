//! Samples with time as their first axis.

use super::{TimeGrid, source::check_grid};
use crate::Error;

/// The shape of one step: without the first axis, or a `T`-th where the sample is flat.
pub(super) fn shape(sample: &[usize], grid: TimeGrid) -> Result<Vec<usize>, String> {
    let steps = grid.steps;
    match sample {
        [numbers] if steps > 0 && numbers % steps == 0 => Ok(vec![numbers / steps]),
        [first, rest @ ..] if !rest.is_empty() && *first == steps => Ok(rest.to_vec()),
        _ => Err(format!("was given samples of shape {sample:?}; expected {steps} steps, the first axis being time")),
    }
}

/// Numbers per step of flat samples `[B, T*F]`.
pub(super) fn features(encoder: &'static str, [_, numbers]: [usize; 2], grid: TimeGrid) -> Result<usize, Error> {
    check_grid(encoder, grid)?;
    shape(&[numbers], grid).map(|shape| shape[0]).map_err(|problem| Error::Source { encoder, problem })
}
