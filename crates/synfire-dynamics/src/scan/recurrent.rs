//! Everything that the kernels of a recurrent layer need, but for the values of its tensors.

use super::ScanSpec;
use super::packed::by_field;

/// Tensors of the feedback, or their gradients.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FeedbackParts<T> {
    /// `[N, N]`, a row for each sending neuron, or `[N]`.
    pub(crate) weight: T,
    /// `[N]`
    pub(crate) bias: T,
    /// Outputs of the last steps before the first one, the oldest first, `[D, B, N]`.
    pub(crate) line: T,
}
by_field!(FeedbackParts { weight, bias, line });

/// Pattern of the connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pattern {
    /// Every neuron to all of the layer.
    AllToAll,
    /// Every neuron to itself.
    OneToOne,
}

/// A scan whose first input gets the outputs of earlier steps back:
/// `input[t] + gain (output[t - delay] W + bias)`.
#[derive(Clone, Debug)]
pub(crate) struct RecurrentSpec {
    pub(crate) scan: ScanSpec,
    pub(crate) pattern: Pattern,
    pub(crate) gain: f32,
    /// Steps that a spike takes, at least 1.
    pub(crate) delay: usize,
    /// Rows of each input, a divisor of the steps: a row lasts as many steps as it takes to fill them.
    pub(crate) rows: usize,
}
