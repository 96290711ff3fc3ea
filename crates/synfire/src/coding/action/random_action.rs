//! Random actions.

use super::{ActionSeed, ActionSelector, Activations, pick};
use crate::Error;
use crate::registry::{ComponentKind, Named};
use serde::{Deserialize, Serialize};

/// Draws all actions with the same probability, whatever the network does: a baseline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RandomAction {}

impl Named for RandomAction {
    const NAME: &'static str = "random_action";
    const ABOUT: &'static str = "any action with the same probability";
}

impl ActionSelector for RandomAction {
    fn select(&self, activations: &Activations, seed: ActionSeed) -> Result<Vec<usize>, Error> {
        let [_, batch, neurons] = activations.values.dims();
        match neurons {
            0 => Err(Error::Unsuited {
                kind: <dyn ActionSelector>::WORD,
                name: Self::NAME,
                problem: "was given no neurons; expected one per action".to_string(),
            }),
            _ => Ok(seed.uniform(batch).into_iter().map(|uniform| pick(uniform, neurons)).collect()),
        }
    }
}
