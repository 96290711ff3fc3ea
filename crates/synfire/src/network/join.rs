//! Several inputs of a layer as one.

use super::Shape;
use super::activations::every_step;
use crate::coding::Activations;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Operation that joins the inputs of a layer.
///
/// `and` and `iand` are those of SEW-ResNet (Fang et al. 2021, Deep residual learning in spiking neural networks), whose
/// inputs are spikes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Join {
    /// Their sum.
    #[default]
    Add,
    /// Their product: a spike where all inputs spike.
    And,
    /// `(1 - a) b` of the inputs `a`, `b`: the spikes of the last input where none of those before spikes.
    Iand,
    /// One after the other along the channels.
    Concat,
}

impl Join {
    pub(super) fn is_add(&self) -> bool {
        *self == Join::Add
    }

    /// Shape of the joined input.
    ///
    /// # Errors
    ///
    /// Which shapes do not go together, and the cure.
    pub(super) fn shape(self, shapes: &[Shape]) -> Result<Shape, String> {
        let Some((first, rest)) = shapes.split_first() else { return Err("has no inputs".to_string()) };
        if self == Join::Iand && rest.len() != 1 {
            return Err(format!("has {} inputs; expected two with `join = \"iand\"`", shapes.len()));
        }
        let differs = |other: &&Shape| match self {
            Join::Concat => other.dims().len() != first.dims().len() || other.dims()[1..] != first.dims()[1..],
            Join::Add | Join::And | Join::Iand => *other != first,
        };
        match (rest.iter().find(differs), self) {
            (Some(other), Join::Concat) => Err(format!(
                "listens to samples of shape {first} and {other}, which `join = \"concat\"` puts side by side along the first \
                 axis; expected the same other axes"
            )),
            (Some(other), _) => Err(format!(
                "listens to samples of shape {first} and {other}; expected one shape, or `join = \"concat\"`"
            )),
            (None, Join::Concat) => {
                let channels = shapes.iter().map(Shape::channels).sum();
                Ok([&[channels], &first.dims()[1..]].concat().into())
            }
            (None, _) => Ok(first.clone()),
        }
    }

    /// The inputs as one; those that stay the same over `steps` may be mixed with others.
    pub(super) fn apply(self, inputs: Vec<Activations>, steps: usize) -> Option<Activations> {
        let product = |f: fn(Tensor<3>, Tensor<3>) -> Tensor<3>| {
            move |a: Activations, b: Activations| Activations {
                values: f(a.values, b.values),
                spike_times: None,
                potential: None,
                dt: a.dt,
            }
        };
        match self {
            Join::Add => inputs.into_iter().reduce(Activations::add),
            Join::And => inputs.into_iter().reduce(product(|a, b| a * b)),
            Join::Iand => inputs.into_iter().reduce(product(|a, b| (a.neg() + 1.0) * b)),
            Join::Concat => concat(inputs, steps),
        }
    }
}

fn concat(inputs: Vec<Activations>, steps: usize) -> Option<Activations> {
    let [first, _, ..] = inputs.as_slice() else { return inputs.into_iter().next() };
    let (rows, dt) = (first.values.dims()[0], first.dt);
    let alike = inputs.iter().all(|input| input.values.dims()[0] == rows);
    let steps = if alike { rows } else { steps };
    let join = |tensors: Vec<Tensor<3>>| Tensor::cat(tensors.into_iter().map(|x| every_step(x, steps)).collect(), 2);
    let any_times = inputs.iter().any(|input| input.spike_times.is_some());
    let times = |input: &Activations| input.spike_times.clone().unwrap_or_else(|| input.values.zeros_like());
    let spike_times = any_times.then(|| join(inputs.iter().map(times).collect()));
    let values = join(inputs.into_iter().map(|input| input.values).collect());
    Some(Activations { values, spike_times, potential: None, dt })
}
