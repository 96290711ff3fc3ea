//! Firing rates in a range.

use super::{Regularize, check_weight};
use crate::coding::precision::single;
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Mean over the neurons of the squared distance of their firing rates from a range. A rate is the mean output over time
/// and batch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FiringRate {
    /// Pattern of the layers' names.
    pub layers: String,
    /// Lowest rate of the range, in spikes per step.
    pub low: f32,
    /// Highest rate of the range, in spikes per step, not below `low`.
    pub high: f32,
    /// Weight in the loss, above 0.
    pub weight: f32,
}

impl Default for FiringRate {
    fn default() -> Self {
        FiringRate { layers: "*".to_string(), low: 0.02, high: 0.5, weight: 1.0 }
    }
}

impl Named for FiringRate {
    const NAME: &'static str = "firing_rate";
    const ABOUT: &'static str = "keeps each neuron's firing rate in a range";
}

impl Regularize for FiringRate {
    fn check(&self) -> Result<(), BadSetting> {
        check_weight(self.weight)?;
        match self.low >= 0.0 && self.high >= self.low && self.high.is_finite() {
            true => Ok(()),
            false => Err(BadSetting::of(
                "low",
                format!("is {}, `high` {}; expected rates of 0 or more, the higher one last", self.low, self.high),
            )),
        }
    }

    fn layers(&self) -> &str {
        &self.layers
    }

    fn penalty(&self, output: Tensor<3>) -> Tensor<1> {
        let rate = single(output).mean_dim(0).mean_dim(1);
        let below = (-rate.clone() + self.low).clamp_min(0.0);
        let above = (rate - self.high).clamp_min(0.0);
        (below + above).square().mean() * self.weight
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::Device;

    #[test]
    fn only_rates_out_of_the_range_cost() {
        // rates of 0, 0.5 and 1
        let output = Tensor::<3>::from_floats([[[0.0, 1.0, 1.0]], [[0.0, 0.0, 1.0]]], &Device::default());
        let keep = FiringRate { low: 0.1, high: 0.6, weight: 3.0, ..FiringRate::default() };
        let penalty: f32 = keep.penalty(output).into_scalar();
        // 3 (0.1^2 + 0.4^2) / 3
        assert!((penalty - 0.17).abs() < 1e-6, "{penalty}");
    }
}
