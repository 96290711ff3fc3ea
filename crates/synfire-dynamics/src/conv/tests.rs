//! Convolutions against Burn's own: results and gradients, whatever the shape.

use crate::testing::{Noise, assert_close, assert_independent_of_threads, devices, tensor, values};
use crate::window::Convolution;
use crate::{Window2d, conv2d, conv2d_max_pool2d};
use burn::tensor::module::{conv2d as burn_conv2d, max_pool2d};
use burn::tensor::ops::{ConvOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor};

/// A convolution: shapes of input and weights, window, groups.
type Case = ([usize; 4], [usize; 4], Window2d, usize);

/// Kernels that share rows of the matrix or not, with all kinds of strides; small pictures, many of them;
/// products without a matrix; rows longer and shorter than registers.
fn cases() -> Vec<Case> {
    let window = |kernel, stride, padding, dilation| Window2d { kernel, stride, padding, dilation };
    let none = [[0, 0]; 2];
    let mut cases = vec![
        ([3, 12, 12, 12], [10, 12, 5, 5], Window2d::new([5, 5]), 1),
        ([2, 9, 14, 14], [8, 9, 3, 3], window([3, 3], [1, 1], [[1, 1]; 2], [1, 1]), 1),
        ([2, 9, 19, 11], [4, 9, 3, 3], window([3, 3], [2, 2], [[1, 1]; 2], [1, 1]), 1),
        ([2, 8, 21, 15], [4, 8, 4, 3], window([4, 3], [3, 1], [[2, 1], [0, 2]], [2, 1]), 1),
        ([2, 16, 17, 17], [6, 8, 3, 3], window([3, 3], [2, 1], [[1, 2], [2, 1]], [2, 3]), 2),
        ([2, 8, 23, 9], [5, 8, 5, 3], window([5, 3], [4, 2], [[1, 1]; 2], [2, 1]), 1),
        ([70, 6, 3, 4], [7, 6, 3, 3], window([3, 3], [1, 1], [[1, 1]; 2], [1, 1]), 1),
        ([300, 4, 2, 2], [6, 2, 2, 2], window([2, 2], [1, 1], none, [1, 1]), 2),
        ([5, 7, 9, 9], [3, 7, 1, 1], Window2d::new([1, 1]), 1),
        ([5, 8, 9, 9], [6, 4, 1, 1], Window2d::new([1, 1]), 2),
        ([40, 7, 2, 2], [3, 7, 1, 1], Window2d::new([1, 1]), 1),
        ([2, 7, 9, 9], [3, 7, 1, 1], window([1, 1], [2, 2], none, [1, 1]), 1),
        ([2, 3, 8, 70], [3, 1, 1, 7], window([1, 7], [1, 1], [[0, 0], [3, 3]], [1, 1]), 3),
        ([2, 12, 8, 3], [3, 12, 3, 2], window([3, 2], [1, 1], [[5, 4], [2, 3]], [1, 1]), 1),
    ];
    let mut noise = Noise::new(1);
    while cases.len() < 60 {
        let mut pair = |low, high| [noise.integer(low, high), noise.integer(low, high)];
        let (kernel, stride, dilation, padding) = (pair(1, 5), pair(1, 3), pair(1, 2), [pair(0, 3), pair(0, 3)]);
        let ([n, groups], [inputs, outputs], [h, w]) = (pair(1, 3), pair(1, 6), pair(1, 16));
        let window = Window2d { kernel, stride, padding, dilation };
        if window.output([h, w]).is_some() {
            let weight = [outputs * groups, inputs, kernel[0], kernel[1]];
            cases.push(([n, inputs * groups, h, w], weight, window, groups));
        }
    }
    cases
}

/// Result and gradients of input, weights and bias.
fn run(
    convolution: impl Fn(Tensor<4>, Tensor<4>, Option<Tensor<1>>) -> Tensor<4>,
    input: &Tensor<4>,
    weight: &Tensor<4>,
    bias: &Tensor<1>,
    device: &Device,
) -> [Vec<f32>; 4] {
    let [input, weight] = [input, weight].map(|x| x.clone().require_grad());
    let bias = bias.clone().require_grad();
    let output = convolution(input.clone(), weight.clone(), Some(bias.clone()));
    let upstream = Noise::new(9).tensor(output.dims(), device);
    let gradients = (output.clone() * upstream).sum().backward();
    let [of_input, of_weight] = [&input, &weight].map(|x| values(&x.grad(&gradients).expect("a gradient")));
    [values(&output), of_input, of_weight, values(&bias.grad(&gradients).expect("a gradient"))]
}

#[test]
fn results_and_gradients_are_those_of_burn() {
    for device in devices() {
        for (shape, weight_shape, window, groups) in cases() {
            let mut noise = Noise::new(2);
            let (input, weight) = (noise.tensor(shape, &device), noise.tensor(weight_shape, &device));
            let bias = noise.tensor([weight_shape[0]], &device);
            assert!(Convolution::new(shape, weight_shape, window, groups).is_some());
            let padding = window.padding.map(|[before, after]| (before, after));
            let options = ConvOptions::new_with_padding(window.stride, padding, window.dilation, groups);
            let ours = run(|x, w, b| conv2d(x, w, b, &window, groups), &input, &weight, &bias, &device);
            let burns = run(|x, w, b| burn_conv2d(x, w, b, options.clone()), &input, &weight, &bias, &device);
            for (what, (ours, burns)) in ["result", "input", "weight", "bias"].iter().zip(ours.iter().zip(&burns)) {
                let place = format!("{what}, {shape:?} by {weight_shape:?}, {window:?}, {groups} groups");
                assert_close(&place, ours, burns, 1e-5);
            }
        }
    }
}

#[test]
fn spikes_with_and_without_a_pool_give_what_burn_gives() {
    let side_by_side = Window2d { stride: [2, 2], ..Window2d::new([2, 2]) };
    let overlapping = Window2d { stride: [2, 1], padding: [[1, 0]; 2], ..Window2d::new([3, 2]) };
    for device in devices() {
        for (shape, weight_shape, window, groups) in cases() {
            let mut noise = Noise::new(6);
            let spikes = noise.values(shape.iter().product()).into_iter().map(|x| f32::from(x < -0.35)).collect();
            let (spikes, weight) = (tensor(spikes, shape, &device), noise.tensor(weight_shape, &device));
            let bias = noise.tensor([weight_shape[0]], &device);
            let padding = window.padding.map(|[before, after]| (before, after));
            let options = ConvOptions::new_with_padding(window.stride, padding, window.dilation, groups);
            let burns = |x, w, b| burn_conv2d(x, w, b, options.clone());
            let assert_same = |what: &str, ours: [Vec<f32>; 4], burns: [Vec<f32>; 4]| {
                for (part, (ours, burns)) in ["result", "input", "weight", "bias"].iter().zip(ours.iter().zip(&burns)) {
                    let place = format!("{part}, {what}, {shape:?} by {weight_shape:?}, {window:?}, {groups} groups");
                    assert_close(&place, ours, burns, 1e-5);
                }
            };
            let ours = run(|x, w, b| conv2d(x, w, b, &window, groups), &spikes, &weight, &bias, &device);
            assert_same("no pool", ours, run(burns, &spikes, &weight, &bias, &device));
            let [height, width] = window.output([shape[2], shape[3]]).expect("it fits");
            for pool in [side_by_side, overlapping].iter().filter(|pool| pool.output([height, width]).is_some()) {
                let pooled = |x, w, b| conv2d_max_pool2d(x, w, b, &window, groups, pool);
                let padding = pool.padding.map(|[before, after]| (before, after));
                let options = MaxPoolOptions::new(pool.kernel).with_stride(pool.stride).with_padding_pairs(padding);
                let expected = |x, w, b| max_pool2d(burns(x, w, b), options.clone());
                let ours = run(pooled, &spikes, &weight, &bias, &device);
                assert_same(&format!("{pool:?}"), ours, run(expected, &spikes, &weight, &bias, &device));
            }
        }
    }
}

#[test]
fn inputs_need_not_be_contiguous() {
    for device in devices() {
        let mut noise = Noise::new(3);
        let (input, weight) = (noise.tensor([2, 6, 5, 4], &device), noise.tensor([3, 2, 4, 4], &device));
        let window = Window2d::new([3, 2]);
        let [x, w] = [input.swap_dims(1, 3), weight.swap_dims(0, 1).slice([0..2, 0..3, 0..3, 0..2])];
        let x = x.slice([0..2, 0..3, 0..5, 1..6]);
        let expected = burn_conv2d(x.clone(), w.clone(), None, ConvOptions::new([1, 1], [0, 0], [1, 1], 1));
        assert_close("slices", &values(&conv2d(x, w, None, &window, 1)), &values(&expected), 1e-5);
    }
}

#[test]
fn only_what_learns_has_a_gradient() {
    for device in devices() {
        let mut noise = Noise::new(4);
        let (input, weight) = (noise.tensor([2, 3, 6, 6], &device), noise.tensor([4, 3, 3, 3], &device));
        let bias = noise.tensor([4], &device).require_grad();
        let output = conv2d(input.clone(), weight.clone(), Some(bias.clone()), &Window2d::new([3, 3]), 1);
        let gradients = output.sum().backward();
        assert_eq!(values(&bias.grad(&gradients).expect("a gradient")), [32.0; 4]);
        assert!(input.grad(&gradients).is_none() && weight.grad(&gradients).is_none());
    }
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    for (shape, weight_shape, window, groups) in cases().into_iter().take(9) {
        let sizes = Convolution::new([shape[0] * 40, shape[1], shape[2], shape[3]], weight_shape, window, groups);
        let sizes = sizes.expect("they fit");
        let mut noise = Noise::new(5);
        let input = noise.values(sizes.frames * sizes.input_frame());
        let weight = noise.values(weight_shape.iter().product());
        let bias = noise.values(weight_shape[0]);
        let gradient = noise.values(sizes.frames * sizes.output_frame());
        assert_independent_of_threads(&format!("{shape:?} by {weight_shape:?}"), || {
            let results = [
                super::forward(&sizes, &input, &weight, &bias),
                super::input_gradient(&sizes, &gradient, &weight),
                super::weight_gradient(&sizes, &input, &gradient),
                super::bias_gradient([sizes.frames, weight_shape[0]], &gradient),
            ];
            results.concat()
        });
    }
}
