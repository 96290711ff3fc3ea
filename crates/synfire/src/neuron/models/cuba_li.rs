//! The current-based leaky integrator.

use super::SynapticCurrent;
use super::explicit;
use crate::neuron::{Neuron, NeuronConfig, OperatingPoint, OutputKind};
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Current-based leaky integrator by the forward Euler method, `cubali`: the synapse and membrane of
/// [`CubaLif`](super::CubaLif) that never fires. Its output is its potential, for the last layer of a network.
///
/// ```text
/// tau_s dI/dt = -I + input,  tau_m dV/dt = (v_leak - V) + I
///
/// k_s = dt / tau_s,  k_m = dt / tau_m
/// I[t] = I[t-1] - k_s I[t-1] + input[t]
/// V[t] = V[t-1] + k_m (v_leak - V[t-1]) + I[t]        (current = "new"; I[t-1] if "previous")
/// ```
///
/// Input and current are added as they are, not scaled by the time step. Keep `dt` at or below both time constants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CubaLi {
    /// The synaptic current that the membrane takes.
    pub current: SynapticCurrent,
}

record! {
    /// Parameters of [`CubaLi`].
    pub struct CubaLiParams {
        /// synaptic time constant
        tau_s: 4.0 [ms] > 0.0,
        /// membrane time constant
        tau_m: 8.0 [ms] > 0.0,
        /// potential that the membrane decays to
        v_leak: 0.0,
    }
}

record! {
    /// Constants of a step of [`CubaLi`], derived from its parameters.
    pub struct CubaLiConstants {
        /// fraction of the current that is lost in one step
        k_s: auto,
        /// fraction of the distance to `v_leak` that the membrane covers in one step
        k_m: auto,
        /// potential that the membrane decays to
        v_leak: auto,
    }
}

record! {
    /// State of [`CubaLi`].
    pub struct CubaLiState {
        /// synaptic current
        i: 0.0,
        /// membrane potential
        v: 0.0,
    }
}

/// Configuration of [`CubaLi`] neurons.
pub type CubaLiConfig = NeuronConfig<CubaLi>;

impl Dynamics for CubaLi {
    type Params<R: Copy> = CubaLiParams<R>;
    type Constants<R: Copy> = CubaLiConstants<R>;
    type State<R: Copy> = CubaLiState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: CubaLiParams<R>, dt: f32) -> CubaLiConstants<R> {
        CubaLiConstants { k_s: p.tau_s.recip() * dt, k_m: p.tau_m.recip() * dt, v_leak: p.v_leak }
    }

    fn step<R: Real>(&self, c: &CubaLiConstants<R>, s: &mut CubaLiState<R>, input: R) -> R {
        let previous = s.i;
        s.i = explicit::decay(previous, c.k_s, input);
        s.v = explicit::leak(s.v, c.k_m, c.v_leak, self.current.of(previous, s.i));
        s.v
    }
}

impl Neuron for CubaLi {
    const NAME: &'static str = "cubali";
    const ABOUT: &'static str = "current-based leaky integrator by forward Euler, graded output";
    const OUTPUT: OutputKind = OutputKind::Graded;
    const OPERATING_POINT: OperatingPoint = OperatingPoint { current: 0.2, trace_current: 0.02, ..OperatingPoint::UNIT };

    fn warning(&self, p: CubaLiParams<f32>, dt: f32) -> Option<String> {
        explicit::warning([("tau_m", 1.0 / p.tau_m), ("tau_s", 1.0 / p.tau_s)], dt, "")
    }
}
