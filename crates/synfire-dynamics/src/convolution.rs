//! Convolutions of pictures.

use crate::backend::{ConvBackend, has_product, reads_spikes};
use crate::window::{Convolution, Pool};
use crate::{Spikes, Window2d, max_pool2d};
use burn::backend::Dispatch;
use burn::tensor::Tensor;
use burn::tensor::module::conv2d as burn_conv2d;
use burn::tensor::ops::ConvOptions;

/// Convolution of pictures (cross-correlation, as usual): each channel of the result is the sum of the input
/// channels of its group, weighted by a kernel that moves over them, and a bias.
///
/// On CPUs (flex and ndarray in `f32`) this is one operation that works on a few frames at a time; its result does
/// not depend on the number of threads. Where most inputs are zero, as spikes are, and the stride is 1, only the others
/// are multiplied. Any other backend and type takes Burn's operation.
///
/// # Shapes
///
/// - input `[N, C, H, W]`, weight `[O, C / groups, kh, kw]`, bias `[O]`
/// - output `[N, O, oh, ow]`, height and width as [`Window2d::output`] has them
///
/// # Panics
///
/// As Burn's operation, if the shapes do not fit together.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use synfire_dynamics::{Window2d, conv2d};
///
/// let device = Device::default();
/// let picture = Tensor::from_floats([[[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]], &device);
/// let edges = Tensor::from_floats([[[[-1.0, 1.0]]]], &device);
/// let slopes = conv2d(picture, edges, None, &Window2d::new([1, 2]), 1);
/// assert_eq!(slopes.dims(), [1, 1, 2, 2]);
/// let slopes: Vec<f32> = slopes.into_data().try_into_vec().unwrap();
/// assert_eq!(slopes, [1.0, 1.0, 1.0, 1.0]);
/// ```
#[must_use]
pub fn conv2d(
    input: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    window: &Window2d,
    groups: usize,
) -> Tensor<4> {
    match fitting(&input, &weight, bias.as_ref(), window, groups) {
        Some(sizes) => run(input, weight, bias, sizes, None),
        None => {
            // what does not fit together is Burn's to refuse
            let padding = window.padding.map(|[before, after]| (before, after));
            let options = ConvOptions::new_with_padding(window.stride, padding, window.dilation, groups);
            burn_conv2d(input, weight, bias, options)
        }
    }
}

/// Largest value that a pool's window sees of a convolution: [`max_pool2d`] of [`conv2d`].
///
/// On CPUs (flex and ndarray in `f32`), where most inputs are zero and the windows of the pool lie side by side, this
/// is one operation: each result of the convolution is pooled in cache and never written. The gradient goes to the
/// first of equal values, as in [`max_pool2d`]. Anywhere else it is the two operations.
///
/// # Shapes
///
/// - input `[N, C, H, W]`, weight `[O, C / groups, kh, kw]`, bias `[O]`
/// - output `[N, O, ph, pw]`, height and width as [`Window2d::output`] of `pool` has them for those of `window`
///
/// # Panics
///
/// As Burn's operations, if the shapes do not fit together.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use synfire_dynamics::{Window2d, conv2d_max_pool2d};
///
/// let device = Device::default();
/// let spikes = Tensor::from_floats([[[[0.0, 0.0, 1.0, 0.0, 0.0]]]], &device);
/// let weight = Tensor::from_floats([[[[3.0, 2.0]]]], &device);
/// let pool = Window2d { stride: [1, 2], ..Window2d::new([1, 2]) };
/// let currents = conv2d_max_pool2d(spikes, weight, None, &Window2d::new([1, 2]), 1, &pool);
/// let currents: Vec<f32> = currents.into_data().try_into_vec().unwrap(); // of 0, 2, 3, 0
/// assert_eq!(currents, [2.0, 3.0]);
/// ```
#[must_use]
pub fn conv2d_max_pool2d(
    input: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    window: &Window2d,
    groups: usize,
    pool: &Window2d,
) -> Tensor<4> {
    let sizes = fitting(&input, &weight, bias.as_ref(), window, groups);
    let side_by_side = |sizes: Convolution| Pool::new(sizes.output_shape(), *pool).filter(Pool::is_side_by_side);
    match sizes.and_then(|sizes| Some((sizes, side_by_side(sizes)?))) {
        Some((sizes, pool)) => run(input, weight, bias, sizes, Some(pool)),
        None => max_pool2d(conv2d(input, weight, bias, window, groups), pool),
    }
}

/// As [`conv2d`], or as [`conv2d_max_pool2d`] with a `pool`, for spikes as bits, `picture` being the `[C, H, W]` of a sample.
///
/// On CPUs (flex and ndarray in `f32`) no tensor of them is made where there is a kernel for them; see
/// [`conv2d_reads_spikes`].
///
/// # Shapes
///
/// - spikes `[T, B, C H W]`, weight `[O, C / groups, kh, kw]`, bias `[O]`
/// - output `[T B, O, oh, ow]`, or `[T B, O, ph, pw]`
///
/// # Panics
///
/// As [`conv2d`], or if the neurons are no picture of this size.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use synfire_dynamics::{CounterRng, Spikes, Window2d, conv2d_spikes};
///
/// let device = Device::default();
/// let spikes = CounterRng::new(0).spikes([1, 1, 3], &[1.0, 0.0, 1.0], |_| true);
/// let weight = Tensor::from_floats([[[[3.0, 2.0]]]], &device);
/// let spikes = Spikes::new(spikes, &device);
/// let currents = conv2d_spikes(spikes, [1, 1, 3], weight, None, &Window2d::new([1, 2]), 1, None);
/// let currents: Vec<f32> = currents.into_data().try_into_vec().unwrap();
/// assert_eq!(currents, [3.0, 2.0]);
/// ```
#[must_use]
pub fn conv2d_spikes(
    spikes: Spikes,
    [channels, height, width]: [usize; 3],
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    window: &Window2d,
    groups: usize,
    pool: Option<&Window2d>,
) -> Tensor<4> {
    let [steps, samples, neurons] = spikes.dims();
    assert_eq!(neurons, channels * height * width, "spikes of another picture than [{channels}, {height}, {width}]");
    let shape = [steps * samples, channels, height, width];
    let has_bias = |bias: &Tensor<1>| bias.dims() == [weight.dims()[0]] && bias.dtype() == weight.dtype();
    let fits = has_product(&weight) && bias.as_ref().is_none_or(has_bias);
    let sizes = Convolution::new(shape, weight.dims(), *window, groups).filter(|_| fits);
    let pooled = |sizes: &Convolution| match pool {
        Some(pool) => Pool::new(sizes.output_shape(), *pool).filter(Pool::is_side_by_side).map(Some),
        None => Some(None),
    };
    let Some((sizes, pool)) = sizes.and_then(|sizes| Some((sizes, pooled(&sizes)?))) else {
        let frames = spikes.tensor().cast(weight.dtype()).reshape(shape);
        return match pool {
            Some(pool) => conv2d_max_pool2d(frames, weight, bias, window, groups, pool),
            None => conv2d(frames, weight, bias, window, groups),
        };
    };
    let bias = bias.unwrap_or_else(|| Tensor::zeros([weight.dims()[0]], &weight.device().inner()));
    let (bits, place, _) = spikes.into_parts();
    let [weight, bias] = [weight.into_dispatch(), bias.into_dispatch()];
    Tensor::from_dispatch(Dispatch::convolution_of_spikes(place.into_dispatch(), weight, bias, bits, sizes, pool))
}

/// Whether [`conv2d_spikes`] has a kernel for pictures `[C, H, W]` and weights `[O, C / groups, kh, kw]` on CPUs:
/// for strides and dilations of 1, kernels 3, 5 or 7 wide and at least eight output channels.
#[must_use]
pub fn conv2d_reads_spikes(
    [channels, height, width]: [usize; 3],
    weight: [usize; 4],
    window: &Window2d,
    groups: usize,
) -> bool {
    Convolution::new([1, channels, height, width], weight, *window, groups).is_some_and(|sizes| reads_spikes(&sizes))
}

/// Sizes of a convolution that the engine has kernels for.
fn fitting(
    input: &Tensor<4>,
    weight: &Tensor<4>,
    bias: Option<&Tensor<1>>,
    window: &Window2d,
    groups: usize,
) -> Option<Convolution> {
    let of_one_type = input.dtype() == weight.dtype() && bias.is_none_or(|b| b.dtype() == input.dtype());
    let fits = has_product(input) && of_one_type && bias.is_none_or(|b| b.dims() == [weight.dims()[0]]);
    Convolution::new(input.dims(), weight.dims(), *window, groups).filter(|_| fits)
}

fn run(
    input: Tensor<4>,
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    sizes: Convolution,
    pool: Option<Pool>,
) -> Tensor<4> {
    let bias = bias.unwrap_or_else(|| Tensor::zeros([weight.dims()[0]], &input.device().inner()));
    let [input, weight] = [input, weight].map(Tensor::into_dispatch);
    Tensor::from_dispatch(Dispatch::convolution(input, weight, bias.into_dispatch(), sizes, pool))
}
