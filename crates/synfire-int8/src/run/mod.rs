//! Networks at work.

mod bounds;
mod conv2d;
mod linear;
mod neurons;
mod op;
mod pool2d;
mod state;

pub use state::State;

use crate::{Error, Input, Model};
use op::Op;
use std::collections::HashMap;

/// A network that runs step by step.
#[derive(Clone, Debug)]
pub struct Network {
    input: Input,
    metadata: HashMap<String, String>,
    /// The layers, made ready to run.
    ops: Vec<Op>,
    /// Number of values after each layer.
    sizes: Vec<usize>,
}

impl Network {
    /// Checks a model and makes it ready to run: shapes, ranges, and that no sum of a connection can be larger than 32 bits.
    ///
    /// # Errors
    ///
    /// [`Error::Field`] with the layer that is not as it should be.
    pub fn new(model: Model) -> Result<Self, Error> {
        let Model { input, layers, metadata } = model;
        let mut values = bounds::input(&input)?;
        let (mut ops, mut sizes, mut work) = (vec![], vec![], 0u64);
        for (i, layer) in layers.into_iter().enumerate() {
            let path = format!("layers.{i}");
            let op = Op::new(layer, &path, &values)?;
            values = op.output(&path, &values)?;
            work = work.saturating_add(op.work());
            sizes.push(values.size());
            bounds::check_total(&path, work, &sizes)?;
            ops.push(op);
        }
        match ops.last() {
            Some(Op::Neurons(_)) => Ok(Network { input, metadata, ops, sizes }),
            _ => Err(Error::field("layers", "last", "is no layer of neurons", "neurons, whose spikes are the output")),
        }
    }

    /// Number of values of an input.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.input.shape.iter().product()
    }

    /// Number of neurons of the last layer.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.sizes.last().copied().unwrap_or(0)
    }

    /// Indices of the layers of neurons.
    pub fn neuron_layers(&self) -> impl Iterator<Item = usize> {
        self.ops.iter().enumerate().filter(|(_, op)| matches!(op, Op::Neurons(_))).map(|(i, _)| i)
    }

    /// Text of this name that the file keeps.
    #[must_use]
    pub fn metadata(&self, key: &str) -> Option<&str> {
        self.metadata.get(key).map(String::as_str)
    }

    /// The state before the first step: all potentials are 0.
    #[must_use]
    pub fn state(&self) -> State {
        State::new(self.neuron_layers().map(|i| vec![0; self.sizes[i]]).collect())
    }

    /// Quantises the values of an input to integers; NaN becomes 0.
    #[must_use]
    pub fn quantise(&self, values: &[f32]) -> Vec<i32> {
        let input = &self.input;
        // `as` saturates, and takes 0 for what is no number
        let whole = |value: &f32| ((value / input.scale + 0.5).floor() as i32).clamp(input.low, input.high);
        values.iter().map(whole).collect()
    }

    /// One step: the spikes of the last layer, 0 or 1, and the state after it. Of a last layer without reset, whose
    /// [potentials](Self::potentials) are the output, the spikes mean nothing.
    ///
    /// # Errors
    ///
    /// [`Error::Size`] for an input or a state of another network; [`Error::Field`] for an input out of its range.
    pub fn step(&self, input: &[i32], state: State) -> Result<(Vec<i32>, State), Error> {
        self.step_with(input, state, |_, _| {})
    }

    /// As [`step`](Self::step); `visit` is given the index and the output of every layer.
    ///
    /// # Errors
    ///
    /// As [`step`](Self::step).
    pub fn step_with(
        &self,
        input: &[i32],
        mut state: State,
        mut visit: impl FnMut(usize, &[i32]),
    ) -> Result<(Vec<i32>, State), Error> {
        self.check(input, &state)?;
        let mut values = input.to_vec();
        let (mut next, held) = state.parts();
        for (i, op) in self.ops.iter().enumerate() {
            values = match op {
                Op::Neurons(neurons) => match next.next() {
                    Some(potentials) => neurons.step(&values, potentials),
                    None => values,
                },
                // what goes in is often the same at every step
                _ if i == 0 => held.output(values, |values| op.apply(values)),
                _ => op.apply(&values),
            };
            visit(i, &values);
        }
        drop(next);
        state.steps += 1;
        Ok((values, state))
    }

    /// Potentials of the last layer in the unit of the network that the model was made of.
    #[must_use]
    pub fn potentials(&self, state: &State) -> Vec<f32> {
        let (Some(Op::Neurons(neurons)), Some(last)) = (self.ops.last(), state.potentials().last()) else {
            return vec![];
        };
        neurons.read(last)
    }

    fn check(&self, input: &[i32], state: &State) -> Result<(), Error> {
        let size = |what, found, expected| match found == expected {
            true => Ok(()),
            false => Err(Error::Size { what, found, expected }),
        };
        size("input", input.len(), self.inputs())?;
        let expected: Vec<usize> = self.neuron_layers().map(|i| self.sizes[i]).collect();
        size("state", state.potentials().len(), expected.len())?;
        for (potentials, expected) in state.potentials().iter().zip(expected) {
            size("state", potentials.len(), expected)?;
        }
        let (low, high) = (self.input.low, self.input.high);
        match input.iter().find(|x| !(low..=high).contains(x)) {
            Some(x) => Err(Error::field("input", "values", format!("has {x}"), format!("{low} to {high}"))),
            None => Ok(()),
        }
    }
}
