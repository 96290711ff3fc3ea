//! What the papers' neurons are known for: models with the papers' numbers must do what the papers show.
//!
//! `cargo test -p synfire-tests --test all signatures:: -- --ignored` draws the pictures of the book.

mod adex;
mod figures;
mod hodgkin_huxley;
mod izhikevich;

use burn::tensor::{Device, Tensor};
use synfire::neuron::{Neuron, NeuronConfig, NeuronState};
use synfire_tests::{numbers, tensor};

/// Neurons under constant currents, one current each.
struct Recording {
    dt: f32,
    neurons: usize,
    /// Potential in mV after each step, `[T, N]`.
    v: Vec<f32>,
    /// `[T, N]`
    spikes: Vec<f32>,
}

impl Recording {
    /// Runs for `duration` ms from `start`, the first states of every neuron; the others are at rest.
    fn of<D: Neuron>(config: &NeuronConfig<D>, start: &[f32], currents: &[f32], duration: f32) -> Self {
        let (device, neurons) = (Device::flex(), currents.len());
        let layer = config.init(&[neurons], &device);
        let rest = layer.info().states.iter().map(|state| state.default.unwrap_or(0.0));
        let values = start.iter().copied().chain(rest.skip(start.len()));
        let state = values.map(|x| Tensor::full([1, neurons], x, &device)).collect();
        let current = tensor(currents.to_vec(), [1, 1, neurons], &device);
        let steps = (duration / config.dt).round() as usize;
        let v = layer.state_index("v").unwrap();
        let out = layer.run(current, steps, Some(NeuronState(state)), &[v]).unwrap();
        Recording { dt: config.dt, neurons, v: numbers(&out.traces[0]), spikes: numbers(&out.output) }
    }

    /// When the neuron fires, in ms.
    fn spike_times(&self, neuron: usize) -> Vec<f32> {
        let spikes = self.spikes.iter().skip(neuron).step_by(self.neurons).enumerate();
        spikes.filter(|(_, spike)| **spike > 0.0).map(|(t, _)| (t + 1) as f32 * self.dt).collect()
    }

    /// Times between spikes, in ms.
    fn intervals(&self, neuron: usize) -> Vec<f32> {
        self.spike_times(neuron).windows(2).map(|pair| pair[1] - pair[0]).collect()
    }

    /// Spikes per second after `from` ms, from the intervals between them; 0 if there is none.
    fn rate(&self, neuron: usize, from: f32) -> f32 {
        let late: Vec<f32> = self.spike_times(neuron).into_iter().filter(|&t| t > from).collect();
        match late[..] {
            [first, .., last] => (late.len() - 1) as f32 / (last - first) * 1000.0,
            _ => 0.0,
        }
    }
}

/// The numbers of spikes that follow each other within `gap` ms, from the first on.
fn bursts(intervals: &[f32], gap: f32) -> Vec<usize> {
    intervals.split(|&interval| interval > gap).map(|burst| burst.len() + 1).collect()
}

/// Standard deviation over mean.
fn variation(intervals: &[f32]) -> f32 {
    let count = intervals.len() as f32;
    let mean = intervals.iter().sum::<f32>() / count;
    (intervals.iter().map(|x| (x - mean).powi(2)).sum::<f32>() / count).sqrt() / mean
}
