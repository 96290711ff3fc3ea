//! Errors of the arguments of a scan, and of the processor that it runs on.

/// Arguments of a [`Scan`](crate::Scan) that do not fit the model or each other.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScanError {
    /// Too few or too many tensors.
    #[error("the model takes {expected} {what}, {actual} were given")]
    Count {
        /// Kind of tensors.
        what: &'static str,
        /// Number that the model has.
        expected: usize,
        /// Number given.
        actual: usize,
    },
    /// `steps` is 0.
    #[error("the number of time steps is 0; a scan needs at least one")]
    NoSteps,
    /// The time axis of the inputs has the wrong length.
    #[error("the inputs have {actual} time steps; expected {expected}, or 1 for a constant input")]
    Steps {
        /// Steps of the scan.
        expected: usize,
        /// Length of the inputs' first axis.
        actual: usize,
    },
    /// A tensor has another shape than the first input asks for.
    #[error("{what} `{name}` has shape {actual:?}; expected {expected:?}")]
    Shape {
        /// Input, initial state or feedback.
        what: &'static str,
        /// Its name in the model.
        name: String,
        /// Shape that fits the first input.
        expected: Vec<usize>,
        /// Shape given.
        actual: Vec<usize>,
    },
    /// A parameter has neither one value, nor one per channel, nor one per neuron.
    #[error(
        "parameter `{name}` has {actual} values; expected 1, one per neuron ({neurons}), or one per channel (a divisor of {neurons})"
    )]
    ParamLen {
        /// Its name in the model.
        name: String,
        /// Number of neurons of the layer.
        neurons: usize,
        /// Number of values given.
        actual: usize,
    },
    /// A trace of a state that the model does not have.
    #[error("a trace of state {trace} is not possible: the model has {states} states, counted from 0")]
    Trace {
        /// Number of states of the model.
        states: usize,
        /// Index asked for.
        trace: usize,
    },
    /// An environment variable names no instruction set of this processor.
    #[error("{variable} is `{name}`; this processor has {known}: set it to one of these, or unset it for the widest")]
    InstructionSet {
        /// The variable.
        variable: &'static str,
        /// The name in it.
        name: String,
        /// Instruction sets of the processor.
        known: String,
    },
}
