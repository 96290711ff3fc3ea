//! Layers made ready to run.

use super::bounds::Values;
use super::conv2d::Conv2dOp;
use super::linear::LinearOp;
use super::neurons::NeuronsOp;
use super::pool2d::Pool2dOp;
use crate::{Error, Layer};

/// A layer made ready to run.
#[derive(Clone, Debug)]
pub(super) enum Op {
    Linear(LinearOp),
    Conv2d(Conv2dOp),
    Pool2d(Pool2dOp),
    Neurons(NeuronsOp),
}

impl Op {
    pub(super) fn new(layer: Layer, path: &str, input: &Values) -> Result<Self, Error> {
        Ok(match layer {
            Layer::Linear(layer) => Op::Linear(LinearOp::new(&layer, path, input)?),
            Layer::Conv2d(layer) => Op::Conv2d(Conv2dOp::new(layer, path, input)?),
            Layer::Pool2d(layer) => Op::Pool2d(Pool2dOp::new(layer, path, input)?),
            Layer::Neurons(layer) => Op::Neurons(NeuronsOp::new(layer, path, input)?),
        })
    }

    /// Values after the layer.
    pub(super) fn output(&self, path: &str, input: &Values) -> Result<Values, Error> {
        match self {
            Op::Linear(op) => op.output(path, input),
            Op::Conv2d(op) => op.output(path, input),
            Op::Pool2d(op) => op.output(path, input),
            Op::Neurons(_) => Ok(Values { shape: input.shape.clone(), largest: 1 }),
        }
    }

    /// Multiplications, or values of windows, of a step.
    pub(super) fn work(&self) -> u64 {
        match self {
            Op::Linear(op) => op.work(),
            Op::Conv2d(op) => op.work(),
            Op::Pool2d(op) => op.work(),
            Op::Neurons(_) => 0,
        }
    }

    /// The output of a layer without a state.
    pub(super) fn apply(&self, input: &[i32]) -> Vec<i32> {
        match self {
            Op::Linear(op) => op.apply(input),
            Op::Conv2d(op) => op.apply(input),
            Op::Pool2d(op) => op.apply(input),
            Op::Neurons(_) => input.to_vec(),
        }
    }
}
