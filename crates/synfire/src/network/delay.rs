//! How much later a connection delivers what it was given.

use crate::Error;
use crate::coding::Window;
use crate::neuron::Parameter;
use burn::module::Module;
use burn::tensor::{Device, Tensor};
use core::ops::RangeInclusive;
use serde::{Deserialize, Serialize};

/// The delay of a connection.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum DelayConfig {
    /// `delay = 1`: so many steps.
    Steps(usize),
    /// `delay = { value = 3.0, max = 8.0, learn = true, per = "output" }`: in ms.
    Times(DelayTimes),
}

/// Delays in ms: one, or several, fixed or learned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DelayTimes {
    /// A number for all, or a list with one for each that [`per`](Self::per) says.
    pub value: DelayValue,
    /// The shortest that it may become; in a loop at least one step.
    #[serde(default)]
    pub min: f32,
    /// The longest that it may become; without it, the longest that there is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f32>,
    /// Whether it learns.
    #[serde(default)]
    pub learn: bool,
    /// What has a delay of its own.
    #[serde(default)]
    pub per: DelayPer,
}

/// One delay or several.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum DelayValue {
    /// The same for all.
    One(f32),
    /// One for each; of connections first all of the first input, `[inputs, outputs]`.
    Each(Vec<f32>),
}

/// What has a delay of its own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DelayPer {
    /// Nothing: the layer has one.
    #[default]
    Layer,
    /// Each output: a dendrite.
    Output,
    /// Each input: an axon.
    Input,
    /// Each connection: a synapse.
    Connection,
}

impl DelayPer {
    fn dims(self, [inputs, outputs]: [usize; 2]) -> [usize; 2] {
        match self {
            DelayPer::Layer => [1, 1],
            DelayPer::Output => [1, outputs],
            DelayPer::Input => [inputs, 1],
            DelayPer::Connection => [inputs, outputs],
        }
    }
}

impl DelayTimes {
    fn values(&self) -> &[f32] {
        match &self.value {
            DelayValue::One(value) => core::slice::from_ref(value),
            DelayValue::Each(values) => values,
        }
    }

    fn longest(&self) -> f32 {
        self.max.unwrap_or_else(|| self.values().iter().copied().fold(0.0, f32::max))
    }
}

impl DelayConfig {
    /// The least and the most steps, both inclusive, that it may be late.
    ///
    /// # Errors
    ///
    /// Times that are none, or that no sample has.
    pub(super) fn steps(&self, place: &str, window: Window) -> Result<RangeInclusive<usize>, Error> {
        let refuse = |problem: String| Err(Error::config(format!("{place}.delay"), problem));
        let steps = match self {
            DelayConfig::Steps(steps) => *steps..=*steps,
            DelayConfig::Times(times) => {
                let (least, most) = (times.min, times.longest());
                if !(least >= 0.0 && most.is_finite() && least <= most) {
                    return refuse(format!("has `min = {least}` and `max = {most}`; expected 0 <= min <= max, in ms"));
                }
                if let Some(value) = times.values().iter().find(|value| !(least..=most).contains(*value)) {
                    return refuse(format!("is {value} ms; expected {least} to {most}, its `min` and `max`"));
                }
                let at = |ms: f32| window.at(f64::from(ms));
                at(least).floor() as usize..=at(most).ceil() as usize
            }
        };
        match *steps.end() < window.steps.max(2) {
            true => Ok(steps),
            false => refuse(format!(
                "is up to {} steps, and a sample lasts {}: nothing would arrive; make it shorter, or `steps` more",
                steps.end(),
                window.steps
            )),
        }
    }
}

/// Delays between the steps: what arrives is interpolated between its two neighbouring steps.
///
/// ```text
/// y[t] = W ((1 - r) x[t - k] + r x[t - k - 1]),   k + r = d / dt, 0 <= r < 1
/// ```
///
/// Differentiable in `d`: the slope of the line between the two steps. Delays as a property that learns are
/// those of Hammouamri et al. 2023 (DCLS), here with the narrowest kernel.
#[derive(Module, Debug)]
pub struct Delays {
    /// In ms, `[1]`, `[inputs]`, `[outputs]` or `[inputs * outputs]`, kept in its range.
    pub times: Parameter,
    #[module(skip)]
    dims: [usize; 2],
    #[module(skip)]
    dt: f32,
    #[module(skip)]
    steps: [usize; 2],
}

impl Delays {
    /// `Ok(None)` for a whole number of steps that does not learn.
    pub(super) fn of(
        config: &DelayConfig,
        place: &str,
        size: [usize; 2],
        window: Window,
        device: &Device,
    ) -> Result<(usize, Option<Self>), Error> {
        let steps = config.steps(place, window)?;
        let times = match config {
            DelayConfig::Steps(steps) => return Ok((*steps, None)),
            DelayConfig::Times(times) => times,
        };
        let dims = times.per.dims(size);
        let count = dims[0] * dims[1];
        let values = match &times.value {
            DelayValue::One(value) if !times.learn => {
                let at = window.at(f64::from(*value));
                if at.fract() == 0.0 {
                    return Ok((at as usize, None));
                }
                vec![*value; count]
            }
            DelayValue::One(value) => vec![*value; count],
            DelayValue::Each(values) if values.len() == count => values.clone(),
            DelayValue::Each(values) => {
                let problem = format!(
                    "has {} values; expected {count}: say by `per` whether they are of each \"output\", \"input\" or \
                     \"connection\"",
                    values.len()
                );
                return Err(Error::config(format!("{place}.delay"), problem));
            }
        };
        let times = Parameter::new("delay", values, times.learn, None, device)
            .within(Some([times.min, times.longest()]).filter(|_| times.learn));
        let steps = [*steps.start(), (*steps.end()).max(steps.start() + 1)];
        Ok((0, Some(Delays { times, dims, dt: window.dt, steps })))
    }

    /// By how many steps something may be late.
    pub(super) fn steps(&self) -> RangeInclusive<usize> {
        self.steps[0]..=self.steps[1]
    }

    /// The share of each connection that arrives `k` steps late, `[inputs or 1, outputs or 1]`.
    pub(super) fn share(&self, k: usize) -> Tensor<2> {
        let [least, most] = self.steps;
        let late = self.times.value().reshape(self.dims) / self.dt;
        // the last step has none after it: there the line is that of the step before
        let before = late.clone().detach().floor().clamp(least as f32, most as f32 - 1.0);
        let rest = late - before.clone();
        let here = before.clone().equal_scalar(k as f32).float();
        let next = before.equal_scalar(k as f32 - 1.0).float();
        here.clone() - here * rest.clone() + next * rest
    }
}
