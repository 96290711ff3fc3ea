//! The equations of a model as its code has them: the one place that the terminal and the book take them from.

use synfire::neuron::registry::Entry;

/// Plain text, or LaTeX.
pub(super) fn of(_entry: &Entry, _latex: bool) -> String {
    // `AnyNeuron::equations(latex)` goes here, of `entry.layer(&Settings::new(), &[1], 1.0, &device)`
    String::new()
}
