//! Batch normalisation, in training and after.

use crate::backend::{NormBackend, has_product};
use burn::backend::Dispatch;
use burn::tensor::Tensor;
use burn::tensor::module::batch_norm as burn_batch_norm;

/// Normalises each channel by its mean and variance over batch and places:
/// `y = gamma (x - mean) / sqrt(variance + epsilon) + beta`
/// ([Ioffe & Szegedy 2015](https://arxiv.org/abs/1502.03167)).
///
/// Returns `y`, and the means and variances (biased, divided by `M S`), which no gradient flows through; that of
/// `y` takes into account that both depend on the input.
///
/// On CPUs (flex and ndarray in `f32`) this is one operation of two passes over the input, and two on the way back;
/// sums are in `f64` and do not depend on the number of threads. Any other backend and type takes Burn's
/// operations.
///
/// # Shapes
///
/// - input `[M, C, S]`, gamma and beta `[C]`
/// - output `[M, C, S]`, mean and variance `[C]`
///
/// # Panics
///
/// As Burn's operations, if the shapes do not fit together.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use synfire_dynamics::batch_norm;
///
/// let device = Device::default();
/// let input = Tensor::from_floats([[[1.0, 3.0]], [[5.0, 7.0]]], &device);
/// let (output, mean, variance) = batch_norm(input, Tensor::ones([1], &device), Tensor::zeros([1], &device), 0.0);
/// assert_eq!(output.dims(), [2, 1, 2]);
/// assert_eq!((mean.into_scalar::<f32>(), variance.into_scalar::<f32>()), (4.0, 5.0));
/// ```
#[must_use]
pub fn batch_norm(
    input: Tensor<3>,
    gamma: Tensor<1>,
    beta: Tensor<1>,
    epsilon: f32,
) -> (Tensor<3>, Tensor<1>, Tensor<1>) {
    let [m, channels, s] = input.dims();
    let fits = [&gamma, &beta].into_iter().all(|x| x.dims() == [channels] && x.dtype() == input.dtype());
    if fits && has_product(&input) && m * channels * s > 0 {
        let [gamma, beta] = [gamma, beta].map(Tensor::into_dispatch);
        let normed = Dispatch::normalise(input.into_dispatch(), gamma, beta, epsilon);
        let [mean, variance] = [normed.mean, normed.variance].map(Tensor::from_dispatch);
        return (Tensor::from_dispatch(normed.output), mean, variance);
    }
    let of_channels = |x: Tensor<1>| x.reshape([1, channels, 1]);
    let mean = input.clone().mean_dim(2).mean_dim(0);
    let centred = input - mean.clone();
    let variance = centred.clone().square().mean_dim(2).mean_dim(0);
    let scale = of_channels(gamma) / (variance.clone() + epsilon).sqrt();
    let output = centred * scale + of_channels(beta);
    (output, mean.detach().reshape([channels]), variance.detach().reshape([channels]))
}

/// Normalises each channel by a given mean and variance: `y = gamma (x - mean) / sqrt(variance + epsilon) + beta`.
///
/// On CPUs (flex and ndarray in `f32`) without autodiff this is one pass over the input; its results have the bits of
/// Burn's operations, which any other backend and type takes.
///
/// # Shapes
///
/// - input `[M, C, S]`, gamma, beta, mean and variance `[C]`
/// - output `[M, C, S]`
///
/// # Panics
///
/// As Burn's operations, if the shapes do not fit together.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use synfire_dynamics::batch_norm_by;
///
/// let device = Device::default();
/// let of = |value: f32| Tensor::<1>::from_floats([value], &device);
/// let input = Tensor::<3>::from_floats([[[1.0, 3.0]]], &device);
/// let output = batch_norm_by(input, [of(2.0), of(0.5)], [of(1.0), of(4.0)], 0.0);
/// assert_eq!(output.into_data().try_into_vec::<f32>().unwrap(), [0.5, 2.5]);
/// ```
#[must_use]
pub fn batch_norm_by(
    input: Tensor<3>,
    [gamma, beta]: [Tensor<1>; 2],
    [mean, variance]: [Tensor<1>; 2],
    epsilon: f32,
) -> Tensor<3> {
    let [m, channels, s] = input.dims();
    let of_channels = |x: &Tensor<1>| x.dims() == [channels] && x.dtype() == input.dtype();
    let fits = [&gamma, &beta, &mean, &variance].into_iter().all(of_channels);
    if fits && has_product(&input) && !input.device().is_autodiff() && m * channels * s > 0 {
        let [gamma, beta, mean, variance] = [gamma, beta, mean, variance].map(Tensor::into_dispatch);
        let output = Dispatch::normalise_by(input.into_dispatch(), gamma, beta, mean, variance, epsilon);
        return Tensor::from_dispatch(output);
    }
    burn_batch_norm(input, gamma, beta, mean, variance, f64::from(epsilon))
}
