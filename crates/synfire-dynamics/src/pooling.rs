//! Pools: one value for all that a window sees.

use crate::Window2d;
use crate::backend::{PoolBackend, has_product};
use crate::window::Pool;
use burn::backend::Dispatch;
use burn::tensor::Tensor;
use burn::tensor::module::{avg_pool2d, conv2d, max_pool2d as burn_max_pool2d};
use burn::tensor::ops::{AvgPoolOptions, ConvOptions, MaxPoolOptions};

/// Largest value that a window sees, `[N, C, H, W]` to `[N, C, oh, ow]`.
///
/// Padding counts as `-inf`. The gradient goes to the first of equal values, row by row, as in PyTorch. On CPUs
/// (flex and ndarray in `f32`) this is one operation that keeps the places of the largest values for the way
/// back; any other backend and type takes Burn's.
///
/// # Panics
///
/// As Burn's operation, if the window does not fit into the padded input.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use synfire_dynamics::{Window2d, max_pool2d};
///
/// let spikes = Tensor::from_floats([[[[0.0, 1.0, 0.0, 0.0], [1.0, 0.0, 0.0, 0.0]]]], &Device::default());
/// let window = Window2d { stride: [2, 2], ..Window2d::new([2, 2]) };
/// let pooled: Vec<f32> = max_pool2d(spikes, &window).into_data().try_into_vec().unwrap();
/// assert_eq!(pooled, [1.0, 0.0]);
/// ```
#[must_use]
pub fn max_pool2d(input: Tensor<4>, window: &Window2d) -> Tensor<4> {
    match Pool::new(input.dims(), *window).filter(|_| has_product(&input)) {
        Some(sizes) => Tensor::from_dispatch(Dispatch::largest_pool(input.into_dispatch(), sizes)),
        None => burn_max_pool2d(
            input,
            MaxPoolOptions::new(window.kernel)
                .with_stride(window.stride)
                .with_padding_pairs(pairs(window))
                .with_dilation(window.dilation),
        ),
    }
}

/// Mean of the values that a window sees, `[N, C, H, W]` to `[N, C, oh, ow]`.
///
/// With `count_include_pad`, padding counts as zeros; without, the mean is that of the values alone (0 where a
/// window has none). On CPUs (flex and ndarray in `f32`) this is one operation; any other backend and type takes
/// Burn's.
///
/// # Panics
///
/// As Burn's operation, if the window does not fit into the padded input.
#[must_use]
pub fn average_pool2d(input: Tensor<4>, window: &Window2d, count_include_pad: bool) -> Tensor<4> {
    let divisor = if count_include_pad { Divisor::Window } else { Divisor::Values };
    if let Some(sizes) = Pool::new(input.dims(), *window).filter(|_| has_product(&input)) {
        return Tensor::from_dispatch(Dispatch::sum_pool(input.into_dispatch(), sizes, divisor));
    }
    if window.dilation == [1, 1] {
        return averages(input, window, count_include_pad);
    }
    let count = match divisor {
        Divisor::Values => dilated_sums(input.ones_like().detach(), window).clamp_min(1.0),
        _ => return dilated_sums(input, window) / area(window),
    };
    dilated_sums(input, window) / count
}

/// Sum of the values that a window sees, `[N, C, H, W]` to `[N, C, oh, ow]`.
///
/// On CPUs (flex and ndarray in `f32`) this is one operation; any other backend and type takes Burn's mean, times
/// the places of the window.
///
/// # Panics
///
/// As Burn's operation, if the window does not fit into the padded input.
#[must_use]
pub fn sum_pool2d(input: Tensor<4>, window: &Window2d) -> Tensor<4> {
    match Pool::new(input.dims(), *window).filter(|_| has_product(&input)) {
        Some(sizes) => Tensor::from_dispatch(Dispatch::sum_pool(input.into_dispatch(), sizes, Divisor::One)),
        None if window.dilation == [1, 1] => averages(input, window, true) * area(window),
        None => dilated_sums(input, window),
    }
}

/// By what a sum of a pool is divided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Divisor {
    /// Nothing: the result is the sum.
    One,
    /// Places of the window, padding included.
    Window,
    /// Places of the window that are not padding.
    Values,
}

fn pairs(window: &Window2d) -> [(usize, usize); 2] {
    window.padding.map(|[before, after]| (before, after))
}

fn area(window: &Window2d) -> f32 {
    (window.kernel[0] * window.kernel[1]) as f32
}

fn averages(input: Tensor<4>, window: &Window2d, count_include_pad: bool) -> Tensor<4> {
    let options = AvgPoolOptions::new(window.kernel).with_stride(window.stride).with_padding_pairs(pairs(window));
    avg_pool2d(input, options.with_count_include_pad(count_include_pad))
}

/// Burn's means have no dilation: a convolution of each plane with ones does.
pub(crate) fn dilated_sums(input: Tensor<4>, window: &Window2d) -> Tensor<4> {
    let ([n, c, h, w], [kh, kw]) = (input.dims(), window.kernel);
    let ones = Tensor::ones([1, 1, kh, kw], (&input.device(), input.dtype()));
    let options = ConvOptions::new_with_padding(window.stride, pairs(window), window.dilation, 1);
    let sums = conv2d(input.reshape([n * c, 1, h, w]), ones, None, options);
    let [_, _, height, width] = sums.dims();
    sums.reshape([n, c, height, width])
}
