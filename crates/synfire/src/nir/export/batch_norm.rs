//! Normalisations, which go into the weights before them.

use super::Exporter;
use super::nodes::{Part, number, senders};
use crate::Error;
use crate::nir::{Affine, Array, Conv, Element, NodeKind};
use serde_json::{Map, Value};

/// A normalisation of a channel in inference: `factor x + shift`.
struct Channel {
    factor: f64,
    shift: f64,
}

impl Exporter<'_> {
    /// Puts a normalisation into the node of the connection before it.
    pub(super) fn normalise(&mut self, i: usize, settings: &Map<String, Value>) -> Result<Part, Error> {
        let refuse = |problem: &str| Error::config(format!("layers.{i}"), problem.to_string());
        if settings.get("per_step") == Some(&Value::Bool(true)) {
            return Err(refuse("has a weight for each step (`per_step`), which NIR cannot say; train without it"));
        }
        let config = self.network.config();
        let alone = refuse(
            "normalises what is not the output of one `linear` or convolution that nobody else listens to, which it could be \
             part of; put it right behind one",
        );
        let &[Some(connection)] = &senders(config, i)[..] else { return Err(alone) };
        let listeners = (0..config.layers.len()).filter(|&other| senders(config, other).contains(&Some(connection)));
        if listeners.count() != 1 || config.layers[i].delay.is_some() {
            return Err(alone);
        }
        let of = |name: &str| self.stored(i, name).ok_or_else(|| refuse(&format!("has no `{name}`")));
        let (gamma, beta, mean, variance) = (of("gamma")?, of("beta")?, of("running_mean")?, of("running_var")?);
        let epsilon = number(settings, "epsilon", 1e-5);
        let channel = |c: usize| {
            let factor = gamma[c] / (variance[c] + epsilon).sqrt();
            Channel { factor, shift: beta[c] - mean[c] * factor }
        };
        let channels: Vec<Channel> = (0..gamma.len()).map(channel).collect();
        let node = &self.network.layers()[connection];
        let name = self.name(node.path(), node.name());
        let kind = self.graph.nodes.get(&name).and_then(|node| fold(&node.kind, &channels)).ok_or(alone)?;
        if let Some(node) = self.graph.nodes.get_mut(&name) {
            node.kind = kind;
        }
        self.tell(i, "batch_norm", &format!("part of the weights and the bias of `{name}`"), vec![]);
        Ok(Part::default())
    }
}

/// A connection with a normalisation of its outputs; none of other nodes.
fn fold(kind: &NodeKind, channels: &[Channel]) -> Option<NodeKind> {
    Some(match kind {
        NodeKind::Linear(n) => {
            let bias = Array::filled(&[channels.len()], 0.0, Element::F32);
            NodeKind::Affine(Affine { weight: scaled(&n.weight, channels)?, bias: shifted(&bias, channels)? })
        }
        NodeKind::Affine(n) => {
            NodeKind::Affine(Affine { weight: scaled(&n.weight, channels)?, bias: shifted(&n.bias, channels)? })
        }
        NodeKind::Conv1d(n) => NodeKind::Conv1d(convolution(n, channels)?),
        NodeKind::Conv2d(n) => NodeKind::Conv2d(convolution(n, channels)?),
        _ => return None,
    })
}

fn convolution<const AXES: usize>(conv: &Conv<AXES>, channels: &[Channel]) -> Option<Conv<AXES>> {
    let (weight, bias) = (scaled(&conv.weight, channels)?, shifted(&conv.bias, channels)?);
    Some(Conv { weight, bias, ..conv.clone() })
}

/// Weights whose first axis are the channels.
fn scaled(weight: &Array, channels: &[Channel]) -> Option<Array> {
    let each = weight.values().len().checked_div(channels.len()).filter(|&each| each > 0)?;
    let rows = weight.values().chunks_exact(each).zip(channels);
    let values = rows.flat_map(|(row, channel)| row.iter().map(|w| f64::from((w * channel.factor) as f32)));
    Array::new(weight.shape(), values.collect(), Element::F32)
}

fn shifted(bias: &Array, channels: &[Channel]) -> Option<Array> {
    let values = bias.values().iter().zip(channels);
    let values = values.map(|(b, channel)| f64::from((b * channel.factor + channel.shift) as f32)).collect();
    Array::new(bias.shape(), values, Element::F32)
}
