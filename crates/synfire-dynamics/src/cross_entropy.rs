//! Cross-entropy, the usual loss of classes.

use crate::backend::{EntropyBackend, has_product};
use burn::backend::Dispatch;
use burn::tensor::activation::log_softmax;
use burn::tensor::{Int, Tensor};

/// Cross-entropy between the softmax of scores and the class of each sample, mean over samples and steps.
///
/// On CPUs (flex and ndarray in `f32`) this is one operation of the autodiff graph, with the roundings of Burn's operations;
/// any other backend and type takes those.
///
/// # Shapes
///
/// - scores `[S, B, C]`, classes `[B]`
/// - output `[1]`
///
/// # Panics
///
/// As Burn's operations, if the shapes do not fit together.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use synfire_dynamics::cross_entropy;
///
/// let device = Device::default();
/// let scores = Tensor::from_floats([[[0.0, 0.0], [3.0, 3.0]]], &device);
/// let loss = cross_entropy(scores, Tensor::from_ints([0, 1], &device));
/// assert_eq!(loss.into_scalar::<f32>(), 2f32.ln());
/// ```
#[must_use]
pub fn cross_entropy(scores: Tensor<3>, classes: Tensor<1, Int>) -> Tensor<1> {
    let [steps, samples, outputs] = scores.dims();
    if has_product(&scores) && classes.dims() == [samples] && steps * samples * outputs > 0 {
        return Tensor::from_dispatch(Dispatch::cross_entropy(scores.into_dispatch(), classes.into_dispatch()));
    }
    by_operations(scores, classes)
}

/// The loss by tensor operations.
fn by_operations(scores: Tensor<3>, classes: Tensor<1, Int>) -> Tensor<1> {
    let [steps, samples, _] = scores.dims();
    let right = classes.reshape([1, samples, 1]).expand([steps, samples, 1]);
    -log_softmax(scores, 2).gather(2, right).mean()
}

#[cfg(all(test, feature = "flex", feature = "ndarray"))]
#[allow(deprecated)]
mod tests {
    use super::*;
    use crate::testing::Noise;
    use burn::tensor::{Device, TensorData};

    /// Bits of the loss and of the gradient of the scores.
    fn bits(
        loss: impl Fn(Tensor<3>, Tensor<1, Int>) -> Tensor<1>,
        dims: [usize; 3],
        factor: f32,
        device: &Device,
    ) -> [Vec<u32>; 2] {
        let [_, samples, outputs] = dims;
        let values = Noise::new(1).values(dims.iter().product()).into_iter().map(|x| 20.0 * x);
        let scores = Tensor::<3>::from_data(TensorData::new(values.collect(), dims), device).require_grad();
        let classes: Vec<i32> = (0..samples).map(|sample| (7 * sample % outputs) as i32).collect();
        let loss = loss(scores.clone(), Tensor::from_ints(&classes[..], device));
        let gradients = (loss.clone() * factor).backward();
        let bits = |data: TensorData| data.iter::<f32>().map(f32::to_bits).collect();
        [bits(loss.into_data()), bits(scores.grad(&gradients).expect("a gradient").into_data())]
    }

    #[test]
    fn loss_and_gradient_have_the_bits_of_burns_operations() {
        for device in [Device::flex(), Device::ndarray()].map(Device::autodiff) {
            for dims in [[1, 1, 10], [1, 128, 10], [25, 3, 7], [3, 2, 1]] {
                for factor in [1.0, -0.3, 1024.0] {
                    let own = bits(cross_entropy, dims, factor, &device);
                    assert_eq!(
                        own,
                        bits(by_operations, dims, factor, &device),
                        "{dims:?} times {factor} on {device:?}"
                    );
                }
            }
        }
    }

    #[test]
    fn scores_without_a_gradient_have_a_loss() {
        for device in [Device::flex(), Device::ndarray()] {
            let scores = Tensor::<3>::zeros([1, 2, 4], &device);
            let loss: f32 = cross_entropy(scores, Tensor::from_ints([0, 3], &device)).into_scalar();
            assert_eq!(loss, 4f32.ln());
        }
    }
}
