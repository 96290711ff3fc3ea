//! The leaky integrate-and-fire neuron with an exponential synapse.

use super::kernel::decay;
use crate::neuron::{Neuron, NeuronConfig};
use crate::Surrogate;
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Leaky integrate-and-fire behind an exponential synapse, `lifm`.
///
/// ```text
/// beta_x = exp(-dt / tau_x)
/// I[t] = beta_p I[t-1] + input[t]
/// v[t] = beta_m V[t-1] + I[t]
/// S[t] = 1 if v[t] > v_th else 0
/// V[t] = v[t] - v[t] S[t]
/// ```
///
/// Gerstner and Kistler, *Spiking Neuron Models* (2002), section 4.1. The gradient flows through the reset.
///
/// SPAIC's documentation resets by a factor `tau_m exp(-S / tau_m)` (Wu et al. 2018), an approximation for
/// decays close to 0 that its source does not use, and adds a current that its source does not have. This
/// is the source's model.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lifm {
    /// Surrogate of the derivative of a spike.
    pub surrogate: Surrogate,
}

record! {
    /// Parameters of [`Lifm`].
    pub struct LifmParams {
        /// membrane time constant
        tau_m: 10.0 [ms] > 0.0,
        /// time constant of the synapse
        tau_p: 1.0 [ms] > 0.0,
        /// firing threshold
        v_th: 1.0,
        /// width of the surrogate
        alpha: auto > 0.0,
    }
}

record! {
    /// Constants of a step of [`Lifm`], derived from its parameters.
    pub struct LifmConstants {
        /// decay of the membrane in one step
        beta_m: auto,
        /// decay of the synapse in one step
        beta_p: auto,
        /// firing threshold
        v_th: auto,
        /// width of the surrogate
        alpha: auto,
    }
}

record! {
    /// State of [`Lifm`].
    pub struct LifmState {
        /// synaptic current
        i: 0.0,
        /// membrane potential
        v: 0.0,
    }
}

/// Configuration of [`Lifm`] neurons.
pub type LifmConfig = NeuronConfig<Lifm>;

impl Dynamics for Lifm {
    type Params<R: Copy> = LifmParams<R>;
    type Constants<R: Copy> = LifmConstants<R>;
    type State<R: Copy> = LifmState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: LifmParams<R>, dt: f32) -> LifmConstants<R> {
        LifmConstants { beta_m: decay(p.tau_m, dt), beta_p: decay(p.tau_p, dt), v_th: p.v_th, alpha: p.alpha }
    }

    fn step<R: Real>(&self, c: &LifmConstants<R>, s: &mut LifmState<R>, current: R) -> R {
        s.i = c.beta_p * s.i + current;
        let v = c.beta_m * s.v + s.i;
        let spike = self.surrogate.spike(v, c.v_th, c.alpha);
        s.v = v - v * spike;
        spike
    }
}

impl Neuron for Lifm {
    const NAME: &'static str = "lifm";
    const ABOUT: &'static str = "leaky integrate-and-fire with an exponential synapse";

    fn surrogate(&self) -> Option<Surrogate> {
        Some(self.surrogate)
    }
}
