//! Convolutions of pictures.

use crate::Window2d;
use crate::backend::{ConvBackend, has_product};
use crate::window::Convolution;
use burn::backend::Dispatch;
use burn::tensor::Tensor;
use burn::tensor::module::conv2d as burn_conv2d;
use burn::tensor::ops::ConvOptions;

/// Convolution of pictures (cross-correlation, as usual): each channel of the result is the sum of the input
/// channels of its group, weighted by a kernel that moves over them, and a bias.
///
/// On CPUs (flex and ndarray in `f32`) this is one operation that works on a few frames at a time; it keeps
/// input and weights for the way back, and its result does not depend on the number of threads. Any other
/// backend and type takes Burn's operation.
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
    let outputs = weight.dims()[0];
    let of_one_type = input.dtype() == weight.dtype() && bias.as_ref().is_none_or(|b| b.dtype() == input.dtype());
    let sizes = Convolution::new(input.dims(), weight.dims(), *window, groups)
        .filter(|_| has_product(&input) && of_one_type && bias.as_ref().is_none_or(|b| b.dims() == [outputs]));
    let Some(sizes) = sizes else {
        // what does not fit together is Burn's to refuse
        let padding = window.padding.map(|[before, after]| (before, after));
        let options = ConvOptions::new_with_padding(window.stride, padding, window.dilation, groups);
        return burn_conv2d(input, weight, bias, options);
    };
    let bias = bias.unwrap_or_else(|| Tensor::zeros([outputs], &input.device().inner()));
    let [input, weight] = [input, weight].map(Tensor::into_dispatch);
    Tensor::from_dispatch(Dispatch::convolution(input, weight, bias.into_dispatch(), sizes))
}
