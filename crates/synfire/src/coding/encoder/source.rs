//! What encoders encode.

use super::TimeGrid;
use crate::Error;
use burn::tensor::{Device, Tensor};

/// A batch of samples.
#[derive(Clone, Debug)]
pub enum Source {
    /// Numbers, `[B, F]`: each sample flattened.
    Samples(Tensor<2>),
    /// Spikes that exist already.
    Events {
        /// One list per sample.
        events: Vec<Events>,
        /// Number of inputs that there are.
        inputs: usize,
        /// Where the signal is wanted.
        device: Device,
    },
}

/// The spikes of a sample: each a time and the number of the input that fires.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Events {
    /// In ms from the beginning of the sample.
    pub times: Vec<f64>,
    /// As many as times.
    pub inputs: Vec<usize>,
}

impl From<Tensor<2>> for Source {
    fn from(samples: Tensor<2>) -> Self {
        Source::Samples(samples)
    }
}

/// Samples on the host, where encoders without a gradient work: what they make of them is the same on every
/// backend.
pub(super) struct HostSamples {
    /// Sample after sample.
    pub values: Vec<f32>,
    pub batch: usize,
    pub features: usize,
    pub device: Device,
}

impl Source {
    /// The numbers, `[B, F]`, each in `low..=high`.
    ///
    /// # Errors
    ///
    /// [`Error::Source`] if there are none, one is out of range or not a number, or there are events instead.
    pub fn samples(self, encoder: &'static str, range: [f32; 2]) -> Result<Tensor<2>, Error> {
        Ok(self.read(encoder, range)?.0)
    }

    /// The numbers on the host, for a window that there can be.
    pub(super) fn numbers(self, encoder: &'static str, range: [f32; 2], grid: TimeGrid) -> Result<HostSamples, Error> {
        check_grid(encoder, grid)?;
        let (samples, values) = self.read(encoder, range)?;
        let [batch, features] = samples.dims();
        Ok(HostSamples { values, batch, features, device: samples.device() })
    }

    fn read(self, encoder: &'static str, [low, high]: [f32; 2]) -> Result<(Tensor<2>, Vec<f32>), Error> {
        let refuse = |problem| Err(Error::Source { encoder, problem });
        let Source::Samples(samples) = self else {
            return refuse("was given events; it encodes numbers. Use the encoder `events` for events".to_string());
        };
        let dims = samples.dims();
        if dims.contains(&0) {
            return refuse(format!("was given samples of shape {dims:?}; expected [B, F] with at least one of each"));
        }
        let values: Vec<f32> = samples.clone().detach().into_data().iter::<f32>().collect();
        match extremes(&values) {
            // the negated comparison catches NaN
            [least, most] if !(least >= low && most <= high) => {
                let range = match (low, high) {
                    (f32::MIN, f32::MAX) => "finite numbers".to_string(),
                    (0.0, f32::MAX) => "numbers of 0 or more".to_string(),
                    _ => format!("numbers in [{low}, {high}]"),
                };
                refuse(format!("was given numbers from {least} to {most}; expected {range}"))
            }
            _ => Ok((samples, values)),
        }
    }

    /// The events of a batch, the number of inputs, and where the signal is wanted. Each event is of an input that
    /// there is, at a time of 0 or more.
    ///
    /// # Errors
    ///
    /// [`Error::Source`] if there are numbers instead, or none, or an event that there cannot be.
    pub fn events(self, encoder: &'static str) -> Result<(Vec<Events>, usize, Device), Error> {
        let refuse = |problem| Err(Error::Source { encoder, problem });
        let Source::Events { events: samples, inputs, device } = self else {
            return refuse(
                "was given numbers; it encodes events. Use the encoder `spike_times` for one time per input"
                    .to_string(),
            );
        };
        if samples.is_empty() || inputs == 0 {
            return refuse("was given no samples, or no inputs; expected at least one of each".to_string());
        }
        for (b, Events { times, inputs: ids }) in samples.iter().enumerate() {
            if times.len() != ids.len() {
                let (times, ids) = (times.len(), ids.len());
                return refuse(format!("was given {times} times and {ids} inputs in sample {b}; expected as many"));
            }
            if let Some(time) = times.iter().find(|time| !(time.is_finite() && **time >= 0.0)) {
                return refuse(format!("was given an event at {time} ms in sample {b}; expected 0 or more"));
            }
            if let Some(id) = ids.iter().find(|id| **id >= inputs) {
                return refuse(format!("was given an event of input {id} in sample {b}; there are {inputs}, from 0"));
            }
        }
        Ok((samples, inputs, device))
    }
}

/// Refuses a window of no steps, or of steps without a length.
pub(super) fn check_grid(encoder: &'static str, grid: TimeGrid) -> Result<(), Error> {
    match grid.is_one() {
        true => Ok(()),
        false => Err(Error::Source {
            encoder,
            problem: format!(
                "was given a time grid of {} steps of {} ms; expected at least 1 of more than 0 ms",
                grid.steps, grid.dt
            ),
        }),
    }
}

/// The smallest and the largest number; NaN if there is one.
pub(super) fn extremes(values: &[f32]) -> [f32; 2] {
    let mut ends = [f32::INFINITY, f32::NEG_INFINITY];
    for &x in values {
        if x.is_nan() {
            return [f32::NAN; 2];
        }
        ends = [ends[0].min(x), ends[1].max(x)];
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_encoded_is_refused_by_name() {
        let samples = |numbers: [f32; 3]| Source::from(Tensor::<2>::from_floats([numbers], &Device::default()));
        let unit = [0.0, 1.0];
        assert!(samples([0.0, 0.5, 1.0]).samples("poisson", unit).is_ok());
        let message = |source: Source| source.samples("poisson", unit).unwrap_err().to_string();
        assert_eq!(
            message(samples([0.0, -0.5, 1.5])),
            "encoder `poisson` was given numbers from -0.5 to 1.5; expected numbers in [0, 1]"
        );
        assert!(message(samples([0.0, f32::NAN, 1.0])).contains("NaN"));
        assert!(message(Source::Samples(Tensor::zeros([0, 3], &Device::default()))).contains("[0, 3]"));
        assert!(message(Source::Events { events: vec![], inputs: 3, device: Device::default() }).contains("`events`"));
    }
}
