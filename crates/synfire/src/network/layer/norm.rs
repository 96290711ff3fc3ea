//! Normalisation of each sample by itself.

use super::{AnyLayer, LayerKind, NetworkInfo, PerStep, Site};
use crate::Error;
use crate::network::Shape;
use crate::registry::{BadSetting, Named};
use burn::nn::{GroupNormConfig, LayerNormConfig};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Normalises the values of a sample in a step by their mean and variance, with a learned scale and offset for each:
/// `layer_norm = true` (Ba et al. 2016, Layer normalization).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerNorm {
    /// Added to the variance, above 0.
    pub epsilon: f32,
}

impl Default for LayerNorm {
    fn default() -> Self {
        LayerNorm { epsilon: 1e-5 }
    }
}

impl Named for LayerNorm {
    const NAME: &'static str = "layer_norm";
    const ABOUT: &'static str = "normalises the values of a sample in a step";
}

impl LayerKind for LayerNorm {
    fn check(&self) -> Result<(), BadSetting> {
        BadSetting::unless_above_zero("epsilon", self.epsilon, "a variance")
    }

    fn output_shape(&self, input: &Shape, _: NetworkInfo) -> Result<Shape, String> {
        Ok(input.clone())
    }

    fn build(&self, site: &mut Site<'_>) -> Result<AnyLayer, Error> {
        let values = site.input.size();
        let module = LayerNormConfig::new(values).with_epsilon(f64::from(self.epsilon)).init(site.device);
        let about = format!("{} {values}", Self::NAME);
        PerStep::layer(module, site.input, &about, |module: &burn::nn::LayerNorm, x: Tensor<2>| module.forward(x))
    }
}

/// Normalises each group of channels of a sample in a step by its mean and variance, with a learned scale and offset
/// for each channel: `group_norm = 4` (Wu and He 2018, Group normalization).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupNorm {
    /// Groups of channels, at least 1; divides the channels.
    pub groups: usize,
    /// Added to the variance, above 0.
    pub epsilon: f32,
}

impl Default for GroupNorm {
    fn default() -> Self {
        GroupNorm { groups: 1, epsilon: 1e-5 }
    }
}

impl Named for GroupNorm {
    const NAME: &'static str = "group_norm";
    const ABOUT: &'static str = "normalises groups of channels of a sample in a step";
    const PRINCIPAL: Option<&'static str> = Some("groups");
}

impl LayerKind for GroupNorm {
    fn check(&self) -> Result<(), BadSetting> {
        BadSetting::unless(self.groups > 0, "groups", self.groups, "at least 1")?;
        BadSetting::unless_above_zero("epsilon", self.epsilon, "a variance")
    }

    fn output_shape(&self, input: &Shape, _: NetworkInfo) -> Result<Shape, String> {
        match input.channels() % self.groups {
            0 => Ok(input.clone()),
            _ => Err(format!(
                "has {} groups and is given {} channels; expected a divisor",
                self.groups,
                input.channels()
            )),
        }
    }

    fn build(&self, site: &mut Site<'_>) -> Result<AnyLayer, Error> {
        let (channels, positions) = (site.input.channels(), site.input.positions());
        let config = GroupNormConfig::new(self.groups, channels).with_epsilon(f64::from(self.epsilon));
        let about = format!("{} {channels} in {}", Self::NAME, self.groups);
        PerStep::layer(
            config.init(site.device),
            site.input,
            &about,
            move |module: &burn::nn::GroupNorm, x: Tensor<2>| {
                let [frames, values] = x.dims();
                let normed: Tensor<3> = module.forward(x.reshape([frames, channels, positions]));
                normed.reshape([frames, values])
            },
        )
    }
}
