//! Outputs weighted by the activity of all neurons at each step.

use super::{Activations, Complex, Decode, Decoded, Reads};
use crate::registry::Named;
use burn::tensor::{Tensor, activation::softmax};
use serde::{Deserialize, Serialize};

/// Outputs weighted by the activity of all neurons at each step.
///
/// ```text
/// score = sum over k of w[k] re[k] / (|r[k]| + 1)    |r| = sqrt(re^2 + im^2)
/// w     = dt softmax over time of the mean of |r| over the neurons
/// ```
///
/// Spikes are read as [complex](super::Complex) values: `re` is the output, `im` the time in steps by which a spike
/// precedes the end of its step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ComplexPhase {}

impl Named for ComplexPhase {
    const NAME: &'static str = "complex_phase";
    const ABOUT: &'static str = "output weighted by the activity of all neurons at that step";
}

impl Decode for ComplexPhase {
    fn reads(&self) -> Reads {
        Reads::SpikeTimes
    }

    fn read(&self, activations: &Activations, _: &[Tensor<1>]) -> Decoded {
        let Complex { re, im } = activations.complex();
        // the root has no gradient at 0
        let size = (re.clone().square() + im.square() + f32::MIN_POSITIVE).sqrt();
        let weight = softmax(size.clone().mean_dim(2), 0) * activations.dt;
        (weight * re / (size + 1.0)).sum_dim(0).into()
    }
}
