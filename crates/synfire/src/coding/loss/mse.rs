//! Mean squared error.

use super::{Activations, Criterion, Decoded};
use crate::registry::{BadSetting, Named};
use burn::tensor::{Int, Tensor};
use serde::{Deserialize, Serialize};

/// Mean squared distance of the scores from `on` for the right class and `off` for the others: with firing rates, the
/// rates that the neurons should have.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mse {
    /// Score that the right class should have.
    pub on: f32,
    /// Score that the others should have.
    pub off: f32,
}

impl Default for Mse {
    fn default() -> Self {
        Mse { on: 1.0, off: 0.0 }
    }
}

impl Named for Mse {
    const NAME: &'static str = "mse";
    const ABOUT: &'static str = "squared distance of the scores from `on` for the right class, `off` for the others";
}

impl Criterion for Mse {
    fn check(&self) -> Result<(), BadSetting> {
        match self.on.is_finite() && self.off.is_finite() && self.on != self.off {
            true => Ok(()),
            false => Err(BadSetting::of(
                "on",
                format!("is {}, `off` {}; expected two numbers that differ", self.on, self.off),
            )),
        }
    }

    fn loss(&self, decoded: &Decoded, _: &Activations, labels: Tensor<1, Int>) -> Tensor<1> {
        let [_, _, classes] = decoded.scores.dims();
        let right = labels.one_hot::<2>(classes).float().unsqueeze_dim::<3>(0);
        (decoded.scores.clone() - right * (self.on - self.off) - self.off).square().mean()
    }
}
