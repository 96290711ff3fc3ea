//! Samples with time as their first axis.

use super::{Window, source::check_window};
use crate::Error;

/// The shape of one step: without the first axis, or a `T`-th where the sample is flat.
pub(super) fn shape(sample: &[usize], window: Window) -> Result<Vec<usize>, String> {
    let steps = window.steps;
    match sample {
        [numbers] if steps > 0 && numbers % steps == 0 => Ok(vec![numbers / steps]),
        [first, rest @ ..] if !rest.is_empty() && *first == steps => Ok(rest.to_vec()),
        _ => Err(format!("was given samples of shape {sample:?}; expected {steps} steps, the first axis being time")),
    }
}

/// Numbers per step of flat samples `[B, T*F]`.
pub(super) fn features(encoder: &'static str, [_, numbers]: [usize; 2], window: Window) -> Result<usize, Error> {
    check_window(encoder, window)?;
    shape(&[numbers], window).map(|shape| shape[0]).map_err(|problem| Error::Source { encoder, problem })
}
