//! Delays as a description writes them.

use crate::Error;
use crate::coding::TimeGrid;
use crate::neuron::Parameter;
use burn::tensor::Device;
use serde::{Deserialize, Serialize};

/// Delay of the inputs of a layer: `delay = 2` steps, `{ ms = 3.0 }`, or a table for delays that may learn.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum DelayConfig {
    /// The same whole number of steps for all.
    Steps(usize),
    /// A time in ms, a multiple of the time step.
    Time {
        /// In ms, 0 or more.
        ms: f64,
    },
    /// Between whole steps inputs are interpolated, so that delays can learn:
    /// `{ value = 2.5, max = 8, learn = true, per = "input" }`.
    Between(BetweenSteps),
}

/// A delay that may lie between steps.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BetweenSteps {
    /// In steps, from 0 to `max`.
    pub value: f32,
    /// Longest delay in steps that it may learn.
    pub max: usize,
    /// Whether it learns.
    #[serde(default)]
    pub learn: bool,
    /// One for all inputs (`layer`) or one for each (`input`).
    #[serde(default)]
    pub per: DelayPer,
}

/// Sharing of a delay among the inputs of a layer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DelayPer {
    /// One for all.
    #[default]
    Layer,
    /// One for each input: that of an axon.
    Input,
}

/// The forms of a delay, for messages.
pub(super) const EXPECTED: &str = "a whole number of steps, a table { ms = 3.0 }, or a table \
    { value = 2.5, max = 8, learn = true, per = \"input\" } with `per` one of \"layer\", \"input\"";

impl DelayConfig {
    /// Whole steps of the delay; 0 for delays between steps.
    pub(in crate::network) fn whole_steps(self, dt: f32) -> Result<usize, String> {
        match self {
            DelayConfig::Steps(steps) => Ok(steps),
            DelayConfig::Between(_) => Ok(0),
            DelayConfig::Time { ms } => {
                let steps = TimeGrid { steps: 1, dt }.in_steps(ms);
                match (0.0..1e9).contains(&steps) && steps.fract() == 0.0 {
                    true => Ok(steps as usize),
                    false => Err(format!("is {ms} ms; expected a multiple of the time step of {dt} ms, 0 or more")),
                }
            }
        }
    }
}

impl BetweenSteps {
    /// The parameter for so many inputs of a sample of `steps` steps.
    ///
    /// # Errors
    ///
    /// A value or a longest delay out of its range.
    pub(in crate::network) fn init(
        &self,
        path: &str,
        inputs: usize,
        steps: usize,
        device: &Device,
    ) -> Result<Parameter, Error> {
        let BetweenSteps { value, max, learn, per } = *self;
        if max == 0 || max > steps {
            let problem = format!("`max` is {max}; expected 1 to {steps} steps");
            return Err(Error::config(format!("{path}.delay"), problem));
        }
        if !(0.0..=max as f32).contains(&value) {
            let problem = format!("`value` is {value}; expected 0 to `max`, {max} steps");
            return Err(Error::config(format!("{path}.delay"), problem));
        }
        let count = match per {
            DelayPer::Layer => 1,
            DelayPer::Input => inputs,
        };
        let parameter = Parameter::new("delay", vec![value; count], learn, None, device);
        Ok(parameter.within(Some([0.0, max as f32])))
    }
}
