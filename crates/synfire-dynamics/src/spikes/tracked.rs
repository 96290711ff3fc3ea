//! Spikes of a layer, with their place in the autodiff graph.

use super::{Outlet, SpikeBits};
use crate::backend::SpikesBackend;
use burn::backend::Dispatch;
use burn::tensor::{Device, Tensor};

/// Spikes of a layer as bits, with their place in the autodiff graph: [`linear_spikes`](crate::linear_spikes) and
/// [`conv2d_spikes`](crate::conv2d_spikes) multiply by them without a tensor of them. Gradients flow back to the layer.
#[derive(Clone, Debug)]
pub struct Spikes {
    bits: SpikeBits,
    /// A single value in place of the spikes; its gradient is theirs, `[T, B, N]`, but for what comes back to the outlet.
    place: Tensor<3>,
    outlet: Outlet,
}

impl Spikes {
    /// Spikes without a gradient, for a device.
    #[must_use]
    pub fn new(bits: SpikeBits, device: &Device) -> Self {
        Spikes { bits, place: Tensor::zeros([1, 1, 1], &device.clone().inner()), outlet: Outlet::default() }
    }

    pub(crate) fn tracked(bits: SpikeBits, place: Tensor<3>, outlet: Outlet) -> Self {
        Spikes { bits, place, outlet }
    }

    /// Steps, samples and neurons.
    #[must_use]
    pub fn dims(&self) -> [usize; 3] {
        self.bits.dims()
    }

    /// The spikes alone.
    #[must_use]
    pub fn bits(&self) -> &SpikeBits {
        &self.bits
    }

    /// The spikes as a tensor of 0 and 1, `[T, B, N]`, with their gradient.
    ///
    /// ```
    /// use burn::tensor::Device;
    /// use synfire_dynamics::{CounterRng, Spikes};
    ///
    /// let bits = CounterRng::new(0).spikes([2, 1, 2], &[1.0, 0.0], |_| true);
    /// let values: Vec<f32> = Spikes::new(bits, &Device::default()).tensor().into_data().try_into_vec().unwrap();
    /// assert_eq!(values, [1.0, 0.0, 1.0, 0.0]);
    /// ```
    #[must_use]
    pub fn tensor(self) -> Tensor<3> {
        if !self.place.is_tracked() {
            return self.bits.tensor(&self.place.device());
        }
        Tensor::from_dispatch(Dispatch::spikes_values(self.place.into_dispatch(), self.bits))
    }

    pub(crate) fn into_parts(self) -> (SpikeBits, Tensor<3>, Outlet) {
        (self.bits, self.place, self.outlet)
    }
}
