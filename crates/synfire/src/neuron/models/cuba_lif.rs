//! The current-based leaky integrate-and-fire neuron by the forward Euler method.

use super::explicit;
use crate::Surrogate;
use crate::neuron::{Neuron, NeuronConfig, Reset};
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Current-based leaky integrate-and-fire by the forward Euler method, `cubalif`: an exponential synapse in front of the
/// membrane of [`EulerLif`](super::EulerLif). It is NIR's `CubaLIF` and snnTorch's `Synaptic`.
///
/// ```text
/// tau_s dI/dt = -I + input,  tau_m dV/dt = (v_leak - V) + I
///
/// k_s = dt / tau_s,  k_m = dt / tau_m
/// I[t] = I[t-1] - k_s I[t-1] + input[t]
/// v[t] = V[t-1] + k_m (v_leak - V[t-1]) + I[t]        (current = "new"; I[t-1] if "previous")
/// S[t] = 1 if v[t] > v_th else 0
/// V[t] = v_reset if S[t] else v[t]                    (reset = "hard")
/// ```
///
/// Input and current are added as they are, not scaled by the time step. snnTorch and Norse use the new current, NIR's
/// reference the previous one: an input then arrives a step later. Keep `dt` at or below both time constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CubaLif {
    /// Surrogate of the derivative of a spike.
    pub surrogate: Surrogate,
    /// Reset of the potential at a spike.
    pub reset: Reset,
    /// Whether the gradient through the reset is cut.
    pub detach_reset: bool,
    /// The synaptic current that the membrane takes.
    pub current: SynapticCurrent,
}

/// The synaptic current that a membrane takes in a step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SynapticCurrent {
    /// The current after the step's input, as snnTorch and Norse do.
    #[default]
    New,
    /// The current before it, as NIR's reference does.
    Previous,
}

impl SynapticCurrent {
    /// The current that the membrane takes, of that before and after the step's input.
    pub(super) fn of<R>(self, previous: R, new: R) -> R {
        match self {
            SynapticCurrent::New => new,
            SynapticCurrent::Previous => previous,
        }
    }
}

impl Default for CubaLif {
    fn default() -> Self {
        let (surrogate, current) = (Surrogate::default(), SynapticCurrent::default());
        CubaLif { surrogate, reset: Reset::Hard, detach_reset: true, current }
    }
}

record! {
    /// Parameters of [`CubaLif`].
    pub struct CubaLifParams {
        /// synaptic time constant
        tau_s: 4.0 [ms] > 0.0,
        /// membrane time constant
        tau_m: 8.0 [ms] > 0.0,
        /// potential that the membrane decays to
        v_leak: 0.0,
        /// firing threshold
        v_th: 1.0,
        /// potential after a spike
        v_reset: 0.0,
        /// width of the surrogate
        alpha: auto > 0.0,
    }
}

record! {
    /// Constants of a step of [`CubaLif`], derived from its parameters.
    pub struct CubaLifConstants {
        /// fraction of the current that is lost in one step
        k_s: auto,
        /// fraction of the distance to `v_leak` that the membrane covers in one step
        k_m: auto,
        /// potential that the membrane decays to
        v_leak: auto,
        /// firing threshold
        v_th: auto,
        /// potential after a spike
        v_reset: auto,
        /// width of the surrogate
        alpha: auto,
    }
}

record! {
    /// State of [`CubaLif`].
    pub struct CubaLifState {
        /// synaptic current
        i: 0.0,
        /// membrane potential
        v: 0.0,
    }
}

/// Configuration of [`CubaLif`] neurons.
pub type CubaLifConfig = NeuronConfig<CubaLif>;

impl Dynamics for CubaLif {
    type Params<R: Copy> = CubaLifParams<R>;
    type Constants<R: Copy> = CubaLifConstants<R>;
    type State<R: Copy> = CubaLifState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: CubaLifParams<R>, dt: f32) -> CubaLifConstants<R> {
        let (k_s, k_m) = (p.tau_s.recip() * dt, p.tau_m.recip() * dt);
        CubaLifConstants { k_s, k_m, v_leak: p.v_leak, v_th: p.v_th, v_reset: p.v_reset, alpha: p.alpha }
    }

    fn step<R: Real>(&self, c: &CubaLifConstants<R>, s: &mut CubaLifState<R>, input: R) -> R {
        let previous = s.i;
        s.i = explicit::decay(previous, c.k_s, input);
        let v = explicit::leak(s.v, c.k_m, c.v_leak, self.current.of(previous, s.i));
        let spike = self.surrogate.spike(v, c.v_th, c.alpha);
        s.v = self.reset.apply(v, spike, c.v_th, c.v_reset, self.detach_reset);
        spike
    }
}

impl Neuron for CubaLif {
    const NAME: &'static str = "cubalif";
    const ABOUT: &'static str = "current-based leaky integrate-and-fire by forward Euler, as NIR and other frameworks have it";
    const ALIASES: &'static [&'static str] = &["synaptic"];

    fn surrogate(&self) -> Option<Surrogate> {
        Some(self.surrogate)
    }

    fn warning(&self, p: CubaLifParams<f32>, dt: f32) -> Option<String> {
        explicit::warning([("tau_m", 1.0 / p.tau_m), ("tau_s", 1.0 / p.tau_s)], dt, "")
    }
}
