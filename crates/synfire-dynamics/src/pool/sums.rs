//! The sum, or mean, of each window.

use super::planes_per_task;
use super::taps::Taps;
use crate::memory::{Uninit, filled};
use crate::pooling::Divisor;
use crate::window::Pool;
use rayon::prelude::*;
use std::borrow::Cow;

/// `[N, C, oh, ow]` from `[N, C, H, W]`.
pub(crate) fn sums(sizes: &Pool, divisor: Divisor, input: &[f32]) -> Vec<f32> {
    let (from, to) = (sizes.input_plane(), sizes.output_plane());
    let (taps, chunk) = (Taps::new(sizes), planes_per_task(from));
    let counts = counts(sizes, &taps, divisor);
    let mut output = Uninit::new(sizes.count() * to);
    let tasks = output.unwritten().par_chunks_mut(chunk * to).zip(input.par_chunks(chunk * from));
    tasks.for_each(|(output, input)| {
        for (output, input) in filled(output, 0.0).chunks_exact_mut(to).zip(input.chunks_exact(from)) {
            add(&taps, input, output);
            if let Some(counts) = &counts {
                output.iter_mut().zip(counts).for_each(|(sum, count)| *sum /= count);
            }
        }
    });
    output.into_written()
}

/// Gradient of the input from that of the sums.
pub(crate) fn sums_gradient(sizes: &Pool, divisor: Divisor, gradient: &[f32]) -> Vec<f32> {
    let (from, to) = (sizes.output_plane(), sizes.input_plane());
    let (taps, chunk) = (Taps::new(sizes), planes_per_task(to));
    let counts = counts(sizes, &taps, divisor);
    let mut input = Uninit::new(sizes.count() * to);
    let tasks = input.unwritten().par_chunks_mut(chunk * to).zip(gradient.par_chunks(chunk * from));
    tasks.for_each(|(input, gradient)| {
        for (input, gradient) in filled(input, 0.0).chunks_exact_mut(to).zip(gradient.chunks_exact(from)) {
            let gradient = match &counts {
                Some(counts) => Cow::from(gradient.iter().zip(counts).map(|(g, count)| g / count).collect::<Vec<_>>()),
                None => Cow::from(gradient),
            };
            spread(&taps, &gradient, input);
        }
    });
    input.into_written()
}

/// By what each sum of a channel is divided.
fn counts(sizes: &Pool, taps: &Taps, divisor: Divisor) -> Option<Vec<f32>> {
    let [height, width] = sizes.window.kernel;
    match divisor {
        Divisor::One => None,
        Divisor::Window => Some(vec![(height * width) as f32; sizes.output_plane()]),
        Divisor::Values => {
            let mut counts = vec![0.0; sizes.output_plane()];
            taps.lines(|line| counts[line.results].iter_mut().for_each(|count| *count += 1.0));
            // a window without values has the sum 0
            Some(counts.into_iter().map(|count: f32| count.max(1.0)).collect())
        }
    }
}

/// Adds to each result what its window sees.
fn add(taps: &Taps, input: &[f32], sums: &mut [f32]) {
    if taps.pairs {
        for ((above, below), sums) in taps.pair_rows(input).zip(sums.chunks_exact_mut(taps.width())) {
            for ((above, below), sum) in above.iter().zip(below).zip(sums) {
                *sum = above[0] + above[1] + below[0] + below[1];
            }
        }
        return;
    }
    taps.lines(|line| {
        let values = input[line.first..].iter().step_by(line.stride);
        sums[line.results].iter_mut().zip(values).for_each(|(sum, x)| *sum += x);
    });
}

/// Adds to all that a window sees the gradient of its sum.
fn spread(taps: &Taps, gradient: &[f32], input: &mut [f32]) {
    if taps.pairs {
        for ((above, below), gradient) in taps.pair_rows_mut(input).zip(gradient.chunks_exact(taps.width())) {
            for ((above, below), gradient) in above.iter_mut().zip(below).zip(gradient) {
                (*above, *below) = ([*gradient; 2], [*gradient; 2]);
            }
        }
        return;
    }
    taps.lines(|line| {
        let values = input[line.first..].iter_mut().step_by(line.stride);
        gradient[line.results].iter().zip(values).for_each(|(g, x)| *x += g);
    });
}
