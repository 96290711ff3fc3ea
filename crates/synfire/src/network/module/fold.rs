//! Time as a part of the batch.

use burn::tensor::Tensor;

/// Applies what knows no time at every step: time is folded into the batch and out again.
///
/// # Shapes
///
/// - input `[T, B, ..]`, one axis more than `f` takes
/// - `f` from `[T * B, ..]` to `[T * B, ..]`
/// - output `[T, B, ..]`, one axis more than `f` returns
///
/// # Panics
///
/// If the ranks are not one more than those of `f`.
///
/// ```
/// use burn::nn::conv::Conv2dConfig;
/// use burn::tensor::{Device, Tensor};
/// use synfire::network::fold_time;
///
/// let device = Device::default();
/// let convolution = Conv2dConfig::new([1, 4], [3, 3]).init(&device);
/// let spikes = Tensor::<5>::zeros([10, 2, 1, 8, 8], &device); // [T, B, C, H, W]
/// let current: Tensor<5> = fold_time(spikes, |x: Tensor<4>| convolution.forward(x));
/// assert_eq!(current.dims(), [10, 2, 4, 6, 6]);
/// ```
#[must_use]
pub fn fold_time<const N: usize, const I: usize, const O: usize, const M: usize>(
    x: Tensor<N>,
    f: impl FnOnce(Tensor<I>) -> Tensor<O>,
) -> Tensor<M> {
    assert!(N == I + 1 && M == O + 1, "fold_time: ranks {N} and {M}; expected {} and {}", I + 1, O + 1);
    let dims = x.dims();
    let mut folded = [1; I];
    folded.copy_from_slice(&dims[1..]);
    folded[0] *= dims[0];
    let out = f(x.reshape(folded));
    let mut unfolded = [1; M];
    unfolded[1..].copy_from_slice(&out.dims());
    unfolded[..2].copy_from_slice(&dims[..2]);
    out.reshape(unfolded)
}
