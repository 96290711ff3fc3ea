//! Policies: the probability of each action.

use super::{ActionSeed, rows};
use burn::tensor::{Int, Tensor, TensorData};

/// Logarithms of the probabilities of actions, differentiable, for policy gradients (Williams 1992).
#[derive(Clone, Debug)]
pub struct Policy {
    /// Logarithms, `[B, A]`; a probability of 0 has that of the smallest normal value.
    pub log: Tensor<2>,
}

impl Policy {
    /// Logarithms of the probabilities of the actions that were taken, `[B]`.
    ///
    /// # Panics
    ///
    /// If there is not one action per sample, or one is out of range.
    #[must_use]
    pub fn of(&self, taken: &[usize]) -> Tensor<1> {
        let [batch, actions] = self.log.dims();
        assert_eq!(taken.len(), batch, "{} actions of a batch of {batch}; expected one per sample", taken.len());
        let in_range = taken.iter().all(|action| *action < actions);
        assert!(in_range, "actions {taken:?}; expected indices below {actions}, the number of actions");
        let indices: Vec<i32> = taken.iter().map(|action| *action as i32).collect();
        let index = Tensor::<2, Int>::from_data(TensorData::new(indices, [batch, 1]), &self.log.device());
        self.log.clone().gather(1, index).squeeze_dim(1)
    }

    /// Entropy of each sample's probabilities in nats, `[B]`: `-sum p ln p`, from 0 to the logarithm of the number of
    /// actions.
    #[must_use]
    pub fn entropy(&self) -> Tensor<1> {
        (self.log.clone().exp() * self.log.clone()).sum_dim(1).squeeze_dim::<1>(1).neg()
    }

    /// Draws an action for each sample by its probability.
    #[must_use]
    pub fn sample(&self, seed: ActionSeed) -> Vec<usize> {
        let rows = rows(self.log.clone());
        let uniform = seed.uniform(rows.len());
        rows.iter().zip(uniform).map(|(row, uniform)| one(row, uniform)).collect()
    }
}

/// Draws an action by the inverse of the cumulative probability.
fn one(log: &[f32], uniform: f32) -> usize {
    let probability = |log: &f32| f64::from(log.exp());
    let total: f64 = log.iter().map(probability).sum();
    let mut left = f64::from(uniform) * total;
    let found = log.iter().position(|log| {
        left -= probability(log);
        left < 0.0
    });
    // rounding may leave a rest: then it is the likeliest action
    found.unwrap_or_else(|| super::first_maximum(log))
}
