//! What encoders encode.

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

impl Source {
    /// The numbers, `[B, F]`, each in `low..=high`.
    ///
    /// # Errors
    ///
    /// [`Error::Source`] if there are none, one is out of range or not a number, or there are events instead.
    pub fn samples(self, encoder: &'static str, [low, high]: [f32; 2]) -> Result<Tensor<2>, Error> {
        let refuse = |problem| Err(Error::Source { encoder, problem });
        let Source::Samples(samples) = self else {
            return refuse("was given events; it encodes numbers. Use the encoder `mstb` for events".to_string());
        };
        let dims = samples.dims();
        if dims.contains(&0) {
            return refuse(format!("was given samples of shape {dims:?}; expected [B, F] with at least one of each"));
        }
        match extremes(&samples) {
            // the negated comparison catches NaN
            [least, most] if !(least >= low && most <= high) => {
                let range = match (low, high) {
                    (f32::MIN, f32::MAX) => "finite numbers".to_string(),
                    (0.0, f32::MAX) => "numbers of 0 or more".to_string(),
                    _ => format!("numbers in [{low}, {high}]"),
                };
                refuse(format!("was given numbers from {least} to {most}; expected {range}"))
            }
            _ => Ok(samples),
        }
    }
}

/// The smallest and the largest number; NaN if there is one.
fn extremes(samples: &Tensor<2>) -> [f32; 2] {
    let data = samples.clone().detach().into_data().convert::<f32>();
    let numbers = data.as_slice::<f32>().unwrap_or_default();
    // a NaN makes the sum one, and is no extreme
    let (mut least, mut most, mut sum) = (f32::INFINITY, f32::NEG_INFINITY, 0.0);
    for &x in numbers {
        least = if x < least { x } else { least };
        most = if x > most { x } else { most };
        sum += x * 0.0;
    }
    if sum.is_nan() && least.is_finite() && most.is_finite() { [f32::NAN; 2] } else { [least, most] }
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
        assert!(message(Source::Events { events: vec![], inputs: 3, device: Device::default() }).contains("`mstb`"));
    }
}
