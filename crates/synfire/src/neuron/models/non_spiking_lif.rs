//! The leaky integrator with double-exponential synapses.

use super::explicit;
use super::kernel::{decay, peak_is_one, time_constants_differ};
use crate::neuron::{OutputKind, Neuron, NeuronConfig};
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// A leaky integrator behind double-exponential synapses, `nonspikinglif`: a neuron that never fires.
/// Its output is its potential, for the last layer of a network.
///
/// ```text
/// beta_x = exp(-dt / tau_x)
/// I[t] = v0 input[t]
/// M[t] = beta_p M[t-1] + I[t]
/// S[t] = beta_q S[t-1] + I[t]
/// V[t] = V[t-1] + (dt / tau_m) (M[t] - S[t] - V[t-1])
/// ```
///
/// `v0` makes the peak of the kernel `M - S` 1, as in [`Clif`](super::Clif). The membrane is integrated by
/// the forward Euler method: keep `dt` at or below `tau_m`.
///
/// Differences from SPAIC, undone by `spaic_compat`:
///
/// - SPAIC computes `I`, `M`, `S` and `V` all from the previous step's values on their right-hand sides, the
///   input included, so that an input reaches `V` three steps later.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NonSpikingLif {
    /// One step's delay at each stage, as SPAIC has it.
    pub spaic_compat: bool,
}

record! {
    /// Parameters of [`NonSpikingLif`].
    pub struct NonSpikingLifParams {
        /// slow time constant of the synapse
        tau_p: 4.0 [ms] > 0.0,
        /// fast time constant of the synapse
        tau_q: 1.0 [ms] > 0.0,
        /// membrane time constant
        tau_m: 1.0 [ms] > 0.0,
        /// weight of the input
        v0: auto,
    }
}

record! {
    /// Constants of a step of [`NonSpikingLif`], derived from its parameters.
    pub struct NonSpikingLifConstants {
        /// decay of the slow synaptic kernel
        beta_p: auto,
        /// decay of the fast synaptic kernel
        beta_q: auto,
        /// fraction of the distance to its input that the membrane covers in one step
        k: auto,
        /// weight of the input
        v0: auto,
    }
}

record! {
    /// State of [`NonSpikingLif`].
    pub struct NonSpikingLifState {
        /// weighted input
        i: 0.0,
        /// slow synaptic kernel
        m: 0.0,
        /// fast synaptic kernel
        s: 0.0,
        /// membrane potential
        v: 0.0,
        /// input of the last step, kept with `spaic_compat` only
        last_input: 0.0,
    }
}

/// Configuration of [`NonSpikingLif`] neurons.
pub type NonSpikingLifConfig = NeuronConfig<NonSpikingLif>;

impl Dynamics for NonSpikingLif {
    type Params<R: Copy> = NonSpikingLifParams<R>;
    type Constants<R: Copy> = NonSpikingLifConstants<R>;
    type State<R: Copy> = NonSpikingLifState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: NonSpikingLifParams<R>, dt: f32) -> NonSpikingLifConstants<R> {
        NonSpikingLifConstants {
            beta_p: decay(p.tau_p, dt),
            beta_q: decay(p.tau_q, dt),
            k: p.tau_m.recip() * dt,
            v0: p.v0,
        }
    }

    fn step<R: Real>(&self, c: &NonSpikingLifConstants<R>, s: &mut NonSpikingLifState<R>, current: R) -> R {
        let before = *s;
        s.i = c.v0 * if self.spaic_compat { before.last_input } else { current };
        let i = if self.spaic_compat { before.i } else { s.i };
        s.m = c.beta_p * before.m + i;
        s.s = c.beta_q * before.s + i;
        let psp = if self.spaic_compat { before.m - before.s } else { s.m - s.s };
        s.v = before.v + c.k * (psp - before.v);
        if self.spaic_compat {
            s.last_input = current;
        }
        s.v
    }
}

impl Neuron for NonSpikingLif {
    const NAME: &'static str = "nonspikinglif";
    const ABOUT: &'static str = "leaky integrator with double-exponential synapses, graded output";
    const OUTPUT: OutputKind = OutputKind::Graded;

    fn derived_default(&self, name: &str, given: NonSpikingLifParams<f32>) -> Option<f32> {
        (name == "v0").then(|| peak_is_one(given.tau_p, given.tau_q))
    }

    fn check(&self, params: NonSpikingLifParams<f32>) -> Result<(), String> {
        time_constants_differ([("tau_p", params.tau_p), ("tau_q", params.tau_q)])
    }

    fn warning(&self, p: NonSpikingLifParams<f32>, dt: f32) -> Option<String> {
        explicit::warning([("tau_m", 1.0 / p.tau_m)], dt, "")
    }
}
