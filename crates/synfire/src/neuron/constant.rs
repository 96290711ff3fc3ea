//! Input that is the same at every step.

use super::Neurons;
use burn::tensor::Tensor;

/// A tensor `[B, ..]` for which one with an axis of time in front, `[T, B, ..]`, can be named.
///
/// Implemented for tensors of rank 2 to 7. It spares callers the annotation of the rank of a result.
pub trait OverTime: Sized {
    /// The tensor with one more axis.
    type Output;

    #[doc(hidden)]
    fn flatten(self) -> Tensor<2>;

    #[doc(hidden)]
    fn unflatten(output: Tensor<3>, sample: &[usize]) -> Self::Output;
}

macro_rules! over_time {
    ($($rank:literal to $more:literal),*) => {
        $( impl OverTime for Tensor<$rank> {
            type Output = Tensor<$more>;

            fn flatten(self) -> Tensor<2> {
                self.flatten(1, $rank - 1)
            }

            fn unflatten(output: Tensor<3>, sample: &[usize]) -> Tensor<$more> {
                let [steps, batch, _] = output.dims();
                let mut dims = [steps; $more];
                dims[1] = batch;
                dims[2..].copy_from_slice(sample);
                output.reshape(dims)
            }
        } )*
    };
}

over_time!(2 to 3, 3 to 4, 4 to 5, 5 to 6, 6 to 7, 7 to 8);

impl Neurons {
    /// Runs over `steps` steps with the same input at each, from the [start](Self::start) of a sample.
    ///
    /// The input is kept once, not `steps` times: a direct code (an image, convolved once) costs no more
    /// memory than the image.
    ///
    /// ```
    /// use burn::tensor::{Device, Tensor};
    /// use synfire::neuron::PlifConfig;
    ///
    /// let device = Device::default();
    /// let neurons = PlifConfig::new().init(&[3, 8, 8], &device);
    /// let current = Tensor::<4>::ones([4, 3, 8, 8], &device); // [B, C, H, W]
    /// let spikes = neurons.forward_constant(current, 25);
    /// assert_eq!(spikes.dims(), [25, 4, 3, 8, 8]);
    /// ```
    ///
    /// # Shapes
    ///
    /// - input current `[B, ..]`, where `..` is the layer's shape (or flattened to one axis)
    /// - output `[T, B, ..]`, spikes 0 or 1, or the model's graded output; `T` is `steps`
    ///
    /// # Panics
    ///
    /// As [`forward`](Self::forward), or if `steps` is 0.
    #[must_use]
    pub fn forward_constant<const N: usize>(&self, current: Tensor<N>, steps: usize) -> <Tensor<N> as OverTime>::Output
    where
        Tensor<N>: OverTime,
    {
        let dims = current.dims();
        self.check_sample(&dims[1..], &format!("{dims:?}; expected [B, ..]"));
        let [batch, neurons] = [dims[0], self.shape().iter().product()];
        let row = OverTime::flatten(current).reshape([1, batch, neurons]);
        let output = self.run_or_panic(row, steps, None).output;
        <Tensor<N> as OverTime>::unflatten(output, &dims[1..])
    }
}

#[cfg(test)]
mod tests {
    use crate::neuron::LifConfig;
    use burn::tensor::{Device, Distribution, Tensor};

    #[test]
    fn a_constant_input_is_that_input_at_every_step() {
        let device = Device::flex().autodiff();
        let neurons = LifConfig::new().init(&[2, 3], &device);
        let gradient = |constant: bool| {
            let input = Tensor::<3>::random([4, 2, 3], Distribution::Default, &device);
            let input = (input * 0.0 + 0.4).detach().require_grad();
            let spikes: Tensor<4> = match constant {
                true => neurons.forward_constant(input.clone(), 5),
                false => neurons.forward(input.clone().unsqueeze::<4>().repeat_dim(0, 5)),
            };
            assert_eq!(spikes.dims(), [5, 4, 2, 3]);
            let gradients = (spikes.clone() * 2.0).sum().backward();
            let data = [spikes.into_data(), input.grad(&gradients).unwrap().into_data()];
            data.map(|data| data.try_into_vec::<f32>().unwrap())
        };
        assert_eq!(gradient(true), gradient(false));
    }

    #[test]
    #[should_panic(expected = "shape [2, 3] was given a current of shape [4, 2, 2]; expected [B, ..]")]
    fn a_wrong_shape_is_named() {
        let device = Device::flex();
        let neurons = LifConfig::new().init(&[2, 3], &device);
        let _ = neurons.forward_constant(Tensor::<3>::zeros([4, 2, 2], &device), 5);
    }
}
