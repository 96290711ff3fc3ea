//! What can be wrong with the arguments of a scan.

/// Arguments of a [`Scan`](crate::Scan) that do not fit the model or each other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScanError {
    /// Too few or too many tensors.
    #[error("the model takes {expected} {what}, {actual} were given")]
    Count {
        /// Which list.
        what: &'static str,
        /// How many the model has.
        expected: usize,
        /// How many were given.
        actual: usize,
    },
    /// `steps` is 0.
    #[error("the number of time steps is 0; a scan needs at least one")]
    NoSteps,
    /// The time axis of the inputs has the wrong length.
    #[error("the inputs have {actual} time steps; expected {expected}, or 1 for an input that stays the same")]
    Steps {
        /// Steps of the scan.
        expected: usize,
        /// Length of the inputs' first axis.
        actual: usize,
    },
    /// A tensor has another shape than the first input asks for.
    #[error("{what} `{name}` has shape {actual:?}; expected {expected:?}")]
    Shape {
        /// Input or initial state.
        what: &'static str,
        /// Its name in the model.
        name: String,
        /// Shape that fits the first input.
        expected: Vec<usize>,
        /// Shape given.
        actual: Vec<usize>,
    },
    /// A constant is neither one number, nor one per channel, nor one per neuron.
    #[error(
        "constant `{name}` has {actual} values; expected 1, one per neuron ({neurons}), or a number of channels that divides it"
    )]
    ParamLen {
        /// Its name in the model.
        name: String,
        /// Neurons of the layer.
        neurons: usize,
        /// Values given.
        actual: usize,
    },
    /// A trace of a state that the model does not have.
    #[error("state number {trace} was asked for; the model has {states} states")]
    Trace {
        /// States of the model.
        states: usize,
        /// Number asked for.
        trace: usize,
    },
}
