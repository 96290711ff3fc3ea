//! Populations of neurons that answer.

use super::unsuited;
use crate::Error;
use burn::tensor::{Int, Tensor};

/// Number of populations of `size` neighbouring neurons.
pub(super) fn count(name: &'static str, neurons: usize, size: usize) -> Result<usize, Error> {
    match neurons.is_multiple_of(size) {
        true => Ok(neurons / size),
        false => {
            let problem =
                format!("has populations of `pop_size` = {size} neurons and was given {neurons}; expected a multiple");
            Err(unsuited(name, problem))
        }
    }
}

/// Index of the population with most spikes, the first of several: `[W, B, N]` to `[W, B, 1]`.
pub(super) fn answer(sums: Tensor<3>, size: usize) -> Tensor<3> {
    let [windows, batch, neurons] = sums.dims();
    let (count, device) = (neurons / size, sums.device());
    let counts = sums.reshape([windows, batch, count, size]).sum_dim(3).squeeze_dim::<3>(3);
    let less = counts.clone().lower(counts.max_dim(2).expand([windows, batch, count]));
    indices(count, &device).expand([windows, batch, count]).mask_fill(less, count as f32).min_dim(2)
}

/// Indices below `count`, `[1, 1, count]`.
pub(super) fn indices(count: usize, device: &burn::tensor::Device) -> Tensor<3> {
    Tensor::<1, Int>::arange(0..count as i64, device).float().reshape([1, 1, count])
}
