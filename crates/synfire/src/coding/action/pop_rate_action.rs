//! Actions by their population's share of spikes.

use super::{ActionSeed, ActionSelector, Activations, Policy, checked, counts, sound};
use crate::Error;
use crate::registry::{BadSetting, ComponentKind, Named};
use serde::{Deserialize, Serialize};

/// Draws actions with the probability of their population's share in all spikes; any action, if there are none.
///
/// ```text
/// P(a) = spikes of population a / all spikes
/// ```
///
/// Populations are `pop_size` neighbouring neurons, one for each action.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PopRateAction {
    /// Number of neurons per action, at least 1.
    pub pop_size: usize,
}

impl Default for PopRateAction {
    fn default() -> Self {
        PopRateAction { pop_size: 1 }
    }
}

impl Named for PopRateAction {
    const NAME: &'static str = "pop_rate_action";
    const ABOUT: &'static str = "drawn by its population's share of the spikes";
}

impl ActionSelector for PopRateAction {
    fn check(&self) -> Result<(), BadSetting> {
        match self.pop_size {
            0 => Err(BadSetting::of("pop_size", "is 0; expected at least one neuron per action")),
            _ => Ok(()),
        }
    }

    fn actions(&self, neurons: usize) -> Result<usize, String> {
        match self.pop_size > 0 && neurons.is_multiple_of(self.pop_size) {
            true => Ok(neurons / self.pop_size),
            false => Err(format!(
                "has populations of `pop_size` = {} neurons and was given {neurons}; expected a multiple",
                self.pop_size
            )),
        }
    }

    fn policy(&self, activations: &Activations) -> Option<Policy> {
        let counts = counts(activations);
        let [batch, neurons] = counts.dims();
        let actions = self.actions(neurons).unwrap_or_else(|problem| panic!("action `{}` {problem}", Self::NAME));
        let counts = counts.reshape([batch, actions, self.pop_size]).sum_dim(2).squeeze_dim::<2>(2);
        let all = counts.clone().sum_dim(1);
        let silent = all.clone().lower_equal_elem(0.0).expand([batch, actions]);
        // clamped, or the gradient of a share of 0 would be 0 / 0
        let shares = counts / all.clamp_min(f32::MIN_POSITIVE);
        let shares = shares.mask_fill(silent, 1.0 / actions as f32).clamp_min(f32::MIN_POSITIVE);
        Some(Policy { log: shares.log() })
    }

    fn select(&self, activations: &Activations, seed: ActionSeed) -> Result<Vec<usize>, Error> {
        checked(Self::NAME, self.check())?;
        let refuse = |problem| Error::Unsuited { kind: <dyn ActionSelector>::WORD, name: Self::NAME, problem };
        let rows = sound(Self::NAME, "an output", counts(activations))?;
        if let Some(negative) = rows.iter().flatten().find(|count| **count < 0.0) {
            let problem =
                format!("was given a sum of {negative} over time; expected spikes, or an output of 0 or more");
            return Err(refuse(problem));
        }
        self.actions(rows[0].len()).map_err(refuse)?;
        Ok(self.policy(activations).map_or_else(Vec::new, |policy| policy.sample(seed)))
    }
}
