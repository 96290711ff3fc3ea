//! The action whose neuron fires most.

use super::{ActionSeed, ActionSelector, Activations, counts, first_maximum, pick, sound};
use crate::Error;
use crate::registry::Named;
use serde::{Deserialize, Serialize};

/// The action whose neuron fires most; one of them at random where several do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HighestSpikesAction {
    /// Whether to do as SPAIC's source does, which takes the first where several fire most.
    pub spaic_compat: bool,
}

impl Named for HighestSpikesAction {
    const NAME: &'static str = "highest_spikes_action";
    const ABOUT: &'static str = "the neuron that fires most";
}

impl ActionSelector for HighestSpikesAction {
    fn select(&self, activations: &Activations, seed: ActionSeed) -> Result<Vec<usize>, Error> {
        let rows = sound(Self::NAME, "an output", counts(activations))?;
        let uniform = seed.uniform(rows.len());
        let one = |(counts, uniform): (&Vec<f32>, f32)| {
            let first = first_maximum(counts);
            let all: Vec<usize> = (0..counts.len()).filter(|i| counts[*i] == counts[first]).collect();
            if self.spaic_compat { first } else { all[pick(uniform, all.len())] }
        };
        Ok(rows.iter().zip(uniform).map(one).collect())
    }
}
