//! The action whose neuron fires first.

use super::{ActionSeed, ActionSelector, Activations, counts, first_maximum, rows, sound};
use crate::Error;
use crate::registry::Named;
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// The action whose neuron fires first, the lowest one where several fire in the same step; action 0 where none
/// fires.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FirstSpikeAction {}

impl Named for FirstSpikeAction {
    const NAME: &'static str = "first_spike_action";
    const ABOUT: &'static str = "the neuron that fires first";
}

impl ActionSelector for FirstSpikeAction {
    fn select(&self, activations: &Activations, _: ActionSeed) -> Result<Vec<usize>, Error> {
        sound(Self::NAME, "an output", counts(activations))?;
        let steps = activations.values.dims()[0];
        // earlier spikes have larger weights: the largest is the first
        let weights: Vec<f32> = (0..steps).map(|step| (steps - step) as f32).collect();
        let weights = Tensor::<1>::from_floats(weights.as_slice(), &activations.values.device());
        let spikes = activations.values.clone().greater_elem(0.0).float();
        let earliness = (spikes * weights.reshape([steps, 1, 1])).max_dim(0).squeeze_dim::<2>(0);
        Ok(rows(earliness).iter().map(|row| first_maximum(row)).collect())
    }
}
