//! Samples that are signals already.

use super::{Encode, Signal, Source, Window};
use crate::Error;
use crate::registry::Named;
use serde::{Deserialize, Serialize};

/// A sample that has a value for each step, `[T, ..]` flattened, as it is. Differentiable.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct NullEncoder {}

impl Named for NullEncoder {
    const NAME: &'static str = "null";
    const ABOUT: &'static str = "what is there already, sample by sample over time";
}

impl Encode for NullEncoder {
    fn inputs(&self, features: usize, window: Window) -> Result<usize, String> {
        match features.checked_rem(window.steps) {
            Some(0) if features > 0 => Ok(features / window.steps),
            _ => Err(format!(
                "was given samples of {features} numbers; expected a multiple of the {} steps, time first",
                window.steps
            )),
        }
    }

    fn encode(&self, source: Source, window: Window, _: u64) -> Result<Signal, Error> {
        let samples = source.samples(Self::NAME, [f32::MIN, f32::MAX])?;
        let [batch, features] = samples.dims();
        let inputs = self.inputs(features, window).map_err(|problem| Error::Source { encoder: Self::NAME, problem })?;
        Ok(samples.reshape([batch, window.steps, inputs]).swap_dims(0, 1).into())
    }
}
