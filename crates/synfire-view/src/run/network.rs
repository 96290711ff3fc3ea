//! The network as a graph: layers with their inputs, shapes and parameters.

use crate::Error;
use crate::answer::json;
use crate::device::floats;
use crate::trained::Trained;
use axum::response::Response;
use burn::tensor::TensorData;
use serde::Serialize;
use synfire::network::NamedParameter;
use synfire::parameters::values;

#[derive(Serialize)]
struct Graph {
    input: Vec<usize>,
    outputs: usize,
    steps: usize,
    /// In ms.
    dt: f32,
    encoder: String,
    decoder: String,
    layers: Vec<Layer>,
    /// Values of all parameters, and of those that can learn.
    values: usize,
    learnable: usize,
}

#[derive(Serialize)]
struct Layer {
    path: String,
    about: String,
    /// Names or paths of the layers that it listens to, where its description names them.
    inputs: Vec<String>,
    input_shape: Vec<usize>,
    output_shape: Vec<usize>,
    parameters: Vec<Parameter>,
}

#[derive(Serialize)]
struct Parameter {
    name: String,
    shape: Vec<usize>,
    unit: &'static str,
    learns: bool,
    count: usize,
    mean: f64,
    minimum: f32,
    maximum: f32,
}

/// The network of a run.
pub(crate) fn network(trained: &Trained) -> Result<Response, Error> {
    let network = &trained.network;
    let config = network.config();
    let parameters = values(network).into_iter().map(Parameter::of).collect::<Result<Vec<_>, Error>>()?;
    let counted = |learns: bool| parameters.iter().filter(|p| p.learns || !learns).map(|p| p.count).sum();
    let (all, learnable) = (counted(false), counted(true));
    let mut left = parameters;
    let mut layers = vec![];
    for (node, described) in network.layers().iter().zip(&config.layers) {
        let own = format!("{}.", node.path());
        let (parameters, others) = left.into_iter().partition(|p: &Parameter| p.name.starts_with(&own));
        left = others;
        layers.push(Layer {
            path: node.name().map_or_else(|| node.path().to_string(), |name| format!("{} ({name})", node.path())),
            about: node.layer().describe(),
            inputs: described.inputs.clone(),
            input_shape: node.input_shape().dims().to_vec(),
            output_shape: node.output_shape().dims().to_vec(),
            parameters,
        });
    }
    json(&Graph {
        input: network.input().to_vec(),
        outputs: network.classes(),
        steps: config.steps,
        dt: config.dt,
        encoder: config.encoder.name().to_string(),
        decoder: config.decoder.name().to_string(),
        layers,
        values: all,
        learnable,
    })
}

impl Parameter {
    fn of((named, data): (NamedParameter, TensorData)) -> Result<Self, Error> {
        let values = floats(data)?;
        Ok(Parameter {
            name: named.name,
            shape: named.shape,
            unit: named.unit,
            learns: named.learnable,
            count: values.len(),
            mean: values.iter().map(|&x| f64::from(x)).sum::<f64>() / values.len().max(1) as f64,
            minimum: values.iter().copied().fold(f32::INFINITY, f32::min),
            maximum: values.iter().copied().fold(f32::NEG_INFINITY, f32::max),
        })
    }
}
