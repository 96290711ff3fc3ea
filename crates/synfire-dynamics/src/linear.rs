//! The linear map of all-to-all connections.

use crate::Spikes;
use crate::backend::{LinearBackend, has_product};
use burn::backend::Dispatch;
use burn::tensor::Tensor;

/// Linear map of a batch of activations, `x W + b`.
///
/// On CPUs (flex and ndarray in `f32`) this is one operation of the autodiff graph, which keeps input and weights
/// for its gradients. Where most inputs are zero, as spikes are, zeros are skipped, so that the cost is
/// proportional to the number of spikes. The result does not depend on the number of threads. Other backends and
/// types use Burn's operations.
///
/// # Shapes
///
/// - input `[.., K]`, weight `[K, N]`, bias `[N]`
/// - output `[.., N]`
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use synfire_dynamics::linear;
///
/// let device = Device::default();
/// let spikes = Tensor::<2>::from_floats([[1.0, 0.0, 1.0]], &device);
/// let weight = Tensor::from_floats([[1.0, 2.0], [10.0, 20.0], [100.0, 200.0]], &device);
/// let current = linear(spikes, weight, Some(Tensor::from_floats([0.5, 0.25], &device)));
/// let current: Vec<f32> = current.into_data().try_into_vec().unwrap();
/// assert_eq!(current, [101.5, 202.25]);
/// ```
#[must_use]
pub fn linear<const D: usize>(input: Tensor<D>, weight: Tensor<2>, bias: Option<Tensor<1>>) -> Tensor<D> {
    let (mut dims, [inputs, outputs]) = (input.dims(), weight.dims());
    let (rows, inner) = (dims[..D - 1].iter().product::<usize>(), dims[D - 1]);
    let of_one_type = input.dtype() == weight.dtype() && bias.as_ref().is_none_or(|b| b.dtype() == input.dtype());
    // shapes that do not fit are left to Burn's own error message
    let fits = inner == inputs && bias.as_ref().is_none_or(|b| b.dims() == [outputs]) && rows * inner * outputs > 0;
    if !(has_product(&input) && of_one_type && fits) {
        let product = input.reshape([rows, inner]).matmul(weight);
        let output = match bias {
            Some(bias) => product + bias.unsqueeze(),
            None => product,
        };
        [_, dims[D - 1]] = output.dims();
        return output.reshape(dims);
    }
    let bias = bias.unwrap_or_else(|| Tensor::zeros([outputs], &input.device().inner()));
    Tensor::from_dispatch(Dispatch::linear_forward(input.into_dispatch(), weight.into_dispatch(), bias.into_dispatch()))
}

/// Linear map of spikes, `x W + b`, as [`linear`] of their tensor.
///
/// # Shapes
///
/// - spikes `[T, B, K]`, weight `[K, N]`, bias `[N]`
/// - output `[T, B, N]`
///
/// # Panics
///
/// As Burn's operations, if the shapes do not fit together.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use synfire_dynamics::{CounterRng, Spikes, linear_spikes};
///
/// let device = Device::default();
/// let spikes = CounterRng::new(0).spikes([2, 1, 2], &[1.0, 0.0], |_| true);
/// let weight = Tensor::from_floats([[1.0], [10.0]], &device);
/// let current: Vec<f32> = linear_spikes(Spikes::new(spikes, &device), weight, None).into_data().try_into_vec().unwrap();
/// assert_eq!(current, [1.0, 1.0]);
/// ```
#[must_use]
pub fn linear_spikes(spikes: Spikes, weight: Tensor<2>, bias: Option<Tensor<1>>) -> Tensor<3> {
    let ([steps, samples, inner], [inputs, outputs]) = (spikes.dims(), weight.dims());
    let fits = inner == inputs && bias.as_ref().is_none_or(|b| b.dims() == [outputs] && b.dtype() == weight.dtype());
    match has_product(&weight) && fits && steps * samples * inner * outputs > 0 {
        true => {
            let bias = bias.unwrap_or_else(|| Tensor::zeros([outputs], &weight.device().inner()));
            let (bits, place, outlet) = spikes.into_parts();
            let [weight, bias] = [weight.into_dispatch(), bias.into_dispatch()];
            Tensor::from_dispatch(Dispatch::linear_spikes(place.into_dispatch(), weight, bias, bits, outlet))
        }
        false => linear(spikes.tensor().cast(weight.dtype()), weight, bias),
    }
}
