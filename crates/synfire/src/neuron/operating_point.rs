//! Typical magnitudes of a model's current and potential.

/// Typical magnitudes of a model's current and potential, in its own units.
///
/// They choose the defaults of a network of such neurons and the width of its surrogates. The equations do
/// not depend on them.
///
/// ```
/// use synfire::neuron::OperatingPoint;
///
/// // 2 nA take it from -65 mV to its threshold at -50 mV in a few ms
/// const POINT: OperatingPoint = OperatingPoint { current: 2.0, rest_to_threshold: 15.0, ..OperatingPoint::UNIT };
/// assert_eq!(POINT.steps, 8);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OperatingPoint {
    /// A strong input current: it takes a neuron at rest to its first spike in at most 5 steps of 1 ms, or a
    /// graded one to an output of about 1. It becomes the `gain` of the connections in front.
    pub current: f32,
    /// Unit of the input current, empty if it has none.
    pub current_unit: &'static str,
    /// Difference of the potential between rest and threshold: the unit of a surrogate's width.
    pub rest_to_threshold: f32,
    /// Number of time steps of 1 ms in which a layer's spikes tell classes apart.
    pub steps: usize,
    /// Time step in ms that suits the trace of a single neuron.
    pub dt: f32,
    /// Constant input at which the trace of a single neuron with such steps shows the model at work: a tenth of `current`
    /// for models that add their input at every step, `current` itself where it is multiplied by the step.
    pub trace_current: f32,
    /// Potential that only action potentials cross, for models that count crossings of a threshold `v_th` far below.
    pub action_potential: Option<f32>,
    /// Whether gradients can grow without bound over time, by an upstroke or by the time of a spike that
    /// creeps to its threshold. Training then limits their norm.
    pub exploding_gradients: bool,
    /// Initial values of states of an output layer that should not start at rest. A rate that is never below
    /// zero has no gradient there, and a class whose score starts so would never be learnt.
    pub output_initial: &'static [(&'static str, f32)],
}

impl OperatingPoint {
    /// Currents and potentials of about 1.
    pub const UNIT: OperatingPoint = OperatingPoint {
        current: 1.0,
        current_unit: "",
        rest_to_threshold: 1.0,
        steps: 8,
        dt: 0.1,
        trace_current: 0.1,
        action_potential: None,
        exploding_gradients: false,
        output_initial: &[],
    };

    /// Time step in ms that suits the trace of a single neuron, as it is written: 0.1 is not what single precision makes of
    /// it.
    #[must_use]
    pub fn trace_dt(&self) -> f64 {
        self.dt.to_string().parse().unwrap_or(f64::from(self.dt))
    }
}
