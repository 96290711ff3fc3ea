//! The largest value of each window, and where it is.

use super::planes_per_task;
use super::taps::Taps;
use crate::memory::{Uninit, filled};
use crate::window::Pool;
use rayon::prelude::*;

/// The place of a window that sees padding alone.
const NONE: u32 = u32::MAX;

/// `[N, C, oh, ow]` from `[N, C, H, W]`.
pub(crate) fn largest(sizes: &Pool, input: &[f32]) -> Vec<f32> {
    let (from, to) = (sizes.input_plane(), sizes.output_plane());
    let (taps, chunk) = (Taps::new(sizes), planes_per_task(from));
    let mut output = Uninit::new(sizes.count() * to);
    let tasks = output.unwritten().par_chunks_mut(chunk * to).zip(input.par_chunks(chunk * from));
    tasks.for_each(|(output, input)| {
        let (output, mut places) = (filled(output, f32::NEG_INFINITY), vec![NONE; to]);
        for (output, input) in output.chunks_exact_mut(to).zip(input.chunks_exact(from)) {
            places.fill(NONE);
            find(&taps, input, output, &mut places);
        }
    });
    output.into_written()
}

/// As [`largest`], with the place that each value has in its channel of the input.
pub(crate) fn largest_with_places(sizes: &Pool, input: &[f32]) -> (Vec<f32>, Vec<u32>) {
    let (from, to) = (sizes.input_plane(), sizes.output_plane());
    let (taps, chunk) = (Taps::new(sizes), planes_per_task(from));
    let mut output = Uninit::new(sizes.count() * to);
    let mut places = vec![NONE; sizes.count() * to];
    let tasks = output.unwritten().par_chunks_mut(chunk * to).zip(places.par_chunks_mut(chunk * to));
    tasks.zip(input.par_chunks(chunk * from)).for_each(|((output, places), input)| {
        let results = filled(output, f32::NEG_INFINITY).chunks_exact_mut(to).zip(places.chunks_exact_mut(to));
        for ((output, places), input) in results.zip(input.chunks_exact(from)) {
            find(&taps, input, output, places);
        }
    });
    (output.into_written(), places)
}

/// Gradient of the input from that of the largest values and their places.
pub(crate) fn largest_gradient(sizes: &Pool, places: &[u32], gradient: &[f32]) -> Vec<f32> {
    let (from, to) = (sizes.output_plane(), sizes.input_plane());
    let chunk = planes_per_task(to);
    let mut input = Uninit::new(sizes.count() * to);
    let tasks = input.unwritten().par_chunks_mut(chunk * to).zip(gradient.par_chunks(chunk * from));
    tasks.zip(places.par_chunks(chunk * from)).for_each(|((input, gradient), places)| {
        let results = gradient.chunks_exact(from).zip(places.chunks_exact(from));
        for (input, (gradient, places)) in filled(input, 0.0).chunks_exact_mut(to).zip(results) {
            for (gradient, place) in gradient.iter().zip(places) {
                if let Some(input) = input.get_mut(*place as usize) {
                    *input += gradient;
                }
            }
        }
    });
    input.into_written()
}

/// The largest values of a channel, from `-inf` and no places on.
fn find(taps: &Taps, input: &[f32], largest: &mut [f32], places: &mut [u32]) {
    if taps.pairs {
        return find_in_pairs(taps, input, largest, places);
    }
    taps.lines(|line| {
        let results = largest[line.results.clone()].iter_mut().zip(&mut places[line.results]);
        let values = (line.first as u32..).step_by(line.stride).zip(input[line.first..].iter().step_by(line.stride));
        for ((largest, found), (place, &value)) in results.zip(values) {
            if exceeds(value, *largest) || *found == NONE {
                (*largest, *found) = (value, place);
            }
        }
    });
}

fn find_in_pairs(taps: &Taps, input: &[f32], largest: &mut [f32], places: &mut [u32]) {
    let width = taps.input_width() as u32;
    let results = largest.chunks_exact_mut(taps.width()).zip(places.chunks_exact_mut(taps.width()));
    for (y, ((above, below), (largest, places))) in (0..).zip(taps.pair_rows(input).zip(results)) {
        let pairs = above.iter().zip(below).zip((2 * y * width..).step_by(2));
        for (((above, below), first), (largest, place)) in pairs.zip(largest.iter_mut().zip(places)) {
            (*largest, *place) = (above[0], first);
            for (value, at) in [(above[1], first + 1), (below[0], first + width), (below[1], first + width + 1)] {
                let better = exceeds(value, *largest);
                *largest = if better { value } else { *largest };
                *place = if better { at } else { *place };
            }
        }
    }
}

/// Whether a value replaces the largest before it; what is not a number does, as in PyTorch.
fn exceeds(value: f32, largest: f32) -> bool {
    value > largest || value.is_nan()
}
