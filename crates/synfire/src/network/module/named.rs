//! Modules that configuration files know by name.

use super::ModuleLayer;
use crate::Error;
use crate::registry::{BadSetting, Named, kind};
use burn::module::{Module, ModuleDisplay};
use burn::nn::{BatchNormConfig, LayerNormConfig};
use burn::tensor::{Device, Tensor};
use core::fmt::Debug;
use serde::{Deserialize, Serialize};
use synfire_dynamics::CounterRng;

kind!("module", Transform, [BatchNorm, Dropout, LayerNorm]);

/// A module with settings; implement it with [`Named`] for one of your own, and [`register`] it to use it by name.
pub trait Transform: Debug + Send + Sync {
    /// Refuses settings out of their range.
    ///
    /// # Errors
    ///
    /// The setting, what is wrong with it and what was expected.
    fn check(&self) -> Result<(), BadSetting> {
        Ok(())
    }

    /// Number of outputs for so many inputs: as many, unless it says otherwise.
    ///
    /// # Errors
    ///
    /// Why there cannot be so many inputs.
    fn outputs(&self, inputs: usize) -> Result<usize, String> {
        Ok(inputs)
    }

    /// The module for so many inputs. What it draws at random depends on the seed.
    ///
    /// # Errors
    ///
    /// Why there is none.
    fn init(&self, inputs: usize, seed: u64, device: &Device) -> Result<ModuleLayer, Error>;
}

/// Each number by the mean and variance of its sample's step, with a learned scale and offset (Ba et al. 2016).
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
    const ABOUT: &'static str = "normalises the numbers of a sample in a step";
}

impl Transform for LayerNorm {
    fn check(&self) -> Result<(), BadSetting> {
        BadSetting::unless_above_zero("epsilon", self.epsilon, "a variance")
    }

    fn init(&self, features: usize, _: u64, device: &Device) -> Result<ModuleLayer, Error> {
        let module = LayerNormConfig::new(features).with_epsilon(f64::from(self.epsilon)).init(device);
        ModuleLayer::new(Self::NAME, features, module, |module, x, _| module.forward(x))
    }
}

/// Each number by its mean and variance over the batch and all steps while it trains, and over what it has
/// seen after, with a learned scale and offset (Ioffe and Szegedy 2015).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BatchNorm {
    /// Added to the variance, above 0.
    pub epsilon: f32,
    /// Share of the newest batch in the running mean and variance, 0 to 1.
    pub momentum: f32,
}

impl Default for BatchNorm {
    fn default() -> Self {
        BatchNorm { epsilon: 1e-5, momentum: 0.1 }
    }
}

impl Named for BatchNorm {
    const NAME: &'static str = "batch_norm";
    const ABOUT: &'static str = "normalises each number over the batch and all steps";
}

impl Transform for BatchNorm {
    fn check(&self) -> Result<(), BadSetting> {
        BadSetting::unless_above_zero("epsilon", self.epsilon, "a variance")?;
        match (0.0..=1.0).contains(&self.momentum) {
            true => Ok(()),
            false => Err(BadSetting::of("momentum", format!("is {}; expected 0 to 1", self.momentum))),
        }
    }

    fn init(&self, features: usize, _: u64, device: &Device) -> Result<ModuleLayer, Error> {
        let config = BatchNormConfig::new(features).with_epsilon(f64::from(self.epsilon));
        let module = config.with_momentum(f64::from(self.momentum)).init(device);
        ModuleLayer::new(Self::NAME, features, module, |module, x, _| module.forward(x))
    }
}

/// Numbers are 0 at random while the network trains, and the others larger in turn (Srivastava et al. 2014).
///
/// They are drawn anew for each step and sample; of an input that stays the same over time once for all steps.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Dropout {
    /// Share of the numbers, 0 to below 1.
    pub probability: f32,
}

impl Default for Dropout {
    fn default() -> Self {
        Dropout { probability: 0.5 }
    }
}

impl Named for Dropout {
    const NAME: &'static str = "dropout";
    const ABOUT: &'static str = "numbers are 0 at random while the network trains";
}

impl Transform for Dropout {
    fn check(&self) -> Result<(), BadSetting> {
        match (0.0..1.0).contains(&self.probability) {
            true => Ok(()),
            false => Err(BadSetting::of("probability", format!("is {}; expected 0 to below 1", self.probability))),
        }
    }

    fn init(&self, features: usize, _: u64, _: &Device) -> Result<ModuleLayer, Error> {
        let probability = self.probability;
        ModuleLayer::new(Self::NAME, features, Dropping { probability }, |module, x, seed| module.forward(x, seed))
    }
}

/// The same seed gives the same numbers on every backend, and after a training was resumed.
#[derive(Module, Debug)]
#[module(custom_display)]
struct Dropping {
    #[module(skip)]
    probability: f32,
}

impl ModuleDisplay for Dropping {}

impl Dropping {
    fn forward(&self, x: Tensor<2>, seed: u64) -> Tensor<2> {
        if !x.device().is_autodiff() || self.probability == 0.0 {
            return x;
        }
        let draws = CounterRng::new(seed).tensor(x.dims(), &x.device());
        let kept = draws.greater_equal_scalar(self.probability);
        x * kept.float() / (1.0 - self.probability)
    }
}
