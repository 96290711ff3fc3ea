//! The sizes at which a model lives.

/// The sizes at which a model lives, in its own units: what a network is made by that suits it, and what
/// surrogates are measured by. Nothing in the equations depends on them.
///
/// ```
/// use synfire::neuron::Scale;
///
/// // 2 nA take it from -65 mV to its threshold at -50 mV in a few ms
/// const SCALE: Scale = Scale { current: 2.0, rise: 15.0, ..Scale::UNIT };
/// assert_eq!(SCALE.steps, 8);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    /// A strong input: it takes a neuron at rest to its first spike in at most 5 steps of 1 ms, or a graded
    /// one to an output of about 1. It is the `gain` of the connections in front.
    pub current: f32,
    /// How far the potential rises from rest to the threshold: the unit of a surrogate's width.
    pub rise: f32,
    /// Time steps of 1 ms in which a layer's spikes tell classes apart.
    pub steps: usize,
    /// Whether gradients can grow without bound over time: by an upstroke, by the time of a spike that
    /// creeps to its threshold. A training then limits their norm.
    pub steep: bool,
    /// States of a last layer that do not start at rest. A rate that is never below zero has no gradient
    /// there, and the score of a class would be lost that starts so.
    pub scores_from: &'static [(&'static str, f32)],
}

impl Scale {
    /// Currents and potentials of about 1.
    pub const UNIT: Scale = Scale { current: 1.0, rise: 1.0, steps: 8, steep: false, scores_from: &[] };
}
