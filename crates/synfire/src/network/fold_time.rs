//! Modules that know nothing of time.

use burn::tensor::Tensor;

/// Applies to every step what knows nothing of time, any module of Burn: time is folded into the batch, so that it
/// runs once.
///
/// ```
/// use burn::nn::LayerNormConfig;
/// use burn::tensor::{Device, Tensor};
/// use synfire::network::fold_time;
///
/// let device = Device::default();
/// let norm = LayerNormConfig::new(10).init(&device);
/// let spikes = Tensor::<3>::ones([25, 4, 10], &device);               // [T, B, N]
/// let current = fold_time(spikes, |x: Tensor<2>| norm.forward(x));    // and back
/// assert_eq!(current.dims(), [25, 4, 10]);
/// ```
///
/// # Shapes
///
/// - input `[T, B, ..]`, rank `N`
/// - `f` from `[T * B, ..]`, rank `N - 1`, to `[T * B, ..]`, rank `M - 1`
/// - output `[T, B, ..]`, rank `M`
///
/// # Panics
///
/// If the ranks do not fit, or `f` changes the size of the batch.
pub fn fold_time<const N: usize, const F: usize, const G: usize, const M: usize>(
    input: Tensor<N>,
    f: impl FnOnce(Tensor<F>) -> Tensor<G>,
) -> Tensor<M> {
    assert!(
        N == F + 1 && M == G + 1,
        "from [T, B, ..] of rank {N} to rank {F}, and from {G} to {M}: expected one less"
    );
    let dims = input.dims();
    let mut folded = [0; F];
    folded[0] = dims[0] * dims[1];
    folded[1..].copy_from_slice(&dims[2..]);
    let output = f(input.reshape(folded));
    let after = output.dims();
    assert_eq!(after[0], folded[0], "a module made {} samples of {}", after[0], folded[0]);
    let mut unfolded = [0; M];
    unfolded[..2].copy_from_slice(&dims[..2]);
    unfolded[2..].copy_from_slice(&after[1..]);
    output.reshape(unfolded)
}
