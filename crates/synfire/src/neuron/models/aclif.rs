//! The current-based leaky integrate-and-fire neuron that adapts.

use super::kernel::{decay, peak_is_one, time_constants_differ};
use crate::neuron::{Neuron, NeuronConfig};
use crate::Surrogate;
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Adaptive leaky integrate-and-fire in the spike response form, `aclif`: as [`Clif`](super::Clif), and every
/// spike makes the next one harder for a long time.
///
/// ```text
/// beta_x = exp(-dt / tau_x)
/// A[t] = beta_a A[t-1] + O[t-1]
/// M[t] = beta_p M[t-1] + v0 I[t]
/// S[t] = beta_q S[t-1] + v0 I[t]
/// V[t] = M[t] - S[t] - (beta_adaptive A[t] + E[t-1])
/// O[t] = 1 if V[t] > v_th else 0
/// E[t] = beta_m E[t-1] + v_th O[t]
/// ```
///
/// Bellec et al., *Long short-term memory and learning-to-learn in networks of spiking neurons*, NeurIPS
/// 2018: a threshold `v_th + beta_adaptive A`, here taken from the potential, which comes to the same. `A`,
/// the state `vth1`, keeps its value from one sample to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Aclif {
    /// Surrogate of the derivative of a spike.
    pub surrogate: Surrogate,
}

record! {
    /// Parameters of [`Aclif`].
    pub struct AclifParams {
        /// time constant of the refractory kernel
        tau_m: 20.0 [ms] > 0.0,
        /// slow time constant of the synapse
        tau_p: 12.0 [ms] > 0.0,
        /// fast time constant of the synapse
        tau_q: 8.0 [ms] > 0.0,
        /// time constant of the adaptation
        tau_a: 2000.0 [ms] > 0.0,
        /// strength of the adaptation
        beta_adaptive: 0.1,
        /// firing threshold
        v_th: 1.0,
        /// weight of the input
        v0: auto,
        /// width of the surrogate
        alpha: auto > 0.0,
    }
}

record! {
    /// Constants of a step of [`Aclif`], derived from its parameters.
    pub struct AclifConstants {
        /// decay of the refractory kernel in one step
        beta_m: auto,
        /// decay of the slow synaptic kernel
        beta_p: auto,
        /// decay of the fast synaptic kernel
        beta_q: auto,
        /// decay of the adaptation
        beta_a: auto,
        /// strength of the adaptation
        beta_adaptive: auto,
        /// firing threshold
        v_th: auto,
        /// weight of the input
        v0: auto,
        /// width of the surrogate
        alpha: auto,
    }
}

record! {
    /// State of [`Aclif`].
    pub struct AclifState {
        /// slow synaptic kernel
        m: 0.0,
        /// fast synaptic kernel
        s: 0.0,
        /// refractory kernel
        e: 0.0,
        /// membrane potential
        v: 0.0,
        /// adaptation, a low-pass filter of the spikes
        vth1: 0.0,
        /// spike of the last step
        last_spike: 0.0,
    }
}

/// Configuration of [`Aclif`] neurons.
pub type AclifConfig = NeuronConfig<Aclif>;

impl Dynamics for Aclif {
    type Params<R: Copy> = AclifParams<R>;
    type Constants<R: Copy> = AclifConstants<R>;
    type State<R: Copy> = AclifState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: AclifParams<R>, dt: f32) -> AclifConstants<R> {
        AclifConstants {
            beta_m: decay(p.tau_m, dt),
            beta_p: decay(p.tau_p, dt),
            beta_q: decay(p.tau_q, dt),
            beta_a: decay(p.tau_a, dt),
            beta_adaptive: p.beta_adaptive,
            v_th: p.v_th,
            v0: p.v0,
            alpha: p.alpha,
        }
    }

    fn step<R: Real>(&self, c: &AclifConstants<R>, s: &mut AclifState<R>, current: R) -> R {
        s.vth1 = c.beta_a * s.vth1 + s.last_spike;
        let i = c.v0 * current;
        s.m = c.beta_p * s.m + i;
        s.s = c.beta_q * s.s + i;
        s.v = s.m - s.s - (c.beta_adaptive * s.vth1 + s.e);
        let spike = self.surrogate.spike(s.v, c.v_th, c.alpha);
        s.e = c.beta_m * s.e + c.v_th * spike;
        s.last_spike = spike;
        spike
    }
}

impl Neuron for Aclif {
    const NAME: &'static str = "aclif";
    const ABOUT: &'static str = "spike response model that adapts";
    const PERSISTENT: &'static [&'static str] = &["vth1"];
    const LEARNABLE: &'static [&'static str] = &["v0"];

    fn surrogate(&self) -> Option<Surrogate> {
        Some(self.surrogate)
    }

    fn derived_default(&self, name: &str, given: AclifParams<f32>) -> Option<f32> {
        (name == "v0").then(|| peak_is_one(given.tau_p, given.tau_q))
    }

    fn check(&self, params: AclifParams<f32>) -> Result<(), String> {
        time_constants_differ([("tau_p", params.tau_p), ("tau_q", params.tau_q)])
    }
}
