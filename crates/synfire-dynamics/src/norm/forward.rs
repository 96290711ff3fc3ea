//! Statistics of the channels, and what they make of the input.

use super::Sizes;
use super::sums::sums;
use crate::memory::Uninit;
use core::mem::MaybeUninit;
use rayon::prelude::*;

/// Mean and biased variance of each channel.
#[derive(Clone, Debug)]
pub(crate) struct Statistics {
    pub(crate) mean: Vec<f64>,
    pub(crate) variance: Vec<f64>,
}

/// Means and variances of an input `[M, C, S]`.
pub(crate) fn statistics(sizes: Sizes, input: &[f32]) -> Statistics {
    // distances from the first value of each channel: their squares lose nothing to a large mean
    let origin: Vec<f64> = (0..sizes.channels).map(|channel| f64::from(input[channel * sizes.places])).collect();
    let [sum, squares] = sums(sizes, [input, input], |channel, [x, _]| {
        let x = f64::from(x) - origin[channel];
        [x, x * x]
    });
    let distance: Vec<f64> = sum.iter().map(|sum| sum / sizes.count()).collect();
    let variance = squares.iter().zip(&distance).map(|(x, mean)| (x / sizes.count() - mean * mean).max(0.0)).collect();
    let mean = distance.iter().zip(&origin).map(|(mean, origin)| mean + origin).collect();
    Statistics { mean, variance }
}

/// `gamma (x - mean) / sqrt(variance + epsilon) + beta`
pub(crate) fn forward(
    sizes: Sizes,
    input: &[f32],
    gamma: &[f32],
    beta: &[f32],
    statistics: &Statistics,
    epsilon: f32,
) -> Vec<f32> {
    let scale = scales(gamma, statistics, epsilon);
    each_channel(sizes, input, |channel| {
        let (mean, scale, beta) = (statistics.mean[channel] as f32, scale[channel], beta[channel]);
        move |x| (x - mean) * scale + beta
    })
}

/// `gamma (x - mean) / sqrt(variance + epsilon) + beta`, rounded after each operation as Burn's are.
pub(crate) fn normalise_by(
    sizes: Sizes,
    input: &[f32],
    [gamma, beta]: [&[f32]; 2],
    [mean, variance]: [&[f32]; 2],
    epsilon: f32,
) -> Vec<f32> {
    each_channel(sizes, input, |channel| {
        let (gamma, beta, mean) = (gamma[channel], beta[channel], mean[channel]);
        let deviation = (variance[channel] + epsilon).sqrt();
        move |x| (x - mean) / deviation * gamma + beta
    })
}

/// Each value by the function of its channel.
fn each_channel<F: Fn(f32) -> f32>(sizes: Sizes, input: &[f32], of: impl Fn(usize) -> F + Sync) -> Vec<f32> {
    let mut output = Uninit::new(input.len());
    let parts = output.unwritten().par_chunks_mut(sizes.part()).zip(input.par_chunks(sizes.part()));
    parts.for_each(|(output, input)| {
        let channels = (0..sizes.channels).cycle();
        let rows = output.chunks_exact_mut(sizes.places).zip(input.chunks_exact(sizes.places));
        for (channel, (output, input)) in channels.zip(rows) {
            let of = of(channel);
            for (y, x) in output.iter_mut().zip(input) {
                *y = MaybeUninit::new(of(*x));
            }
        }
    });
    output.into_written()
}

/// `gamma / sqrt(variance + epsilon)`
pub(super) fn scales(gamma: &[f32], statistics: &Statistics, epsilon: f32) -> Vec<f32> {
    let of = |(gamma, variance): (&f32, &f64)| (f64::from(*gamma) / (variance + f64::from(epsilon)).sqrt()) as f32;
    gamma.iter().zip(&statistics.variance).map(of).collect()
}
