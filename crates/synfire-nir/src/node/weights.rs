//! All-to-all connections.

use super::{Fields, Source, check_finite};
use crate::{Array, Group, NirError};

/// `y = W x + b`.
#[derive(Clone, Debug, PartialEq)]
pub struct Affine {
    /// `[outputs, inputs]`
    pub weight: Array,
    /// `[outputs]`
    pub bias: Array,
}

/// `y = W x`.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear {
    /// `[outputs, inputs]`
    pub weight: Array,
}

fn check_weight(node: &str, weight: &Array) -> Result<[usize; 2], NirError> {
    check_finite(node, &[("weight", weight)])?;
    match *weight.shape() {
        [outputs, inputs] => Ok([outputs, inputs]),
        ref shape => Err(NirError::field(node, "weight", format!("has the shape {shape:?}"), "[outputs, inputs]")),
    }
}

/// Shape of the input: the last axis of the weights.
fn input(weight: &Array) -> Option<Vec<usize>> {
    weight.shape().last().map(|&inputs| vec![inputs])
}

fn output(weight: &Array, shape: &[usize]) -> Result<Vec<usize>, String> {
    let (expected, outputs) = match *weight.shape() {
        [outputs, inputs] => (inputs, outputs),
        _ => return Err(format!("has weights of shape {:?}; expected [outputs, inputs]", weight.shape())),
    };
    match *shape {
        [inputs] if inputs == expected => Ok(vec![outputs]),
        _ => Err(format!(
            "has weights for {expected} inputs and is given the shape {shape:?}; put a Flatten node before it"
        )),
    }
}

impl Fields for Affine {
    const NAMES: &'static [&'static str] = &["weight", "bias"];

    fn read(source: Source) -> Result<Self, NirError> {
        Ok(Affine { weight: source.array("weight")?, bias: source.array("bias")? })
    }

    fn write(&self) -> Group {
        Group::default().with("weight", self.weight.clone()).with("bias", self.bias.clone())
    }

    fn check(&self, node: &str) -> Result<(), NirError> {
        let [outputs, _] = check_weight(node, &self.weight)?;
        check_finite(node, &[("bias", &self.bias)])?;
        match self.bias.broadcast(&[outputs]) {
            Some(_) => Ok(()),
            None => {
                let found = format!("has the shape {:?}", self.bias.shape());
                Err(NirError::field(node, "bias", found, format!("[{outputs}], one for each output of `weight`")))
            }
        }
    }

    fn parameters(&self) -> Vec<(&'static str, &Array)> {
        vec![("weight", &self.weight), ("bias", &self.bias)]
    }

    fn input(&self) -> Option<Vec<usize>> {
        input(&self.weight)
    }

    fn output(&self, shape: &[usize]) -> Result<Vec<usize>, String> {
        output(&self.weight, shape)
    }
}

impl Fields for Linear {
    const NAMES: &'static [&'static str] = &["weight"];

    fn read(source: Source) -> Result<Self, NirError> {
        Ok(Linear { weight: source.array("weight")? })
    }

    fn write(&self) -> Group {
        Group::default().with("weight", self.weight.clone())
    }

    fn check(&self, node: &str) -> Result<(), NirError> {
        check_weight(node, &self.weight).map(drop)
    }

    fn parameters(&self) -> Vec<(&'static str, &Array)> {
        vec![("weight", &self.weight)]
    }

    fn input(&self) -> Option<Vec<usize>> {
        input(&self.weight)
    }

    fn output(&self, shape: &[usize]) -> Result<Vec<usize>, String> {
        output(&self.weight, shape)
    }
}
