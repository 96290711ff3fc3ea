//! The connections of a recurrent layer, ready for both directions.

use super::feed::Feed;
use super::lanes::Affine;
use super::rows::{Panels, Rows};
use crate::kernel::Isa;
use crate::scan::{FeedbackParts, Pattern, RecurrentSpec};

/// The connections, ready for both directions.
pub(super) struct Factors<'a> {
    pub(super) feed: Feed<'a>,
    back: Back<'a>,
}

/// The connections from the receiving to the sending neurons.
enum Back<'a> {
    AllToAll(Panels),
    OneToOne(&'a [f32]),
}

impl<'a> Factors<'a> {
    pub(super) fn new(isa: Isa, spec: &RecurrentSpec, parts: &FeedbackParts<&'a [f32]>) -> Self {
        let back = match spec.pattern {
            Pattern::AllToAll => Back::AllToAll(Panels::transposed(parts.weight, spec.scan.neurons, isa.panel())),
            Pattern::OneToOne => Back::OneToOne(parts.weight),
        };
        Factors { feed: Feed::new(isa, spec, parts), back }
    }

    /// Writes the gradient of outputs from that of the currents they caused, the rows of `currents` from `first` on,
    /// and from what else listens to them, `base`.
    pub(super) fn back(
        &self,
        spec: &RecurrentSpec,
        currents: &Rows,
        first: usize,
        base: Option<&[f32]>,
        to: &mut [f32],
    ) {
        let (neurons, gain) = (spec.scan.neurons, spec.gain);
        let currents = currents.view_from(first);
        match &self.back {
            Back::AllToAll(panels) => {
                let sum = Affine { base, gain, bias: None };
                self.feed.isa.multiply(currents, (neurons, panels.view()), sum, (to.len() / neurons, to));
            }
            Back::OneToOne(weights) => {
                for (i, to) in to.chunks_exact_mut(neurons).enumerate() {
                    let currents = &currents.values[i * currents.stride..];
                    for (j, ((to, weight), current)) in to.iter_mut().zip(*weights).zip(currents).enumerate() {
                        *to = base.map_or(0.0, |base| base[i * neurons + j]) + gain * weight * current;
                    }
                }
            }
        }
    }
}
