//! Input, outputs and parameters of a network.

use crate::Error;
use crate::answer::json;
use crate::trained::Trained;
use axum::response::Response;
use burn::tensor::TensorData;
use serde::Serialize;
use synfire::host::floats;
use synfire::network::NamedParameter;
use synfire::parameters::values;

#[derive(Serialize)]
struct Summary {
    input: Vec<usize>,
    outputs: usize,
    parameters: Vec<Parameter>,
    /// Values of all parameters, and of those that can learn.
    values: usize,
    learnable: usize,
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
    let parameters: Vec<Parameter> = values(network).into_iter().map(Parameter::of).collect();
    json(&Summary {
        input: network.input().to_vec(),
        outputs: network.classes(),
        values: parameters.iter().map(|p| p.count).sum(),
        learnable: parameters.iter().filter(|p| p.learns).map(|p| p.count).sum(),
        parameters,
    })
}

impl Parameter {
    fn of((named, data): (NamedParameter, TensorData)) -> Self {
        let values = floats(&data);
        Parameter {
            name: named.name,
            shape: named.shape,
            unit: named.unit,
            learns: named.learnable,
            count: values.len(),
            mean: values.iter().map(|&x| f64::from(x)).sum::<f64>() / values.len().max(1) as f64,
            minimum: values.iter().copied().fold(f32::INFINITY, f32::min),
            maximum: values.iter().copied().fold(f32::NEG_INFINITY, f32::max),
        }
    }
}
