//! Events: samples that are lists of spikes.

use super::{Activations, Encode, Late, Source, TimeGrid, Trains, settings};
use crate::Error;
use crate::registry::{BadSetting, Named};
use serde::{Deserialize, Serialize};

/// Any number of spikes per input, from lists of events: times in ms and the inputs that fire; SPAIC's `mstb`.
///
/// ```text
/// step = floor(t / dt)
/// ```
///
/// Several spikes of an input in one step are one, at the time of the first. SPAIC adds them and their times up, lets
/// late ones fall into the last step, and divides in double precision without care for multiples of the step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct EventsEncoder {
    /// Number of inputs, at least 1; those of the samples if not given.
    pub num: Option<usize>,
    /// Treatment of spikes after the last step: `refuse`, `drop` or `last_step`.
    pub late: Late,
    /// Whether to do as SPAIC does.
    pub spaic_compat: bool,
}

impl Named for EventsEncoder {
    const NAME: &'static str = "events";
    const ABOUT: &'static str = "lists of events: times in ms and the inputs that fire";
    const ALIASES: &'static [&'static str] = &["mstb"];
}

impl Encode for EventsEncoder {
    fn check(&self) -> Result<(), BadSetting> {
        BadSetting::unless(self.num != Some(0), "num", 0, "the number of inputs, at least 1")
    }

    fn shape(&self, sample: &[usize], _: TimeGrid) -> Result<Vec<usize>, String> {
        self.fit(sample.iter().product()).map(|()| sample.to_vec())
    }

    fn encode(&self, source: Source, grid: TimeGrid, _: u64) -> Result<Activations, Error> {
        settings(Self::NAME, self.check())?;
        let (samples, inputs, device) = source.events(Self::NAME, grid)?;
        self.fit(inputs).map_err(|problem| Error::Source { encoder: Self::NAME, problem })?;
        let (clock, dt) = (grid.clock(), grid.dt_written());
        let mut spikes = Trains::silent(grid, samples.len(), inputs);
        let mut leads = Trains::silent(grid, samples.len(), inputs);
        let late = if self.spaic_compat { Late::LastStep } else { self.late };
        for (sample, events) in samples.iter().enumerate() {
            for (&ms, &id) in events.times.iter().zip(&events.inputs) {
                let exact = if self.spaic_compat { ms / dt } else { clock(ms) };
                let Some(step) = late.step(Self::NAME, exact as usize, ms, grid)? else { continue };
                let input = sample * inputs + id;
                let (spike, lead) = (spikes.at(step, input), leads.at(step, input));
                if self.spaic_compat {
                    *lead += (exact.ceil() - exact) as f32 * grid.dt;
                    *spike += 1.0;
                } else {
                    *lead = lead.max((exact.floor() + 1.0 - exact) as f32 * grid.dt);
                    *spike = 1.0;
                }
            }
        }
        Ok(Activations { spike_times: Some(leads.activations(&device).values), ..spikes.activations(&device) })
    }
}

impl EventsEncoder {
    /// Refuses another number of inputs than was given.
    fn fit(&self, inputs: usize) -> Result<(), String> {
        match self.num {
            Some(num) if num != inputs => Err(format!("has `num = {num}`, the samples have {inputs} inputs")),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coding::Events;
    use burn::tensor::Device;

    #[test]
    fn spikes_in_one_step_are_one() {
        let events = vec![Events { times: vec![0.3, 0.32, 0.39, 0.0], inputs: vec![1, 1, 0, 0] }];
        let grid = TimeGrid { steps: 4, dt: 0.1 };
        let encode = |spaic_compat| {
            let encoder = EventsEncoder { num: Some(2), spaic_compat, ..EventsEncoder::default() };
            let spikes = encoder
                .encode(Source::Events { events: events.clone(), inputs: 2, device: Device::default() }, grid, 0)
                .unwrap()
                .values;
            spikes.into_data().try_into_vec::<f32>().unwrap()
        };
        assert_eq!(encode(false), [1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0]);
        // 0.3 / 0.1 is less than 3 in double precision
        assert_eq!(encode(true), [1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0]);
    }

    #[test]
    fn late_events_are_in_their_own_step() {
        // a relative tolerance put it into the next one
        let events = vec![Events { times: vec![1_000_000.7], inputs: vec![0] }];
        let grid = TimeGrid { steps: 1_000_002, dt: 1.0 };
        let source = Source::Events { events, inputs: 1, device: Device::default() };
        let spikes = EventsEncoder::default().encode(source, grid, 0).unwrap().values;
        assert_eq!(spikes.argmax(0).into_scalar::<i64>(), 1_000_000);
    }
}
