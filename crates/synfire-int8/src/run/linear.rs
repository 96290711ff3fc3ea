//! All inputs to all outputs.

use super::bounds::Values;
use crate::{Error, Linear};

/// All inputs to all outputs. Inputs that are 0 cost nothing.
#[derive(Clone, Debug)]
pub(super) struct LinearOp {
    outputs: usize,
    /// `[inputs, outputs]`, so that an input reads its weights one after the other.
    weight: Vec<i8>,
    /// Largest sum of the sizes of the weights of an output.
    largest: i64,
}

impl LinearOp {
    pub(super) fn new(layer: &Linear, path: &str, input: &Values) -> Result<Self, Error> {
        let (inputs, outputs) = (input.size(), layer.outputs);
        if outputs == 0 || inputs.checked_mul(outputs) != Some(layer.weight.len()) {
            let found = format!("has {} values", layer.weight.len());
            return Err(Error::field(path, "weight", found, format!("{outputs} outputs of {inputs} inputs each")));
        }
        let size = |row: &[i8]| row.iter().map(|&w| i64::from(w).abs()).sum::<i64>();
        let largest = layer.weight.chunks_exact(inputs).map(size).max().unwrap_or(0);
        let weight = (0..inputs).flat_map(|i| (0..outputs).map(move |o| layer.weight[o * inputs + i])).collect();
        Ok(LinearOp { outputs, weight, largest })
    }

    pub(super) fn output(&self, path: &str, input: &Values) -> Result<Values, Error> {
        Values::checked(path, vec![self.outputs], self.largest.saturating_mul(input.largest))
    }

    pub(super) fn work(&self) -> u64 {
        self.weight.len() as u64
    }

    pub(super) fn apply(&self, input: &[i32]) -> Vec<i32> {
        let mut sums = vec![0i32; self.outputs];
        for (&x, weight) in input.iter().zip(self.weight.chunks_exact(self.outputs)) {
            if x != 0 {
                sums.iter_mut().zip(weight).for_each(|(sum, &w)| *sum += x * i32::from(w));
            }
        }
        sums
    }
}
