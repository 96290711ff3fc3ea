//! A network that takes a step at a time: in floating point, or in integers.

use burn::tensor::{Device, Tensor, TensorData};
use std::error::Error;
use std::path::Path;
use synfire::checkpoint::{Checkpoint, Description};
use synfire::int8::{Model, Network as Integers, State};
use synfire::network::{Network, NetworkConfig, NetworkState};
use synfire_data::{DataOptions, EventOptions, Frames};

/// A network, and its state after the last step.
pub(crate) struct Runner {
    network: AnyNetwork,
    description: Description,
}

enum AnyNetwork {
    Floats(Box<Network>, NetworkState),
    Integers(Box<Integers>, State),
}

impl Runner {
    /// Reads a checkpoint, or a network in integers.
    pub(crate) fn read(path: &Path) -> Result<Self, Box<dyn Error>> {
        let bytes = std::fs::read(path)?;
        if !Model::recognises(&bytes) {
            return Self::of(&Checkpoint::parse(&bytes, path)?);
        }
        let network = Integers::new(Model::parse(&bytes)?)?;
        let description = serde_json::from_str(network.metadata("description").ok_or("has no description")?)?;
        let state = network.state();
        Ok(Runner { network: AnyNetwork::Integers(Box::new(network), state), description })
    }

    fn of(checkpoint: &Checkpoint) -> Result<Self, Box<dyn Error>> {
        let network = Box::new(checkpoint.network(&Device::default())?);
        let description = checkpoint.description.clone();
        Ok(Runner { network: AnyNetwork::Floats(network, NetworkState::default()), description })
    }

    /// A network that was never trained, for frames of 12 by 12 pixels.
    pub(crate) fn untrained() -> Result<Self, Box<dyn Error>> {
        let config: NetworkConfig = toml::from_str(
            "steps = 60\nencoder = \"series\"\n[[layers]]\nconv2d = 8\nkernel = 5\ngain = 4.0\n[[layers]]\nneuron = \"lif\"\n\
             [[layers]]\nlinear = \"classes\"\ngain = 4.0\n[[layers]]\nneuron = \"lif\"",
        )?;
        let network = config.init(&[60, 2, 12, 12], 3, 0, &Device::default())?;
        let events = EventOptions { frames: Some(Frames::Window(1000)), ..EventOptions::default() };
        Self::of(&Checkpoint::of(&network).with_data(DataOptions { events, ..DataOptions::default() }))
    }

    /// Options by which the recordings were read that it learned from.
    pub(crate) fn data(&self) -> &DataOptions {
        &self.description.data
    }

    pub(crate) fn options(&self) -> &EventOptions {
        &self.description.data.events
    }

    /// Duration of a step in microseconds: that of the frames that it learned from, or of its steps.
    pub(crate) fn step_us(&self) -> u64 {
        match self.options().frames {
            Some(Frames::Window(us)) => us,
            _ => ((f64::from(self.description.model.dt) * 1e3) as u64).max(1),
        }
    }

    /// Channels, height and width of a frame.
    pub(crate) fn sensor(&self) -> [usize; 3] {
        match self.description.input[..] {
            [.., channels, height, width] => [channels, height, width],
            [.., height, width] => [1, height, width],
            _ => [1, 1, self.description.input.iter().product()],
        }
    }

    /// Spikes of the last layer in the next step.
    pub(crate) fn step(&mut self, frame: &[f32]) -> Result<Vec<f32>, Box<dyn Error>> {
        Ok(match &mut self.network {
            AnyNetwork::Floats(network, state) => {
                let input =
                    Tensor::<3>::from_data(TensorData::new(frame.to_vec(), [1, 1, frame.len()]), &Device::default());
                let (output, next) = network.stream(input, std::mem::take(state), 0)?;
                *state = next;
                output.values.into_data().try_into_vec::<f32>().map_err(|error| format!("{error:?}"))?
            }
            AnyNetwork::Integers(network, state) => {
                let (spikes, next) = network.step(&network.quantise(frame), std::mem::take(state))?;
                *state = next;
                spikes.into_iter().map(|spike| spike as f32).collect()
            }
        })
    }

    /// Spikes of each output neuron for all steps at once.
    #[cfg(test)]
    pub(crate) fn counts_at_once(&self, recording: &synfire_data::Recording) -> Result<Vec<f32>, Box<dyn Error>> {
        let AnyNetwork::Floats(network, _) = &self.network else { return Err("for floats alone".into()) };
        let camera = super::Camera::new(self.options().clone(), self.sensor());
        let windows = camera.windows(&recording.events, self.step_us());
        let frames: Vec<f32> = windows.flat_map(|events| camera.frame(events)).collect();
        let values = network.input().iter().skip(1).product::<usize>();
        let shape = [frames.len() / values, 1, values];
        let input = Tensor::<3>::from_data(TensorData::new(frames, shape), &Device::default());
        let (output, _) = network.stream(input, NetworkState::default(), 0)?;
        Ok(output.values.sum_dim(0).into_data().try_into_vec::<f32>().map_err(|error| format!("{error:?}"))?)
    }
}
