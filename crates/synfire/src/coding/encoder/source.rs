//! What encoders encode.

use crate::Error;
use burn::tensor::Tensor;

/// A batch of samples.
#[derive(Clone, Debug)]
pub enum Source {
    /// Numbers, `[B, F]`: each sample flattened.
    Samples(Tensor<2>),
    /// Spikes that exist already, one list per sample.
    Events(Vec<Events>),
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

impl From<Vec<Events>> for Source {
    fn from(events: Vec<Events>) -> Self {
        Source::Events(events)
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
    let data = samples.clone().detach().into_data();
    let mut ends = [f32::INFINITY, f32::NEG_INFINITY];
    for x in data.iter::<f32>() {
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
    use burn::tensor::Device;

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
        assert!(message(vec![Events::default()].into()).contains("`mstb`"));
    }
}
