//! Nodes that are no neurons.

use super::plan::{Carries, Factor, Layer, Values};
use super::{ImportOptions, neurons};
use crate::Error;
use crate::nir::{Array, Conv, NodeKind, NodeShapes, Padding};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The layer that a node becomes.
pub(super) fn layer(node: &str, kind: &NodeKind, shapes: &NodeShapes, options: &ImportOptions) -> Result<Layer, Error> {
    let refuse = |problem: String| Error::config(format!("node `{node}`"), problem);
    if let Some(layer) = neurons::layer(node, kind, &shapes.output, options)? {
        return Ok(layer);
    }
    let mut layer = plain(node, kind.name(), &shapes.output);
    match kind {
        NodeKind::Linear(n) => layer.weights(json!({ "linear": shapes.output[0], "bias": false }), &n.weight, None),
        NodeKind::Affine(n) => layer.weights(json!({ "linear": shapes.output[0] }), &n.weight, Some(&n.bias)),
        NodeKind::Conv1d(n) => layer.convolution("conv1d", n),
        NodeKind::Conv2d(n) => layer.convolution("conv2d", n),
        NodeKind::SumPool2d(n) | NodeKind::AvgPool2d(n) => {
            let name = if matches!(kind, NodeKind::SumPool2d(_)) { "sum_pool2d" } else { "average_pool2d" };
            layer.set(json!({ name: n.kernel_size, "stride": n.stride, "padding": n.padding }));
            layer.carries = Carries::On;
        }
        NodeKind::Flatten(_) if shapes.output.len() == 1 => {
            layer.set(json!({ "flatten": true }));
            layer.carries = Carries::On;
        }
        NodeKind::Flatten(n) => {
            return Err(refuse(format!(
                "flattens the axes {} to {} of {:?}, which leaves {:?}; no layer here does, expected all axes as one",
                n.start_dim, n.end_dim, shapes.input, shapes.output
            )));
        }
        NodeKind::Scale(n) => layer.scale(&n.scale),
        NodeKind::Delay(n) => layer.delay(&n.delay, options)?,
        _ => return Err(refuse(format!("is of type {}, which no layer here does", kind.name()))),
    }
    Ok(layer)
}

/// A layer that passes its inputs on.
pub(super) fn identity(node: &str, kind: &'static str, shape: &[usize]) -> Layer {
    let mut layer = plain(node, kind, shape);
    layer.set(json!({ "identity": true }));
    layer
}

/// A layer of factors.
pub(super) fn scale(node: &str, factor: &Factor, shape: &[usize]) -> Layer {
    let mut layer = plain(node, "factor", shape);
    let array = match factor {
        Factor::Same(factor) => Array::double(*factor),
        Factor::Each(factors) => Array::doubles(factors.clone()),
    };
    layer.scale(&array);
    layer
}

fn plain(node: &str, kind: &'static str, shape: &[usize]) -> Layer {
    Layer {
        node: node.to_string(),
        kind,
        keys: Map::new(),
        inputs: vec![],
        values: BTreeMap::new(),
        factor: Factor::Same(1.0),
        carries: Carries::No,
        output: shape.to_vec(),
        notes: vec![],
    }
}

/// Makes weights those of a layer of neurons to itself.
pub(super) fn connect_to_itself(layer: &mut Layer, weights: &NodeKind) {
    let (weight, bias) = match weights {
        NodeKind::Affine(n) => (&n.weight, Some(&n.bias)),
        NodeKind::Linear(n) => (&n.weight, None),
        NodeKind::Scale(n) => {
            let recurrent = json!({ "connect": "one_to_one", "bias": false, "gain": 1.0, "delay": 1 });
            layer.keys.insert("recurrent".to_string(), recurrent);
            layer.values.insert("recurrent.weight", broadcast(&n.scale, layer.output.iter().product()));
            return;
        }
        _ => return,
    };
    let recurrent = json!({ "connect": "all_to_all", "bias": bias.is_some(), "gain": 1.0, "delay": 1 });
    layer.keys.insert("recurrent".to_string(), recurrent);
    layer.values.insert("recurrent.weight", values(weight));
    if let Some(bias) = bias {
        layer.values.insert("recurrent.bias", broadcast(bias, weight.shape().first().copied().unwrap_or(0)));
    }
}

fn values(array: &Array) -> Values {
    Values { shape: array.shape().to_vec(), values: array.values().to_vec() }
}

/// A value for each output; a single one holds for all.
fn broadcast(bias: &Array, outputs: usize) -> Values {
    let values = bias.broadcast(&[outputs]).unwrap_or_else(|| bias.values().to_vec());
    Values { shape: vec![values.len()], values }
}

impl Layer {
    fn set(&mut self, keys: Value) {
        if let Value::Object(keys) = keys {
            self.keys.extend(keys);
        }
    }

    fn weights(&mut self, keys: Value, weight: &Array, bias: Option<&Array>) {
        self.set(keys);
        self.values.insert("weight", values(weight));
        if let Some(bias) = bias {
            self.values.insert("bias", broadcast(bias, weight.shape().first().copied().unwrap_or(0)));
        }
        self.carries = Carries::Outputs;
    }

    fn convolution<const AXES: usize>(&mut self, name: &str, conv: &Conv<AXES>) {
        let kernel: Vec<usize> = (0..AXES).map(|axis| conv.kernel(axis)).collect();
        let padding = match conv.padding {
            Padding::Amount(amount) => json!(amount.to_vec()),
            Padding::Same => json!("same"),
            Padding::Valid => json!("valid"),
        };
        let outputs = conv.weight.shape().first().copied().unwrap_or(0);
        let keys = json!({
            name: outputs,
            "kernel": kernel,
            "stride": conv.stride.to_vec(),
            "padding": padding,
            "dilation": conv.dilation.to_vec(),
            "groups": conv.groups,
        });
        self.weights(keys, &conv.weight, Some(&conv.bias));
    }

    fn scale(&mut self, factors: &Array) {
        match factors.values() {
            [factor] => self.set(json!({ "scale": *factor as f32 })),
            all => {
                self.set(json!({ "scale": 1.0, "per": "neuron" }));
                self.values.insert("weight", Values { shape: vec![all.len()], values: all.to_vec() });
                self.carries = Carries::Outputs;
            }
        }
    }

    fn delay(&mut self, delays: &Array, options: &ImportOptions) -> Result<(), Error> {
        let steps: Vec<f64> = delays.values().iter().map(|delay| near_whole(delay / options.dt)).collect();
        let first = steps.first().copied().unwrap_or(0.0);
        let most = steps.iter().copied().fold(0.0, f64::max);
        if let Some(wrong) = steps.iter().find(|steps| !(0.0..1e6).contains(*steps)) {
            let problem = format!("delays by {wrong} steps of {} s; expected 0 to a million steps", options.dt);
            return Err(Error::config(format!("node `{}`, field `delay`", self.node), problem));
        }
        self.set(json!({ "identity": true }));
        if steps.iter().all(|&steps| steps == first && steps.fract() == 0.0) {
            // no delay is none
            if first > 0.0 {
                self.keys.insert("delay".to_string(), json!(first as usize));
            }
            self.carries = Carries::On;
            return Ok(());
        }
        if steps.iter().any(|steps| steps.fract() != 0.0) {
            self.notes.push("a delay between steps: inputs are interpolated between the two nearest".to_string());
        }
        let per = if steps.len() == 1 { "layer" } else { "input" };
        let between = json!({ "value": first as f32, "max": (most.ceil() as usize).max(1), "per": per });
        self.keys.insert("delay".to_string(), between);
        self.values.insert("delay", Values { shape: vec![steps.len()], values: steps });
        Ok(())
    }
}

/// A number of steps, whole where it is but for rounding.
fn near_whole(steps: f64) -> f64 {
    if (steps - steps.round()).abs() < 1e-4 * steps.abs().max(1.0) { steps.round() } else { steps }
}
