//! Spikes that exist already, put into steps.

use super::{Encode, Events, Signal, Source, Window};
use crate::Error;
use crate::registry::{BadSetting, Named};
use burn::tensor::{Device, Tensor, TensorData};
use serde::{Deserialize, Serialize};

/// Lists of [`Events`], any number per input (multiple-spike time binning): a spike in step `floor(t / dt)`, and
/// how much of that step is left after it as its time, that of the last where one step has several.
///
/// Two spikes of an input in one step are one, and events after the end of the sample are left out. SPAIC's source
/// makes a 2 of two spikes, and puts late events into the last step (`spaic_compat`).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mstb {
    /// Number of inputs; not given, as many as a sample has numbers.
    pub num: Option<usize>,
    /// As SPAIC's source has it.
    pub spaic_compat: bool,
}

impl Default for Mstb {
    fn default() -> Self {
        Mstb { num: None, spaic_compat: false }
    }
}

impl Named for Mstb {
    const NAME: &'static str = "mstb";
    const ABOUT: &'static str = "spikes that exist already, from lists of times and inputs";
}

impl Mstb {
    /// Spikes and their times of samples with `inputs` inputs, on this device: as
    /// [`encode`](Encode::encode), which takes the default device.
    ///
    /// # Errors
    ///
    /// [`Error::Source`] for times before the beginning, or inputs that there are not.
    pub fn bin(&self, events: &[Events], inputs: usize, window: Window, device: &Device) -> Result<Signal, Error> {
        let refuse = |problem| Err(Error::Source { encoder: Self::NAME, problem });
        if events.is_empty() || inputs == 0 {
            return refuse("was given no samples, or no inputs; expected at least one of each".to_string());
        }
        let (steps, batch) = (window.steps, events.len());
        let mut spikes = vec![0.0f32; steps * batch * inputs];
        let mut times = spikes.clone();
        for (sample, events) in events.iter().enumerate() {
            let Events { times: at, inputs: who } = events;
            if at.len() != who.len() {
                return refuse(format!(
                    "sample {sample} has {} times and {} inputs; expected as many",
                    at.len(),
                    who.len()
                ));
            }
            for (&time, &input) in at.iter().zip(who) {
                if !(time >= 0.0 && time.is_finite()) {
                    return refuse(format!("sample {sample} has an event at {time} ms; expected 0 or later"));
                }
                if input >= inputs {
                    return refuse(format!("sample {sample} has an event of input {input}; there are {inputs}"));
                }
                // SPAIC divides, so that 0.3 ms are less than three steps of 0.1 ms
                let exact = if self.spaic_compat { time / window.dt_written() } else { window.clock()(time) };
                let step = match (exact as usize, self.spaic_compat) {
                    (step, _) if step < steps => step,
                    (_, true) => steps - 1,
                    (_, false) => continue,
                };
                let place = (step * batch + sample) * inputs + input;
                // SPAIC counts an event at the very beginning of a step as at its end
                let left = if self.spaic_compat { exact.ceil() } else { exact.floor() + 1.0 } - exact;
                let count = if self.spaic_compat { spikes[place] } else { 0.0 };
                // the time of several spikes is their mean
                times[place] = (times[place] * count + left as f32) / (count + 1.0);
                spikes[place] = count + 1.0;
            }
        }
        let tensor = |numbers| Tensor::from_data(TensorData::new(numbers, [steps, batch, inputs]), device);
        Ok(Signal { values: tensor(spikes), spike_times: Some(tensor(times)) })
    }
}

impl Encode for Mstb {
    fn check(&self) -> Result<(), BadSetting> {
        match self.num {
            Some(0) => Err(BadSetting::of("num", "is 0; expected the number of inputs, at least 1")),
            _ => Ok(()),
        }
    }

    fn inputs(&self, features: usize, _: Window) -> Result<usize, String> {
        Ok(self.num.unwrap_or(features))
    }

    fn encode(&self, source: Source, window: Window, _: u64) -> Result<Signal, Error> {
        let Source::Events { events, inputs, device } = source else {
            let problem = "was given numbers; it takes lists of events. Use `sstb` for one time per input".to_string();
            return Err(Error::Source { encoder: Self::NAME, problem });
        };
        match self.num {
            Some(num) if num != inputs => {
                let problem = format!("has `num = {num}`, the events are of {inputs} inputs; make them the same");
                Err(Error::Source { encoder: Self::NAME, problem })
            }
            _ => self.bin(&events, inputs, window, &device),
        }
    }
}
