//! A current in proportion to the samples.

use super::{Encode, Signal, Source, Window};
use crate::Error;
use crate::registry::{BadSetting, Named};
use serde::{Deserialize, Serialize};

/// `amp` times each number as a current, the same at every step: [`Constant`](super::Constant) with an amplitude.
/// Differentiable.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConstantCurrent {
    /// Current of an input of 1, not 0.
    pub amp: f32,
}

impl Default for ConstantCurrent {
    fn default() -> Self {
        ConstantCurrent { amp: 1.0 }
    }
}

impl Named for ConstantCurrent {
    const NAME: &'static str = "constant_current";
    const ABOUT: &'static str = "the number times an amplitude, at every step";
}

impl Encode for ConstantCurrent {
    fn check(&self) -> Result<(), BadSetting> {
        match self.amp.is_finite() && self.amp != 0.0 {
            true => Ok(()),
            false => Err(BadSetting::of("amp", format!("is {}; expected a finite number, not 0", self.amp))),
        }
    }

    fn encode(&self, source: Source, _: Window, _: u64) -> Result<Signal, Error> {
        let samples = source.samples(Self::NAME, [f32::MIN, f32::MAX])?;
        Ok((samples.unsqueeze_dim::<3>(0) * self.amp).into())
    }
}
