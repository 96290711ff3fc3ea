//! Pools against Burn's own and against what they are by definition.

use crate::testing::{Noise, assert_close, assert_independent_of_threads, devices, tensor, values};
use crate::{Window2d, average_pool2d, max_pool2d, sum_pool2d};
use burn::tensor::module::{avg_pool2d as burn_average, max_pool2d as burn_largest};
use burn::tensor::ops::{AvgPoolOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor};

fn cases() -> Vec<([usize; 4], Window2d)> {
    let pairs = Window2d { stride: [2, 2], ..Window2d::new([2, 2]) };
    let mut cases = vec![([3, 2, 8, 8], pairs), ([2, 3, 7, 9], pairs), ([1, 1, 2, 3], pairs), ([2, 2, 2, 40], pairs)];
    let mut noise = Noise::new(1);
    while cases.len() < 60 {
        let mut pair = |low, high| [noise.integer(low, high), noise.integer(low, high)];
        let (kernel, stride, dilation) = (pair(1, 4), pair(1, 4), pair(1, 2));
        // no window sees padding alone
        let padding = core::array::from_fn(|axis| pair(0, 3).map(|x| x.min(kernel[axis] / 2)));
        let ([n, c], [h, w]) = (pair(1, 3), pair(4, 20));
        let window = Window2d { kernel, stride, padding, dilation };
        if window.output([h, w]).is_some() {
            cases.push(([n, c, h, w], window));
        }
    }
    cases
}

/// Result and gradient.
fn run(pool: impl Fn(Tensor<4>) -> Tensor<4>, input: &Tensor<4>, device: &Device) -> [Vec<f32>; 2] {
    let input = input.clone().require_grad();
    let output = pool(input.clone());
    let upstream = Noise::new(9).tensor(output.dims(), device);
    let gradients = (output.clone() * upstream).sum().backward();
    [values(&output), values(&input.grad(&gradients).expect("a gradient"))]
}

#[track_caller]
fn assert_same(what: &str, ours: [Vec<f32>; 2], burns: [Vec<f32>; 2]) {
    assert_close(&format!("{what}, result"), &ours[0], &burns[0], 1e-5);
    assert_close(&format!("{what}, gradient"), &ours[1], &burns[1], 1e-5);
}

#[test]
fn results_and_gradients_are_those_of_burn() {
    for device in devices() {
        for (shape, window) in cases() {
            let input = Noise::new(2).tensor(shape, &device);
            let padding = window.padding.map(|[before, after]| (before, after));
            let options = MaxPoolOptions::new(window.kernel).with_stride(window.stride).with_padding_pairs(padding);
            let options = options.with_dilation(window.dilation);
            let burns = run(|x| burn_largest(x, options.clone()), &input, &device);
            let what = format!("{shape:?}, {window:?}");
            assert_same(&format!("largest of {what}"), run(|x| max_pool2d(x, &window), &input, &device), burns);
            if window.dilation != [1, 1] {
                continue;
            }
            for include in [true, false] {
                let options = AvgPoolOptions::new(window.kernel).with_stride(window.stride);
                let options = options.with_padding_pairs(padding).with_count_include_pad(include);
                let burns = run(|x| burn_average(x, options.clone()), &input, &device);
                let ours = run(|x| average_pool2d(x, &window, include), &input, &device);
                assert_same(&format!("mean of {what}, padding counts: {include}"), ours, burns.clone());
                if include {
                    let area = (window.kernel[0] * window.kernel[1]) as f32;
                    let sums = burns.map(|x| x.into_iter().map(|x| x * area).collect());
                    assert_same(&format!("sum of {what}"), run(|x| sum_pool2d(x, &window), &input, &device), sums);
                }
            }
        }
    }
}

#[test]
fn kernels_and_tensor_operations_are_the_same() {
    for device in devices() {
        for (shape, window) in cases() {
            let input = Noise::new(3).tensor(shape, &device);
            let fallback = |x: Tensor<4>| crate::pooling::dilated_sums(x, &window);
            let what = format!("{shape:?}, {window:?}");
            assert_same(&what, run(|x| sum_pool2d(x, &window), &input, &device), run(fallback, &input, &device));
            let count = crate::pooling::dilated_sums(input.ones_like(), &window);
            let means = |x: Tensor<4>| fallback(x) / count.clone();
            assert_same(
                &format!("means, {what}"),
                run(|x| average_pool2d(x, &window, false), &input, &device),
                run(means, &input, &device),
            );
        }
    }
}

#[test]
fn the_first_of_equals_wins() {
    for device in devices() {
        let pairs = Window2d { stride: [2, 2], ..Window2d::new([2, 2]) };
        let overlapping = Window2d { stride: [2, 2], padding: [[1, 1]; 2], ..Window2d::new([3, 3]) };
        for (window, winners) in [(pairs, [0, 2, 8, 10]), (overlapping, [0, 1, 4, 10])] {
            let input = [0., 0., 0., 0., 0., 0., 0., 0., 0., -1., 2., 2., 0., -1., 2., 2.];
            let input = tensor(input.to_vec(), [1, 1, 4, 4], &device).require_grad();
            let gradients = max_pool2d(input.clone(), &window).sum().backward();
            let gradient = values(&input.grad(&gradients).expect("a gradient"));
            let found: Vec<usize> = (0..16).filter(|i| gradient[*i] != 0.0).collect();
            assert_eq!(found, winners, "{window:?}");
        }
    }
}

#[test]
fn what_is_not_a_number_and_padding_alone() {
    for device in devices() {
        let input = tensor(vec![1.0, f32::NAN, 3.0, f32::NEG_INFINITY], [1, 1, 1, 4], &device).require_grad();
        let window = Window2d { padding: [[0, 0], [2, 0]], stride: [1, 2], ..Window2d::new([1, 2]) };
        let output = max_pool2d(input.clone(), &window);
        let found = values(&output);
        assert!(found[0] == f32::NEG_INFINITY && found[1].is_nan() && found[2] == 3.0, "{found:?}");
        let gradients = output.sum().backward();
        assert_eq!(values(&input.grad(&gradients).expect("a gradient")), [0.0, 1.0, 1.0, 0.0]);
        assert_eq!(values(&average_pool2d(input.detach(), &window, false))[0], 0.0);
    }
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let (shape, window) = ([60, 30, 9, 8], Window2d { padding: [[1, 1]; 2], ..Window2d::new([3, 3]) });
    let [device, _] = devices();
    let input = Noise::new(4).tensor(shape, &device);
    assert_independent_of_threads("pools", || {
        let pools =
            [run(|x| max_pool2d(x, &window), &input, &device), run(|x| sum_pool2d(x, &window), &input, &device)];
        pools.concat().concat()
    });
}
