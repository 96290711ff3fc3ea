//! The leaky integrate-and-fire neuron by the forward Euler method.

use super::explicit;
use crate::Surrogate;
use crate::neuron::{Neuron, NeuronConfig, Reset};
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Leaky integrate-and-fire by the forward Euler method, `eulerlif`: the neuron that networks of other frameworks have, as
/// NIR describes it.
///
/// ```text
/// tau_m dV/dt = (v_leak - V) + input
///
/// k = dt / tau_m
/// v[t] = V[t-1] + k (v_leak - V[t-1]) + I[t]
/// S[t] = 1 if v[t] > v_th else 0
/// V[t] = v_reset if S[t] else v[t]        (reset = "hard")
/// ```
///
/// The input is added as it is, not scaled by the time step. [`Lif`](super::Lif) with the decay `exp(-dt / tau_m)` is the exact
/// solution between inputs; this one has `1 - dt / tau_m`, which is what weights trained elsewhere were trained with. With a
/// `tau_m` of one time step there is no memory. Keep `dt` at or below `tau_m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EulerLif {
    /// Surrogate of the derivative of a spike.
    pub surrogate: Surrogate,
    /// Reset of the potential at a spike.
    pub reset: Reset,
    /// Whether the gradient through the reset is cut.
    pub detach_reset: bool,
}

impl Default for EulerLif {
    fn default() -> Self {
        EulerLif { surrogate: Surrogate::default(), reset: Reset::Hard, detach_reset: true }
    }
}

record! {
    /// Parameters of [`EulerLif`].
    pub struct EulerLifParams {
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
    /// Constants of a step of [`EulerLif`], derived from its parameters.
    pub struct EulerLifConstants {
        /// fraction of the distance to `v_leak` that the membrane covers in one step
        k: auto,
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
    /// State of [`EulerLif`].
    pub struct EulerLifState {
        /// membrane potential
        v: 0.0,
    }
}

/// Configuration of [`EulerLif`] neurons.
pub type EulerLifConfig = NeuronConfig<EulerLif>;

impl Dynamics for EulerLif {
    type Params<R: Copy> = EulerLifParams<R>;
    type Constants<R: Copy> = EulerLifConstants<R>;
    type State<R: Copy> = EulerLifState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: EulerLifParams<R>, dt: f32) -> EulerLifConstants<R> {
        let k = p.tau_m.recip() * dt;
        EulerLifConstants { k, v_leak: p.v_leak, v_th: p.v_th, v_reset: p.v_reset, alpha: p.alpha }
    }

    fn step<R: Real>(&self, c: &EulerLifConstants<R>, s: &mut EulerLifState<R>, current: R) -> R {
        let v = explicit::leak(s.v, c.k, c.v_leak, current);
        let spike = self.surrogate.spike(v, c.v_th, c.alpha);
        s.v = self.reset.apply(v, spike, c.v_th, c.v_reset, self.detach_reset);
        spike
    }
}

impl Neuron for EulerLif {
    const NAME: &'static str = "eulerlif";
    const ABOUT: &'static str = "leaky integrate-and-fire by forward Euler, as NIR and other frameworks have it";

    fn surrogate(&self) -> Option<Surrogate> {
        Some(self.surrogate)
    }

    fn warning(&self, p: EulerLifParams<f32>, dt: f32) -> Option<String> {
        explicit::warning([("tau_m", 1.0 / p.tau_m)], dt, "")
    }
}
