//! The action with the highest membrane potential, with exploration that fades.

use super::{ActionSeed, ActionSelector, Activations, Reads, checked, first_maximum, pick, sound};
use crate::Error;
use crate::registry::{BadSetting, Named};
use serde::{Deserialize, Serialize};

/// The action whose neuron has the highest membrane potential after the last step; with probability epsilon any action
/// (epsilon-greedy).
///
/// ```text
/// epsilon = epsilon_end + (epsilon_start - epsilon_end) exp(-step / epsilon_decay)
/// ```
///
/// `step` is [`ActionSeed::step`], counted by the caller. Each sample explores on its own.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct HighestVoltageAction {
    /// Share of random actions at the first decision, in 0..=1.
    pub epsilon_start: f32,
    /// Share of random actions in the long run, in 0..=1.
    pub epsilon_end: f32,
    /// Number of decisions in which the difference falls to 1/e, above 0.
    pub epsilon_decay: f32,
    /// Whether to do as SPAIC's source does, which seeds its generator anew at each decision, so that the value which decides on exploring
    /// is always the same: random actions until epsilon is below it, none after. The first sample decides for
    /// the batch.
    pub spaic_compat: bool,
}

/// The first value of Python's generator with the seed 1.
const SPAIC_DRAW: f64 = 0.134_364_244_112_401_2;

impl Default for HighestVoltageAction {
    fn default() -> Self {
        HighestVoltageAction { epsilon_start: 0.9, epsilon_end: 0.05, epsilon_decay: 200.0, spaic_compat: false }
    }
}

impl Named for HighestVoltageAction {
    const NAME: &'static str = "highest_voltage_action";
    const ABOUT: &'static str = "the highest potential after the last step, epsilon-greedy";
}

impl HighestVoltageAction {
    /// Share of random actions at the decision `step`.
    #[must_use]
    pub fn epsilon(&self, step: u64) -> f64 {
        let [start, end, decay] = [self.epsilon_start, self.epsilon_end, self.epsilon_decay].map(f64::from);
        end + (start - end) * (-(step as f64) / decay).exp()
    }
}

impl ActionSelector for HighestVoltageAction {
    fn check(&self) -> Result<(), BadSetting> {
        for (key, share) in [("epsilon_start", self.epsilon_start), ("epsilon_end", self.epsilon_end)] {
            if !(0.0..=1.0).contains(&share) {
                return Err(BadSetting::of(key, format!("is {share}; expected a share in 0..=1")));
            }
        }
        match self.epsilon_decay > 0.0 {
            true => Ok(()),
            false => Err(BadSetting::of(
                "epsilon_decay",
                format!("is {}; expected a number of decisions above 0", self.epsilon_decay),
            )),
        }
    }

    fn reads(&self) -> Reads {
        Reads::FinalPotential
    }

    fn select(&self, activations: &Activations, seed: ActionSeed) -> Result<Vec<usize>, Error> {
        checked(Self::NAME, self.check())?;
        let rows = sound(Self::NAME, "potentials", activations.final_potential().squeeze_dim(0))?;
        let (uniform, epsilon) = (seed.uniform(2 * rows.len()), self.epsilon(seed.step));
        let one = |(potentials, uniform): (&Vec<f32>, &[f32])| {
            let decisive = if self.spaic_compat { SPAIC_DRAW } else { f64::from(uniform[0]) };
            if decisive < epsilon { pick(uniform[1], potentials.len()) } else { first_maximum(potentials) }
        };
        let mut actions: Vec<usize> = rows.iter().zip(uniform.chunks(2)).map(one).collect();
        if self.spaic_compat {
            let first = actions[0];
            actions.fill(first);
        }
        Ok(actions)
    }
}
