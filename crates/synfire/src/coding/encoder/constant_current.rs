//! Samples as constant currents, scaled.

use super::{Activations, Encode, Source, TimeGrid, settings};
use crate::Error;
use crate::registry::{BadSetting, Named};
use serde::{Deserialize, Serialize};

/// Each value times a factor as a current that is the same at every step. Differentiable.
///
/// ```text
/// I[t] = amp x
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConstantCurrent {
    /// Current of an input of 1.
    pub amp: f64,
}

impl Default for ConstantCurrent {
    fn default() -> Self {
        ConstantCurrent { amp: 1.0 }
    }
}

impl Named for ConstantCurrent {
    const NAME: &'static str = "constant_current";
    const ABOUT: &'static str = "each value times a factor as a current, the same at every step";
}

impl Encode for ConstantCurrent {
    fn check(&self) -> Result<(), BadSetting> {
        BadSetting::unless((self.amp as f32).is_finite(), "amp", self.amp, "a finite number in single precision")
    }

    fn encode(&self, source: Source, grid: TimeGrid, _: u64) -> Result<Activations, Error> {
        settings(Self::NAME, self.check())?;
        let samples = source.samples(Self::NAME, [f32::MIN, f32::MAX], grid)?;
        Ok(Activations::new((samples * self.amp).unsqueeze_dim(0), grid.dt))
    }
}
