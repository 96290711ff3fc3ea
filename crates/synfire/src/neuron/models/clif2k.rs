//! The current-based leaky integrate-and-fire neuron with two kernels.

use super::kernel::{decay, peak_is_one, time_constants_differ};
use crate::neuron::{Neuron, NeuronConfig};
use crate::Surrogate;
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Leaky integrate-and-fire in the spike response form with two time constants, `clif2k`: as
/// [`Clif`](super::Clif), the membrane being the slow kernel and the refractory one.
///
/// ```text
/// beta_x = exp(-dt / tau_x)
/// M[t] = beta_m M[t-1] + v0 I[t]
/// S[t] = beta_s S[t-1] + v0 I[t]
/// V[t] = M[t] - S[t] - E[t-1]
/// O[t] = 1 if V[t] > v_th else 0
/// E[t] = beta_m E[t-1] + v_th O[t]
/// ```
///
/// Gütig and Sompolinsky, *The tempotron*, Nature Neuroscience 2006. `v0` makes the peak of the kernel 1 for
/// the initial time constants; it is learnable by default.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Clif2k {
    /// Surrogate of the derivative of a spike.
    pub surrogate: Surrogate,
}

record! {
    /// Parameters of [`Clif2k`].
    pub struct Clif2kParams {
        /// membrane time constant
        tau_m: 20.0 [ms] > 0.0,
        /// time constant of the synapse
        tau_s: 12.0 [ms] > 0.0,
        /// firing threshold
        v_th: 1.0,
        /// weight of the input
        v0: auto,
        /// width of the surrogate
        alpha: auto > 0.0,
    }
}

record! {
    /// Constants of a step of [`Clif2k`], derived from its parameters.
    pub struct Clif2kConstants {
        /// decay of the membrane in one step
        beta_m: auto,
        /// decay of the synapse in one step
        beta_s: auto,
        /// firing threshold
        v_th: auto,
        /// weight of the input
        v0: auto,
        /// width of the surrogate
        alpha: auto,
    }
}

record! {
    /// State of [`Clif2k`].
    pub struct Clif2kState {
        /// slow kernel
        m: 0.0,
        /// fast kernel
        s: 0.0,
        /// refractory kernel
        e: 0.0,
        /// membrane potential
        v: 0.0,
    }
}

/// Configuration of [`Clif2k`] neurons.
pub type Clif2kConfig = NeuronConfig<Clif2k>;

impl Dynamics for Clif2k {
    type Params<R: Copy> = Clif2kParams<R>;
    type Constants<R: Copy> = Clif2kConstants<R>;
    type State<R: Copy> = Clif2kState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: Clif2kParams<R>, dt: f32) -> Clif2kConstants<R> {
        Clif2kConstants { beta_m: decay(p.tau_m, dt), beta_s: decay(p.tau_s, dt), v_th: p.v_th, v0: p.v0, alpha: p.alpha }
    }

    fn step<R: Real>(&self, c: &Clif2kConstants<R>, s: &mut Clif2kState<R>, current: R) -> R {
        let i = c.v0 * current;
        s.m = c.beta_m * s.m + i;
        s.s = c.beta_s * s.s + i;
        s.v = s.m - s.s - s.e;
        let spike = self.surrogate.spike(s.v, c.v_th, c.alpha);
        s.e = c.beta_m * s.e + c.v_th * spike;
        spike
    }
}

impl Neuron for Clif2k {
    const NAME: &'static str = "clif2k";
    const ABOUT: &'static str = "spike response model with two time constants";
    const LEARNABLE: &'static [&'static str] = &["v0"];

    fn surrogate(&self) -> Option<Surrogate> {
        Some(self.surrogate)
    }

    fn derived_default(&self, name: &str, given: Clif2kParams<f32>) -> Option<f32> {
        (name == "v0").then(|| peak_is_one(given.tau_m, given.tau_s))
    }

    fn check(&self, params: Clif2kParams<f32>) -> Result<(), String> {
        time_constants_differ([("tau_m", params.tau_m), ("tau_s", params.tau_s)])
    }
}
