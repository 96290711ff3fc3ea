//! Anything.

use super::{ActionSeed, ActionSelector, Activity, pick};
use crate::Error;
use crate::registry::{ComponentKind, Named};
use serde::{Deserialize, Serialize};

/// Any action, each as likely, whatever the network does: what others are compared to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct RandomAction {}

impl Named for RandomAction {
    const NAME: &'static str = "random_action";
    const ABOUT: &'static str = "any, each as likely";
}

impl ActionSelector for RandomAction {
    fn select(&self, activity: &Activity, seed: ActionSeed) -> Result<Vec<usize>, Error> {
        let [_, batch, neurons] = activity.output.dims();
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
