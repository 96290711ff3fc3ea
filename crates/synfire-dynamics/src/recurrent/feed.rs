//! Currents that arrive from the layer's own outputs.

use super::events::Lists;
use super::lanes::Affine;
use super::layout::SAMPLES;
use super::rows::Rows;
use crate::kernel::Isa;
use crate::scan::{FeedbackParts, Pattern, RecurrentSpec};

/// Outputs of one step.
#[derive(Clone, Copy)]
pub(super) enum Sent<'a> {
    /// As events.
    Listed(Lists<'a>),
    /// As values, `[samples, neurons]`.
    Values(&'a [f32]),
}

/// The connections, ready for many steps.
pub(super) struct Feed<'a> {
    pub(super) isa: Isa,
    weights: Weights<'a>,
    /// Padded as rows are.
    bias: Vec<f32>,
    neurons: usize,
    gain: f32,
}

enum Weights<'a> {
    /// A row for each sending neuron.
    AllToAll(Rows),
    OneToOne(&'a [f32]),
}

impl<'a> Feed<'a> {
    pub(super) fn new(isa: Isa, spec: &RecurrentSpec, parts: &FeedbackParts<&'a [f32]>) -> Self {
        let neurons = spec.scan.neurons;
        let weights = match spec.pattern {
            Pattern::AllToAll => Weights::AllToAll(Rows::of(parts.weight, neurons)),
            Pattern::OneToOne => Weights::OneToOne(parts.weight),
        };
        let mut bias = parts.bias.to_vec();
        bias.resize(Rows::stride(neurons), 0.0);
        Feed { isa, weights, bias, neurons, gain: spec.gain }
    }

    /// Writes the currents `[samples, neurons]` from what has arrived: `input + gain (sent W + bias)`. `dense` is room
    /// for outputs that are no events.
    pub(super) fn arrive(&self, sent: Sent<'_>, input: &[f32], dense: &mut Option<Rows>, to: &mut [f32]) {
        let sum = Affine { base: Some(input), gain: self.gain, bias: Some(&self.bias) };
        match (&self.weights, sent) {
            (Weights::AllToAll(weights), Sent::Listed(lists)) => self.isa.sum_events(lists, weights.view(), sum, to),
            (Weights::AllToAll(weights), Sent::Values(values)) => {
                let samples = values.len() / self.neurons;
                let rows = dense.get_or_insert_with(|| Rows::new(SAMPLES, self.neurons));
                for (i, row) in values.chunks_exact(self.neurons).enumerate() {
                    rows.row_mut(i)[..self.neurons].copy_from_slice(row);
                }
                self.isa.multiply(rows.view(), (self.neurons, weights.view()), sum, (samples, to));
            }
            (Weights::OneToOne(weights), Sent::Values(values)) => {
                let rows = to.chunks_exact_mut(self.neurons).zip(values.chunks_exact(self.neurons));
                for ((to, sent), input) in rows.zip(input.chunks_exact(self.neurons)) {
                    let parameters = weights.iter().zip(&self.bias);
                    for (((to, sent), input), (weight, bias)) in to.iter_mut().zip(sent).zip(input).zip(parameters) {
                        *to = input + self.gain * (sent * weight + bias);
                    }
                }
            }
            (Weights::OneToOne(_), Sent::Listed(_)) => unreachable!("outputs of one-to-one connections are not listed"),
        }
    }

    /// Whether outputs should be listed.
    pub(super) fn lists(&self) -> bool {
        matches!(self.weights, Weights::AllToAll(_))
    }
}
