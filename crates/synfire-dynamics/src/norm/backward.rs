//! The adjoint.

use super::Sizes;
use super::forward::{Statistics, scales};
use super::sums::sums;
use crate::memory::Uninit;
use core::mem::MaybeUninit;
use rayon::prelude::*;

/// The gradients of input, if wanted, gamma and beta.
#[derive(Debug)]
pub(crate) struct Gradients {
    pub(crate) input: Option<Vec<f32>>,
    pub(crate) gamma: Vec<f32>,
    pub(crate) beta: Vec<f32>,
}

/// Gradients from that of the output, `g`.
///
/// With `n` values in a channel and `z = (x - mean) / sqrt(variance + epsilon)`, those of beta and gamma are
/// `sum g` and `sum g z`, and that of the input is `gamma / sqrt(variance + epsilon) (g - sum g / n - z sum g z / n)`.
pub(crate) fn backward(
    sizes: Sizes,
    input: &[f32],
    gradient: &[f32],
    gamma: &[f32],
    statistics: &Statistics,
    epsilon: f32,
    wants_input: bool,
) -> Gradients {
    let [sum, products] = sums(sizes, [input, gradient], |channel, [x, g]| {
        [f64::from(g), f64::from(g) * (f64::from(x) - statistics.mean[channel])]
    });
    let inverse: Vec<f64> =
        statistics.variance.iter().map(|variance| (variance + f64::from(epsilon)).sqrt().recip()).collect();
    let input = wants_input.then(|| {
        let scale = scales(gamma, statistics, epsilon);
        let offset: Vec<f32> = sum.iter().map(|sum| (sum / sizes.count()) as f32).collect();
        let slope =
            products.iter().zip(&inverse).map(|(sum, inverse)| (sum * inverse * inverse / sizes.count()) as f32);
        let slope: Vec<f32> = slope.collect();
        let mut result = Uninit::new(input.len());
        let part = sizes.part();
        let parts = result.unwritten().par_chunks_mut(part).zip(input.par_chunks(part)).zip(gradient.par_chunks(part));
        parts.for_each(|((result, input), gradient)| {
            let rows = input.chunks_exact(sizes.places).zip(gradient.chunks_exact(sizes.places));
            let rows = result.chunks_exact_mut(sizes.places).zip(rows);
            for (channel, (result, (input, gradient))) in (0..sizes.channels).cycle().zip(rows) {
                let (mean, scale, offset, slope) =
                    (statistics.mean[channel] as f32, scale[channel], offset[channel], slope[channel]);
                for (to, (x, g)) in result.iter_mut().zip(input.iter().zip(gradient)) {
                    *to = MaybeUninit::new(scale * (g - offset - (x - mean) * slope));
                }
            }
        });
        result.into_written()
    });
    let gamma = products.iter().zip(&inverse).map(|(sum, inverse)| (sum * inverse) as f32).collect();
    Gradients { input, gamma, beta: sum.iter().map(|sum| *sum as f32).collect() }
}
