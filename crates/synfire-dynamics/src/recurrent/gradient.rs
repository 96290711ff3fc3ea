//! Gradients of the connections, summed over samples and steps.

use super::by_neuron::ByNeuron;
use super::events::Events;
use super::layout::SAMPLES;
use super::rows::Rows;
use crate::kernel::Isa;
use crate::product::{Matrix, MatrixMut};
use crate::scan::{FeedbackParts, Pattern, RecurrentSpec};
use std::borrow::Cow;
use std::ops::Range;

/// Gradients of weights and bias over the samples of a part of the batch.
pub(super) struct Connections {
    isa: Isa,
    neurons: usize,
    /// A row for each sending neuron; one row for connections of each neuron to itself.
    weight: Option<Rows>,
    bias: Option<Vec<f32>>,
    pattern: Pattern,
    by_neuron: ByNeuron,
    /// Outputs of steps that are not listed, a row for each step and sample of a segment.
    dense: Vec<f32>,
}

impl Connections {
    pub(super) fn new(isa: Isa, spec: &RecurrentSpec, wanted: &FeedbackParts<bool>) -> Self {
        let neurons = spec.scan.neurons;
        let rows = if spec.pattern == Pattern::AllToAll { neurons } else { 1 };
        Connections {
            isa,
            neurons,
            weight: wanted.weight.then(|| Rows::new(rows, neurons)),
            bias: wanted.bias.then(|| vec![0.0; neurons]),
            pattern: spec.pattern,
            by_neuron: ByNeuron::default(),
            dense: vec![],
        }
    }

    /// Adds the gradients from the currents of some steps: row `step * 8 + sample` of `currents` is the gradient of
    /// the current at a step, and `sent(step)` what had arrived then, `[samples, neurons]`.
    pub(super) fn add<'a>(
        &mut self,
        events: &Events,
        steps: Range<usize>,
        currents: &Rows,
        sent: impl Fn(usize) -> Cow<'a, [f32]>,
    ) {
        let neurons = self.neurons;
        let view = currents.view();
        if let Some(bias) = &mut self.bias {
            for row in view.values.chunks_exact(view.stride).take(steps.len() * SAMPLES) {
                self.isa.accumulate(&row[..neurons], bias);
            }
        }
        let Some(weight) = &mut self.weight else { return };
        let (weight, stride) = weight.values_mut();
        match self.pattern {
            Pattern::AllToAll => {
                self.by_neuron.sort(events, steps.clone(), neurons);
                self.isa.gather(&self.by_neuron, view, neurons, weight);
                if steps.clone().all(|t| events.at(t).is_some()) {
                    return;
                }
                let rows = steps.len() * SAMPLES;
                self.dense.clear();
                self.dense.resize(rows * neurons, 0.0);
                for (t, to) in steps.zip(self.dense.chunks_exact_mut(SAMPLES * neurons)) {
                    if events.at(t).is_none() {
                        let sent = sent(t);
                        to[..sent.len()].copy_from_slice(&sent);
                    }
                }
                let currents = Matrix::strided(view.values, [rows, neurons], view.stride);
                let dense = Matrix::new(&self.dense, neurons).transposed();
                MatrixMut::strided(weight, [neurons, neurons], stride).add(dense, currents);
            }
            Pattern::OneToOne => {
                for (i, t) in steps.enumerate() {
                    for (sample, sent) in sent(t).chunks_exact(neurons).enumerate() {
                        let current = &view.values[(i * SAMPLES + sample) * view.stride..];
                        for ((weight, sent), current) in weight.iter_mut().zip(sent).zip(current) {
                            *weight += sent * current;
                        }
                    }
                }
            }
        }
    }

    /// The sum of the gradients of two parts.
    pub(super) fn plus(mut self, mut other: Self) -> Self {
        if let (Some(sum), Some(part)) = (&mut self.weight, &mut other.weight) {
            self.isa.accumulate(part.values_mut().0, sum.values_mut().0);
        }
        if let (Some(sum), Some(part)) = (&mut self.bias, &other.bias) {
            self.isa.accumulate(part, sum);
        }
        self
    }

    /// Gradients of weights and bias, times the gain.
    pub(super) fn finish(self, gain: f32) -> [Option<Vec<f32>>; 2] {
        let amplified = |mut values: Vec<f32>| {
            if gain != 1.0 {
                values.iter_mut().for_each(|x| *x *= gain);
            }
            values
        };
        [self.weight.map(|rows| amplified(rows.to_vec(self.neurons))), self.bias.map(amplified)]
    }
}
