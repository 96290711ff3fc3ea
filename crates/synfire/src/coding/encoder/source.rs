//! Samples on their way into an encoder.

use super::{Events, HostSamples, TimeGrid};
use crate::Error;
use burn::tensor::{Device, Tensor, TensorData};
use synfire_data::{Batch, Values};
use synfire_dynamics::is_gpu;

/// A batch of samples for an encoder.
///
/// ```
/// use burn::tensor::Device;
/// use synfire::coding::{Encode, Latency, Source, TimeGrid};
///
/// // two pictures of three pixels, as bytes
/// let values = vec![0, 128, 255, 255, 128, 0].into();
/// let source = Source::Host { values, batch: 2, features: 3, indices: vec![], lengths: vec![], device: Device::default() };
/// let spikes = Latency::default().encode(source, TimeGrid { steps: 5, dt: 1.0 }, 0)?.values;
/// assert_eq!(spikes.dims(), [5, 2, 3]);
/// # Ok::<(), synfire::Error>(())
/// ```
#[derive(Clone, Debug)]
pub enum Source {
    /// Values on the host, as a data set gives them. They are checked before anything is sent to the device.
    Host {
        /// Values of all samples, `[B, F]`, row-major.
        values: Values,
        /// Number of samples `B`.
        batch: usize,
        /// Number of values of a sample `F`.
        features: usize,
        /// Index of each sample in its data set, `[B]`, from which the random spikes of the sample follow; empty if
        /// they are 0, 1, ..
        indices: Vec<usize>,
        /// Steps of each series, `[B]`, where some are shorter than others; empty if all samples are whole.
        lengths: Vec<usize>,
        /// The device of the activations.
        device: Device,
    },
    /// Values on a device, `[B, F]`: gradients reach them through differentiable encoders.
    ///
    /// Their range is checked only where the device is a CPU: nothing is read back from a GPU to be checked. Encoders
    /// that work on the host do read them back; give them [`Source::Host`].
    Tensor(Tensor<2>),
    /// Spikes that exist already.
    Events {
        /// A list for each sample.
        events: Vec<Events>,
        /// Number of inputs, at least 1.
        inputs: usize,
        /// The device of the activations.
        device: Device,
    },
}

impl From<Tensor<2>> for Source {
    fn from(samples: Tensor<2>) -> Self {
        Source::Tensor(samples)
    }
}

impl Source {
    /// The samples of a batch, flattened, for activations on `device`.
    #[must_use]
    pub fn from_batch(batch: &Batch, device: &Device) -> Self {
        let (values, indices, lengths) = (batch.values.clone(), batch.indices.clone(), batch.lengths.clone());
        let (batch, features, device) = (batch.len(), batch.features(), device.clone());
        Source::Host { values, batch, features, indices, lengths, device }
    }

    /// Steps of each series; none if all samples are whole.
    pub(crate) fn lengths(&self) -> &[usize] {
        match self {
            Source::Host { lengths, .. } => lengths,
            Source::Tensor(_) | Source::Events { .. } => &[],
        }
    }

    /// Index of each sample in its data set; none if they are 0, 1, ..
    pub(crate) fn indices(&self) -> &[usize] {
        match self {
            Source::Host { indices, .. } => indices,
            Source::Tensor(_) | Source::Events { .. } => &[],
        }
    }

    /// Number of values of a sample; none for events.
    pub(crate) fn features(&self) -> Option<usize> {
        match self {
            Source::Host { features, .. } => Some(*features),
            Source::Tensor(samples) => Some(samples.dims()[1]),
            Source::Events { .. } => None,
        }
    }

    /// The values on the device, `[B, F]`, each in `low..=high`.
    ///
    /// # Errors
    ///
    /// [`Error::Source`] if there are none, one is out of range or NaN, there are events instead, or there cannot be
    /// such a grid.
    pub fn samples(self, encoder: &'static str, [low, high]: [f32; 2], grid: TimeGrid) -> Result<Tensor<2>, Error> {
        match self {
            Source::Tensor(samples) if is_gpu(&samples.device()) => {
                check_grid(encoder, grid)?;
                check_dims(encoder, samples.dims())?;
                Ok(samples)
            }
            Source::Tensor(samples) => {
                Source::Tensor(samples.clone()).on_host(encoder, [low, high], grid)?;
                Ok(samples)
            }
            other => {
                let HostSamples { values, batch, features, device, .. } = other.on_host(encoder, [low, high], grid)?;
                Ok(Tensor::from_data(TensorData::new(values, [batch, features]), &device))
            }
        }
    }

    /// The values as the input of every step, `[1, B, F]`.
    pub(super) fn held(self, encoder: &'static str, range: [f32; 2], grid: TimeGrid) -> Result<Tensor<3>, Error> {
        if let Source::Tensor(_) = self {
            return Ok(self.samples(encoder, range, grid)?.unsqueeze_dim(0));
        }
        let HostSamples { values, batch, features, device, .. } = self.on_host(encoder, range, grid)?;
        Ok(Tensor::from_data(TensorData::new(values, [1, batch, features]), &device))
    }

    /// The values on the host, each in `low..=high`: for encoders that make spikes of them there, the same on every
    /// backend.
    ///
    /// # Errors
    ///
    /// As [`samples`](Self::samples).
    pub fn on_host(self, encoder: &'static str, range: [f32; 2], grid: TimeGrid) -> Result<HostSamples, Error> {
        check_grid(encoder, grid)?;
        let (values, dims, indices, device) = match self {
            Source::Host { values, batch, features, indices, device, .. } => {
                (values, [batch, features], indices, device)
            }
            Source::Tensor(samples) => {
                let (dims, device) = (samples.dims(), samples.device());
                let values: Vec<f32> = samples.detach().into_data().iter::<f32>().collect();
                (values.into(), dims, vec![], device)
            }
            Source::Events { .. } => {
                let problem = "was given events; it encodes values. Use the encoder `events` for events";
                return Err(refused(encoder, problem));
            }
        };
        check_dims(encoder, dims)?;
        let [batch, features] = dims;
        if batch.checked_mul(features) != Some(values.len()) {
            let problem = format!("was given {} values; expected {batch} samples of {features}", values.len());
            return Err(refused(encoder, problem));
        }
        if !indices.is_empty() && indices.len() != batch {
            let problem = format!("was given {} indices of samples; expected one for each of {batch}", indices.len());
            return Err(refused(encoder, problem));
        }
        check_range(encoder, values.range(), range)?;
        Ok(HostSamples { values: values.into_floats(), batch, features, indices, device })
    }

    /// The events of a batch, the number of inputs, and the device of the activations. Each event is of an input that
    /// exists, at a time of 0 ms or more.
    ///
    /// # Errors
    ///
    /// [`Error::Source`] if there are values instead, or no samples, or an event that there cannot be; or if there
    /// cannot be such a grid.
    pub fn events(self, encoder: &'static str, grid: TimeGrid) -> Result<(Vec<Events>, usize, Device), Error> {
        check_grid(encoder, grid)?;
        let Source::Events { events: samples, inputs, device } = self else {
            let problem = "was given values; it encodes events. Use the encoder `spike_times` for one time per input";
            return Err(refused(encoder, problem));
        };
        if samples.is_empty() || inputs == 0 {
            return Err(refused(encoder, "was given no samples, or no inputs; expected at least one of each"));
        }
        for (sample, events) in samples.iter().enumerate() {
            events.check(inputs).map_err(|problem| refused(encoder, format!("{problem} in sample {sample}")))?;
        }
        Ok((samples, inputs, device))
    }
}

fn refused(encoder: &'static str, problem: impl Into<String>) -> Error {
    Error::Source { encoder, problem: problem.into() }
}

fn check_grid(encoder: &'static str, grid: TimeGrid) -> Result<(), Error> {
    match grid.is_valid() {
        true => Ok(()),
        false => {
            let TimeGrid { steps, dt } = grid;
            let problem =
                format!("was given a time grid of {steps} steps of {dt} ms; expected at least 1 of more than 0 ms");
            Err(refused(encoder, problem))
        }
    }
}

fn check_dims(encoder: &'static str, dims: [usize; 2]) -> Result<(), Error> {
    match dims.contains(&0) {
        false => Ok(()),
        true => {
            let problem = format!("was given samples of shape {dims:?}; expected [B, F] with at least one of each");
            Err(refused(encoder, problem))
        }
    }
}

fn check_range(encoder: &'static str, [least, most]: [f32; 2], [low, high]: [f32; 2]) -> Result<(), Error> {
    // NaN compares as false
    if least >= low && most <= high {
        return Ok(());
    }
    let expected = match (low, high) {
        (f32::MIN, f32::MAX) => "finite values".to_string(),
        (0.0, f32::MAX) => "values of 0 or more".to_string(),
        _ => format!("values in [{low}, {high}]"),
    };
    Err(refused(encoder, format!("was given values from {least} to {most}; expected {expected}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GRID: TimeGrid = TimeGrid { steps: 1, dt: 1.0 };

    fn message(source: Source) -> String {
        source.samples("poisson", [0.0, 1.0], GRID).unwrap_err().to_string()
    }

    #[test]
    fn what_cannot_be_encoded_is_refused_by_name() {
        let tensor = |values: [f32; 3]| Source::from(Tensor::<2>::from_floats([values], &Device::default()));
        assert!(tensor([0.0, 0.5, 1.0]).samples("poisson", [0.0, 1.0], GRID).is_ok());
        assert_eq!(
            message(tensor([0.0, -0.5, 1.5])),
            "encoder `poisson` was given values from -0.5 to 1.5; expected values in [0, 1]"
        );
        assert!(message(tensor([0.0, f32::NAN, 1.0])).contains("NaN"));
        assert!(message(Tensor::zeros([0, 3], &Device::default()).into()).contains("[0, 3]"));
        assert!(message(Source::Events { events: vec![], inputs: 3, device: Device::default() }).contains("`events`"));
    }

    #[test]
    fn values_on_the_host_are_checked_there_and_become_those_of_a_tensor() {
        let host = |values: Values, batch| Source::Host {
            values,
            batch,
            features: 3,
            indices: vec![],
            lengths: vec![],
            device: Device::default(),
        };
        let bytes = host(vec![0u8, 51, 255].into(), 1).samples("poisson", [0.0, 1.0], GRID).unwrap();
        assert_eq!(bytes.into_data().try_into_vec::<f32>().unwrap(), [0.0, 0.2, 1.0]);
        assert!(message(host(vec![0.0, 1.0, 1.5].into(), 1)).contains("from 0 to 1.5"));
        assert!(message(host(vec![0.0; 3].into(), 2)).contains("was given 3 values; expected 2 samples of 3"));
        let batch = Batch::without_targets(vec![0u8; 12], [2, 3]);
        let samples = Source::from_batch(&batch, &Device::default()).samples("poisson", [0.0, 1.0], GRID);
        assert_eq!(samples.unwrap().dims(), [2, 6]);
    }
}
