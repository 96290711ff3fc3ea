//! State of a network between two steps.

use serde::{Deserialize, Serialize};

/// State of a network after some steps: the potentials of its neurons. It belongs to one network and one series.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct State {
    /// Steps that were taken.
    pub(super) steps: u64,
    /// Of each layer of neurons, in order.
    potentials: Vec<Vec<i32>>,
    #[serde(skip)]
    held: Held,
}

/// The last input, and what the first layer made of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Held {
    input: Vec<i32>,
    output: Vec<i32>,
}

impl State {
    pub(super) fn new(potentials: Vec<Vec<i32>>) -> Self {
        State { steps: 0, potentials, held: Held::default() }
    }

    /// Steps taken so far.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Potentials of each layer of neurons, in order, in its own units.
    #[must_use]
    pub fn potentials(&self) -> &[Vec<i32>] {
        &self.potentials
    }

    pub(super) fn parts(&mut self) -> (std::slice::IterMut<'_, Vec<i32>>, &mut Held) {
        (self.potentials.iter_mut(), &mut self.held)
    }
}

/// Two states are the same if everything that follows is.
impl PartialEq for State {
    fn eq(&self, other: &Self) -> bool {
        self.steps == other.steps && self.potentials == other.potentials
    }
}

impl Held {
    /// The output for this input, computed only if the input is another than the last one.
    pub(super) fn output(&mut self, input: Vec<i32>, compute: impl FnOnce(&[i32]) -> Vec<i32>) -> Vec<i32> {
        if self.input != input || self.output.is_empty() {
            self.output = compute(&input);
            self.input = input;
        }
        self.output.clone()
    }
}
