//! The current-based leaky integrate-and-fire neuron with double-exponential synapses.

use super::kernel::{decay, peak_is_one, time_constants_differ};
use crate::neuron::{Neuron, NeuronConfig};
use crate::Surrogate;
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Leaky integrate-and-fire in the spike response form, `clif`: two exponential kernels make the
/// postsynaptic potential, a third the refractory one.
///
/// ```text
/// beta_x = exp(-dt / tau_x)
/// M[t] = beta_p M[t-1] + v0 I[t]
/// S[t] = beta_q S[t-1] + v0 I[t]
/// V[t] = M[t] - S[t] - E[t-1]
/// O[t] = 1 if V[t] > v_th else 0
/// E[t] = beta_m E[t-1] + v_th O[t]
/// ```
///
/// Gütig and Sompolinsky (2006); Gu et al., *STCA*, IJCAI 2019. `v0` makes the peak of the kernel 1
/// for the initial time constants, `r^(r/(r-1)) / (r-1)` with `r = tau_p / tau_q`; it is learnable
/// by default. The potential is not reset: `E` pulls it down.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Clif {
    /// Surrogate of the derivative of a spike.
    pub surrogate: Surrogate,
}

record! {
    /// Parameters of [`Clif`].
    pub struct ClifParams {
        /// time constant of the refractory kernel
        tau_m: 20.0 [ms] > 0.0,
        /// slow time constant of the synapse
        tau_p: 12.0 [ms] > 0.0,
        /// fast time constant of the synapse
        tau_q: 8.0 [ms] > 0.0,
        /// firing threshold
        v_th: 1.0,
        /// weight of the input
        v0: auto,
        /// width of the surrogate
        alpha: auto > 0.0,
    }
}

record! {
    /// Constants of a step of [`Clif`], derived from its parameters.
    pub struct ClifConstants {
        /// decay of the refractory kernel in one step
        beta_m: auto,
        /// decay of the slow synaptic kernel
        beta_p: auto,
        /// decay of the fast synaptic kernel
        beta_q: auto,
        /// firing threshold
        v_th: auto,
        /// weight of the input
        v0: auto,
        /// width of the surrogate
        alpha: auto,
    }
}

record! {
    /// State of [`Clif`].
    pub struct ClifState {
        /// slow synaptic kernel
        m: 0.0,
        /// fast synaptic kernel
        s: 0.0,
        /// refractory kernel
        e: 0.0,
        /// membrane potential
        v: 0.0,
    }
}

/// Configuration of [`Clif`] neurons.
pub type ClifConfig = NeuronConfig<Clif>;

impl Dynamics for Clif {
    type Params<R: Copy> = ClifParams<R>;
    type Constants<R: Copy> = ClifConstants<R>;
    type State<R: Copy> = ClifState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: ClifParams<R>, dt: f32) -> ClifConstants<R> {
        ClifConstants {
            beta_m: decay(p.tau_m, dt),
            beta_p: decay(p.tau_p, dt),
            beta_q: decay(p.tau_q, dt),
            v_th: p.v_th,
            v0: p.v0,
            alpha: p.alpha,
        }
    }

    fn step<R: Real>(&self, c: &ClifConstants<R>, s: &mut ClifState<R>, current: R) -> R {
        let i = c.v0 * current;
        s.m = c.beta_p * s.m + i;
        s.s = c.beta_q * s.s + i;
        s.v = s.m - s.s - s.e;
        let spike = self.surrogate.spike(s.v, c.v_th, c.alpha);
        s.e = c.beta_m * s.e + c.v_th * spike;
        spike
    }
}

impl Neuron for Clif {
    const NAME: &'static str = "clif";
    const ABOUT: &'static str = "spike response model with double-exponential synapses";
    const LEARNABLE: &'static [&'static str] = &["v0"];

    fn surrogate(&self) -> Option<Surrogate> {
        Some(self.surrogate)
    }

    fn derived_default(&self, name: &str, given: ClifParams<f32>) -> Option<f32> {
        (name == "v0").then(|| peak_is_one(given.tau_p, given.tau_q))
    }

    fn check(&self, params: ClifParams<f32>) -> Result<(), String> {
        time_constants_differ([("tau_p", params.tau_p), ("tau_q", params.tau_q)])
    }
}
