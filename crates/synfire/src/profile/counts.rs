//! Spikes and operations of each layer, summed over samples.

use super::{EnergyConstants, Latency, LayerProfile, Profile};
use crate::Error;
use crate::coding::Source;
use crate::host::floats;
use crate::network::{Network, Node};
use crate::neuron::OutputKind;
use crate::parameters::parameters;
use burn::tensor::Tensor;
use serde_json::Value;

/// Sums over samples.
pub(super) struct Counts {
    layers: Vec<LayerCounts>,
    samples: usize,
    /// Sum over samples of the step of the first output spike, and how many have one.
    first_spikes: (usize, usize),
}

/// Sums of a layer.
#[derive(Default)]
struct LayerCounts {
    /// Connections that leave each input; empty of a layer without weights.
    fan_out: Vec<usize>,
    spikes: u64,
    /// Connections that leave the inputs that are not 0.
    reached: u64,
    /// All connections, at each step that has an input of its own.
    all: u64,
    /// Whether an input was neither 0 nor 1.
    is_graded: bool,
    /// Synaptic operations of connections of neurons to themselves.
    recurrent: u64,
}

impl Counts {
    pub(super) fn of(network: &Network) -> Self {
        let layer = |(node, config): (&Node, &crate::network::LayerConfig)| LayerCounts {
            fan_out: config.kind.fan_out(node.input_shape(), node.output_shape()).unwrap_or_default(),
            ..LayerCounts::default()
        };
        let layers = network.layers().iter().zip(&network.config().layers).map(layer).collect();
        Counts { layers, samples: 0, first_spikes: (0, 0) }
    }

    /// Runs the samples of a batch and adds up what they do.
    pub(super) fn add(&mut self, network: &Network, source: Source, seed: u64) -> Result<(), Error> {
        let mut sent: Vec<Option<Tensor<3>>> = vec![None; network.layers().len()];
        let mut samples = None;
        network.activity(source, seed, |layer, values| match layer {
            Some(layer) => sent[layer] = Some(values),
            None => samples = Some(values),
        })?;
        for (i, node) in network.layers().iter().enumerate() {
            if !self.layers[i].fan_out.is_empty() {
                let heard = node.sources().filter_map(|source| match source {
                    Some(layer) => sent[layer].clone(),
                    None => samples.clone(),
                });
                if let Some(input) = node.joined(heard.collect(), network.config().steps) {
                    self.layers[i].add_input(input);
                }
            }
            if let (true, Some(output)) = (spikes(node), &sent[i]) {
                let recurrent = network.config().layers[i].kind.settings().get("recurrent");
                let recurrent = recurrent.filter(|value| !matches!(value, Value::Null | Value::Bool(false)));
                self.layers[i].add_spikes(output, recurrent, node.output_shape().size());
            }
        }
        if let Some(samples) = &samples {
            self.samples += samples.dims()[1];
        }
        let last = network.layers().len() - 1;
        if let (true, Some(output)) = (spikes(&network.layers()[last]), &sent[last]) {
            self.add_first_spikes(output);
        }
        Ok(())
    }

    fn add_first_spikes(&mut self, output: &Tensor<3>) {
        let [steps, batch, neurons] = output.dims();
        let values = floats(&output.clone().into_data());
        for sample in 0..batch {
            let fires = |step: &usize| {
                let first = (step * batch + sample) * neurons;
                values[first..first + neurons].iter().any(|x| *x != 0.0)
            };
            if let Some(step) = (0..steps).find(fires) {
                self.first_spikes.0 += step + 1;
                self.first_spikes.1 += 1;
            }
        }
    }

    /// Means over the samples.
    pub(super) fn profile(&self, network: &Network, constants: EnergyConstants, compute_ms: f64) -> Profile {
        let (config, samples) = (network.config(), self.samples.max(1) as f64);
        let named = parameters(network);
        let mut dense_macs = 0.0;
        let mut layers = vec![];
        for (counts, node) in self.layers.iter().zip(network.layers()) {
            let of_layer = |name: &str| name.strip_prefix(node.path()).is_some_and(|rest| rest.starts_with('.'));
            let neurons = node.neurons().map_or(0, |_| node.output_shape().size());
            if counts.fan_out.is_empty() && neurons == 0 {
                continue;
            }
            dense_macs += counts.fan_out.iter().sum::<usize>() as f64;
            let (acs, macs) = if counts.is_graded { (0, counts.all) } else { (counts.reached, 0) };
            let mut layer = LayerProfile {
                name: node.path().to_string(),
                about: node.layer().describe(),
                neurons,
                parameters: named.iter().filter(|p| of_layer(&p.name)).map(|p| p.count).sum(),
                spikes: spikes(node).then(|| counts.spikes as f64 / samples),
                firing_rate: None,
                acs: (acs + counts.recurrent) as f64 / samples,
                macs: macs as f64 / samples,
                updates: (neurons * config.steps) as f64,
                state_bytes: node.neurons().map_or(0, |of| of.info().states.len() * neurons * size_of::<f32>()),
                energy_pj: 0.0,
            };
            layer.firing_rate = layer.spikes.map(|spikes| spikes / layer.updates);
            layer.energy_pj =
                layer.acs * constants.ac_pj + layer.macs * constants.mac_pj + layer.updates * constants.update_pj;
            layers.push(layer);
        }
        let first_spike = (self.first_spikes.1 > 0).then(|| self.first_spikes.0 as f64 / self.first_spikes.1 as f64);
        let last_spikes = network.layers().last().is_some_and(spikes);
        Profile {
            samples: self.samples,
            steps: config.steps,
            constants,
            total: total(&layers),
            layers,
            dense_macs,
            dense_energy_pj: dense_macs * constants.mac_pj,
            latency: Latency {
                first_spike_steps: first_spike,
                first_spike_ms: first_spike.map(|steps| steps * f64::from(config.dt)),
                silent_samples: if last_spikes { self.samples - self.first_spikes.1 } else { 0 },
                compute_ms,
            },
        }
    }
}

impl LayerCounts {
    fn add_input(&mut self, input: Tensor<3>) {
        let values = floats(&input.into_data());
        let each: u64 = self.fan_out.iter().map(|count| *count as u64).sum();
        for sample in values.chunks_exact(self.fan_out.len()) {
            self.all += each;
            for (value, count) in sample.iter().zip(&self.fan_out) {
                if *value != 0.0 {
                    self.reached += *count as u64;
                    self.is_graded |= *value != 1.0;
                }
            }
        }
    }

    /// Spikes of a layer, and what they do along its connections to itself before the last step.
    fn add_spikes(&mut self, output: &Tensor<3>, recurrent: Option<&Value>, neurons: usize) {
        let [steps, batch, _] = output.dims();
        let values = floats(&output.clone().into_data());
        let count = |values: &[f32]| values.iter().filter(|x| **x != 0.0).count() as u64;
        self.spikes += count(&values);
        if let Some(recurrent) = recurrent {
            let delay = recurrent.get("delay").and_then(Value::as_u64).unwrap_or(1) as usize;
            let pattern = recurrent.get("connect").unwrap_or(recurrent);
            let fan_out = if pattern == "one_to_one" { 1 } else { neurons };
            let arriving = steps.saturating_sub(delay) * batch * neurons;
            self.recurrent += count(&values[..arriving]) * fan_out as u64;
        }
    }
}

fn spikes(node: &Node) -> bool {
    node.neurons().is_some_and(|neurons| neurons.info().output == OutputKind::Spiking)
}

fn total(layers: &[LayerProfile]) -> LayerProfile {
    let mut total = LayerProfile { name: "total".to_string(), ..LayerProfile::default() };
    for layer in layers {
        total.neurons += layer.neurons;
        total.parameters += layer.parameters;
        total.acs += layer.acs;
        total.macs += layer.macs;
        total.updates += layer.updates;
        total.state_bytes += layer.state_bytes;
        total.energy_pj += layer.energy_pj;
        total.spikes = match (total.spikes, layer.spikes) {
            (Some(sum), Some(spikes)) => Some(sum + spikes),
            (one, other) => one.or(other),
        };
    }
    // of the neurons that spike
    let updates: f64 = layers.iter().filter(|layer| layer.spikes.is_some()).map(|layer| layer.updates).sum();
    total.firing_rate = total.spikes.map(|spikes| spikes / updates);
    total
}
