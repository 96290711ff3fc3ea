//! Targets of rewards.

use super::unsuited;
use crate::Error;
use burn::tensor::{Device, Tensor, TensorData};

/// The right answers, or values from outside.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// Right class of each sample, `[B]`.
    Labels(Vec<usize>),
    /// Value that the environment gave for each sample, `[B]`.
    Values(Vec<f32>),
}

impl Target {
    /// The labels as `[1, B, 1]`, all below `classes`.
    pub(super) fn labels(
        &self,
        name: &'static str,
        batch: usize,
        classes: usize,
        device: &Device,
    ) -> Result<Tensor<3>, Error> {
        let Target::Labels(labels) = self else {
            return Err(unsuited(name, "was given values; it compares with labels, one per sample"));
        };
        if let Some(label) = labels.iter().find(|label| **label >= classes) {
            return Err(unsuited(name, format!("was given the label {label}; expected one below {classes}")));
        }
        per_sample(name, labels.iter().map(|label| *label as f32).collect(), batch, device)
    }

    /// The values as `[1, B, 1]`.
    pub(super) fn values(&self, name: &'static str, batch: usize, device: &Device) -> Result<Tensor<3>, Error> {
        let Target::Values(values) = self else {
            return Err(unsuited(name, "was given labels; it passes on values, one per sample"));
        };
        if let Some(value) = values.iter().find(|value| !value.is_finite()) {
            return Err(unsuited(name, format!("was given the value {value}; expected finite numbers")));
        }
        per_sample(name, values.clone(), batch, device)
    }
}

fn per_sample(name: &'static str, values: Vec<f32>, batch: usize, device: &Device) -> Result<Tensor<3>, Error> {
    match values.len() == batch {
        true => Ok(Tensor::from_data(TensorData::new(values, [1, batch, 1]), device)),
        false => Err(unsuited(name, format!("was given {} targets for a batch of {batch}", values.len()))),
    }
}
