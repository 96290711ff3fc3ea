//! Convolutions of events against matrix products, on every instruction set.

use super::layout::Layout;
use super::{Lists, Windows};
use crate::kernel::Isa;
use crate::testing::{Noise, assert_close, assert_independent_of_threads};
use crate::window::{Convolution, Pool};
use crate::{SpikeBits, Window2d, conv, pool};

/// Sizes, and windows of the pool.
fn cases() -> Vec<(Convolution, [usize; 2])> {
    let padded = |places| Window2d { padding: [[places; 2]; 2], ..Window2d::new([3, 3]) };
    let mut cases = vec![
        // as in networks, then several tiles of inputs and blocks of outputs, and several frames at once
        ([70, 12, 12, 12], 32, Window2d::new([5, 5]), 1, [2, 2]),
        ([3, 130, 7, 9], 40, padded(1), 1, [1, 1]),
        ([20, 24, 6, 6], 90, padded(1), 2, [3, 2]),
        ([2, 1, 1, 30], 9, Window2d::new([1, 7]), 1, [1, 4]),
        // an odd number of blocks of outputs whose windows are pooled in registers, and places that no window has
        ([2, 12, 9, 10], 40, Window2d::new([3, 3]), 1, [2, 2]),
        ([3, 40, 8, 7], 20, padded(1), 2, [2, 2]),
    ];
    let mut noise = Noise::new(3);
    while cases.len() < 30 {
        let mut pair = |low, high| [noise.integer(low, high), noise.integer(low, high)];
        let kernel = [pair(1, 5)[0], 3 + 2 * pair(0, 2)[0]];
        let padding = kernel.map(|places| pair(0, places - 1));
        let ([frames, groups], [inputs, outputs], input, windows) = (pair(1, 3), pair(1, 20), pair(1, 20), pair(1, 3));
        let window = Window2d { padding, ..Window2d::new(kernel) };
        if window.output(input).is_some_and(|output| (0..2).all(|axis| output[axis] >= windows[axis])) {
            cases.push(([frames, inputs * groups, input[0], input[1]], outputs * groups, window, groups, windows));
        }
    }
    let sizes = cases.into_iter().map(|(shape, outputs, window, groups, windows)| {
        let weight = [outputs, shape[1] / groups, window.kernel[0], window.kernel[1]];
        (Convolution::new(shape, weight, window, groups).expect("they fit"), windows)
    });
    sizes.collect()
}

/// Inputs of which this share is not zero: 1, as spikes are, or any value.
fn input(sizes: &Convolution, density: f32, spikes: bool) -> Vec<f32> {
    let count = sizes.frames * sizes.input_frame();
    let (keep, values) = (Noise::new(5).values(count), Noise::new(6).values(count));
    let value = |(keep, value): (f32, f32)| match keep + 0.5 < density {
        true if spikes => 1.0,
        true => value,
        false => 0.0,
    };
    keep.into_iter().zip(values).map(value).collect()
}

fn pool_of(sizes: &Convolution, windows: [usize; 2]) -> Pool {
    Pool::new(sizes.output_shape(), Window2d { stride: windows, ..Window2d::new(windows) }).expect("it fits")
}

/// Result, and gradients of weights and input.
fn by_events(isa: Isa, sizes: &Convolution, windows: [usize; 2], x: &[f32], operands: &[Vec<f32>; 3]) -> [Vec<f32>; 3] {
    let [weight, bias, gradient] = operands;
    let lists = Lists::new(Layout::new(sizes, isa).expect("kernels"), sizes.frames, x);
    let windows = Windows::of(Some(&pool_of(sizes, windows)));
    let (result, winners) = lists.forward(weight, bias, windows);
    let [of_weights, of_input] = lists.gradients(gradient, &winners, true, Some(weight)).map(Option::unwrap_or_default);
    [result, of_weights, of_input]
}

fn densely(sizes: &Convolution, windows: [usize; 2], x: &[f32], operands: &[Vec<f32>; 3]) -> [Vec<f32>; 3] {
    let ([weight, bias, gradient], of) = (operands, pool_of(sizes, windows));
    let (result, places) = pool::largest_with_places(&of, &conv::forward(sizes, x, weight, bias));
    let gradient = pool::largest_gradient(&of, &places, gradient);
    [result, conv::weight_gradient(sizes, x, &gradient), conv::input_gradient(sizes, &gradient, weight)]
}

fn operands(sizes: &Convolution, windows: [usize; 2]) -> [Vec<f32>; 3] {
    let mut noise = Noise::new(7);
    let of = |shape: [usize; 4]| shape.iter().product::<usize>();
    let (weight, gradient) = (of(sizes.weight_shape()), of(pool_of(sizes, windows).output_shape()));
    // eighths: sums are exact, so that the winners of a pool do not depend on the order of summation
    let eighths = |x: Vec<f32>| x.into_iter().map(|x| (x * 8.0).round() / 8.0).collect();
    [eighths(noise.values(weight)), eighths(noise.values(sizes.output_shape()[1])), noise.values(gradient)]
}

#[test]
fn events_and_matrix_products_are_the_same() {
    for (sizes, windows) in cases() {
        let operands = operands(&sizes, windows);
        for (density, spikes) in [(0.0, true), (0.1, true), (0.4, true), (1.0, true), (0.2, false)] {
            let mut x = input(&sizes, density, spikes);
            x.iter_mut().for_each(|x| *x = (*x * 8.0).round() / 8.0);
            let expected = densely(&sizes, windows, &x, &operands);
            for isa in Isa::available() {
                let found = by_events(isa, &sizes, windows, &x, &operands);
                for (what, (found, expected)) in ["result", "weight", "input"].iter().zip(found.iter().zip(&expected)) {
                    let case = format!("{what}, {isa:?}, density {density}, pool of {windows:?}, {sizes:?}");
                    assert_close(&case, found, expected, 1e-5);
                }
            }
        }
    }
}

#[test]
fn spikes_as_bits_are_those_of_the_values() {
    for (sizes, windows) in cases() {
        let operands @ [weight, bias, gradient] = &operands(&sizes, windows);
        for density in [0.0, 0.1, 1.0] {
            let x = input(&sizes, density, true);
            for isa in Isa::available() {
                let bits = SpikeBits::of(isa, &x, sizes.input_frame()).expect("spikes");
                let lists = Lists::new_of_spikes(Layout::new(&sizes, isa).expect("kernels"), sizes.frames, &bits);
                let (result, winners) = lists.forward(weight, bias, Windows::of(Some(&pool_of(&sizes, windows))));
                let [of_weights, of_input] = lists.gradients(gradient, &winners, true, Some(weight));
                let found = [result, of_weights.unwrap_or_default(), of_input.unwrap_or_default()];
                let expected = by_events(isa, &sizes, windows, &x, operands);
                assert!(found == expected, "{isa:?}, density {density}, {sizes:?}");
            }
        }
    }
}

#[test]
fn the_first_of_equals_wins_and_what_is_not_a_number_before_all() {
    let sizes = Convolution::new([1, 1, 4, 6], [8, 1, 1, 3], Window2d::new([1, 3]), 1).expect("they fit");
    let mut x = vec![0.0; 24];
    (x[0], x[20]) = (f32::NAN, 1.0);
    let operands = [vec![1.0; 24], vec![0.0; 8], vec![1.0; 32]];
    for isa in Isa::available() {
        let [result, _, of_input] = by_events(isa, &sizes, [2, 2], &x, &operands);
        assert!(result[0].is_nan() && result[1..4] == [0.0, 1.0, 1.0], "{isa:?}: {:?}", &result[..4]);
        // of eight channels: each window's gradient goes to the three inputs that its winner sees
        let of_row = |row: usize| of_input[row * 6..][..6].to_vec();
        assert_eq!(of_row(0), [8.0, 8.0, 16.0, 8.0, 8.0, 0.0], "{isa:?}");
        assert_eq!(of_row(2), [0.0; 6], "{isa:?}");
        assert_eq!(of_row(3), [8.0, 8.0, 16.0, 8.0, 8.0, 0.0], "{isa:?}");
    }
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    for (sizes, windows) in cases().into_iter().take(3) {
        let (x, operands) = (input(&sizes, 0.2, false), operands(&sizes, windows));
        assert_independent_of_threads(&format!("{sizes:?}"), || {
            by_events(Isa::best(), &sizes, windows, &x, &operands).concat()
        });
    }
}
