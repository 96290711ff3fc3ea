//! The layers of a network one after the other, as parts of a module.

use super::stored::Stored;
use super::{Peer, layers, leaky, parametric};
use crate::Error;
use crate::checkpoint::Checkpoint;
use crate::exchange::StateTensor;
use crate::network::{Join, LayerConfig, Network};

/// A layer as a part of a module.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    /// Attribute of the module, `fc1`; empty for operations without one.
    pub(super) name: String,
    /// Expression that makes it, `torch.nn.Linear(784, 512)`.
    pub(super) constructor: String,
    /// Statement that applies it to `x` in a step.
    pub(super) call: String,
    /// Whether it has a state to be forgotten between samples.
    pub(super) is_stateful: bool,
    pub(super) tensors: Vec<StateTensor>,
}

/// Parts in order, and what the framework sees differently.
pub(super) struct Chain {
    pub(super) parts: Vec<Part>,
    pub(super) notes: Vec<String>,
}

/// Numbers of the names of parts, by their beginnings: `fc1`, `fc2`.
#[derive(Default)]
pub(super) struct Names(std::collections::HashMap<&'static str, usize>);

impl Names {
    pub(super) fn next(&mut self, stem: &'static str) -> String {
        let number = self.0.entry(stem).or_default();
        *number += 1;
        format!("{stem}{number}")
    }
}

/// A layer that is to be written.
pub(super) struct Site<'a> {
    pub(super) config: &'a LayerConfig,
    pub(super) stored: Stored<'a>,
    /// Shapes of a sample before and after it.
    pub(super) input: &'a [usize],
    pub(super) output: &'a [usize],
    /// Time step in ms.
    pub(super) dt: f64,
    /// Factor of the currents of each neuron that listens to this connection; one or as many as there are outputs.
    pub(super) factor: Vec<f64>,
}

pub(super) fn of(checkpoint: &Checkpoint, network: &Network, peer: Peer) -> Result<Chain, Error> {
    let config = network.config();
    let (mut names, mut parts, mut notes) = (Names::default(), vec![], vec![]);
    for i in 0..network.layers().len() {
        let refuse = |problem: String| Error::config(format!("layers.{i}"), problem);
        let layer = &config.layers[i];
        check_chain(i, layer, config.delay, peer).map_err(refuse)?;
        let site = |i: usize| Site {
            config: &config.layers[i],
            stored: Stored::new(checkpoint, i),
            input: network.layers()[i].input_shape().dims(),
            output: network.layers()[i].output_shape().dims(),
            dt: f64::from(config.dt),
            factor: vec![1.0],
        };
        let mut this = site(i);
        let is_neurons = layer.kind.model().is_some();
        let part = match is_neurons {
            true if peer == Peer::Snntorch => leaky::part(&this, &mut names, &mut notes, i),
            true => parametric::part(&this, &mut names, &mut notes, i),
            false => {
                // what the neurons after it do to their input, where the framework's neurons do not
                if let Some(next) = config.layers.get(i + 1).filter(|next| next.kind.model().is_some()) {
                    this.factor = leaky::factor(peer, next, &site(i + 1));
                }
                layers::part(&this, &mut names)
            }
        };
        parts.extend(part.map_err(refuse)?);
    }
    Ok(Chain { parts, notes })
}

/// Refuses a layer that is more than the next one of a chain.
fn check_chain(i: usize, layer: &LayerConfig, delay: usize, peer: Peer) -> Result<(), String> {
    let peer = peer.name();
    let before = format!("layers.{}", i.wrapping_sub(1));
    let is_next = match &layer.inputs[..] {
        [] => true,
        [one] => i == 0 && one == "input" || *one == before,
        _ => false,
    };
    if !is_next || layer.join != Join::default() && layer.inputs.len() > 1 {
        return Err(format!(
            "listens to {}, and modules are written for {peer} as chains of layers; export to safetensors and write the \
             module by hand",
            layer.inputs.join(", ")
        ));
    }
    if layer.delay.is_some() || delay > 0 && layer.kind.is_connection() {
        return Err(format!("has a delay, which {peer} has no module for; train without `delay`"));
    }
    if layer.inject.is_some() {
        return Err(format!("has a current of its own (`inject`), which {peer} has no module for; leave it out"));
    }
    Ok(())
}
