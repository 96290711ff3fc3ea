//! Cosine currents.

use super::{Generate, Wave};
use crate::Error;
use crate::coding::{Activations, TimeGrid};
use crate::registry::{BadSetting, Named};
use burn::tensor::Device;
use serde::{Deserialize, Serialize};
use synfire_dynamics::CounterRng;

/// A cosine current.
///
/// ```text
/// I[t] = amplitude cos(2 pi t dt / period)
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CosineGenerator(pub Wave);

impl Named for CosineGenerator {
    const NAME: &'static str = "cosine_generator";
    const ABOUT: &'static str = "a cosine current";
    const ALIASES: &'static [&'static str] = &["cosine"];
}

impl Generate for CosineGenerator {
    fn check(&self) -> Result<(), BadSetting> {
        self.0.check()
    }

    fn generate(
        &self,
        grid: TimeGrid,
        batch: usize,
        neurons: usize,
        _: &CounterRng,
        device: &Device,
    ) -> Result<Activations, Error> {
        self.0.current(Self::NAME, f64::cos, grid, [batch, neurons], device)
    }
}
