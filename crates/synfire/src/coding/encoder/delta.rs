//! Spikes where a signal changes.

use super::{Encode, NullEncoder, Signal, Source, Window};
use crate::Error;
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Delta modulation of samples that are signals, `[T, ..]` flattened: at each step 1 where a signal has grown by more than
/// `threshold` since the step before, -1 (or 0, without `off_spikes`) where it has fallen by more. The first step is
/// compared with 0.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delta {
    /// Change that makes a spike, above 0.
    pub threshold: f32,
    /// Whether a fall is a spike of -1.
    pub off_spikes: bool,
}

impl Default for Delta {
    fn default() -> Self {
        Delta { threshold: 0.1, off_spikes: true }
    }
}

impl Named for Delta {
    const NAME: &'static str = "delta";
    const ABOUT: &'static str = "spikes where a signal changes";
}

impl Encode for Delta {
    fn check(&self) -> Result<(), BadSetting> {
        BadSetting::unless_above_zero("threshold", self.threshold, "a change")
    }

    fn inputs(&self, features: usize, window: Window) -> Result<usize, String> {
        NullEncoder {}.inputs(features, window)
    }

    fn encode(&self, source: Source, window: Window, seed: u64) -> Result<Signal, Error> {
        let signal = NullEncoder {}.encode(source, window, seed)?.values;
        let [_, batch, inputs] = signal.dims();
        let zero = Tensor::zeros([1, batch, inputs], &signal.device());
        let before = match window.steps {
            1 => zero,
            steps => Tensor::cat(vec![zero, signal.clone().narrow(0, 0, steps - 1)], 0),
        };
        let change = signal - before;
        let rises = change.clone().greater_scalar(self.threshold).float();
        Ok(match self.off_spikes {
            true => rises - change.lower_scalar(-self.threshold).float(),
            false => rises,
        }
        .into())
    }
}
