//! Leading axes, time and batch, folded into one.

use burn::tensor::Tensor;

/// Applies `f` to `[M, C, H, W]`, all axes before the last three folded into `M`, and unfolds the result.
///
/// # Panics
///
/// If the input has less than four axes.
pub(super) fn over_frames<const D: usize>(input: Tensor<D>, f: impl FnOnce(Tensor<4>) -> Tensor<4>) -> Tensor<D> {
    let mut dims = input.dims();
    assert!(D >= 4, "a convolution was given a tensor of shape {dims:?}; expected [.., C, H, W], a batch in front");
    let frames = dims[..D - 3].iter().product();
    let output = f(input.reshape([frames, dims[D - 3], dims[D - 2], dims[D - 1]]));
    dims[D - 3..].copy_from_slice(&output.dims()[1..]);
    output.reshape(dims)
}
