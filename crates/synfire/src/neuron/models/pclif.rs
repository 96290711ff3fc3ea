//! The current-based leaky integrate-and-fire neuron with learnable decays.

use crate::neuron::{Neuron, NeuronConfig, OperatingPoint};
use crate::Surrogate;
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Parametric leaky integrate-and-fire in the spike response form, `pclif`: as [`Clif2k`](super::Clif2k), but
/// its two decays are learnable by default and apply to the input at once.
///
/// ```text
/// M[t] = tau_m (M[t-1] + I[t])
/// S[t] = tau_s (S[t-1] + I[t])
/// V[t] = M[t] - S[t] - E[t-1]
/// O[t] = 1 if V[t] > v_th else 0
/// E[t] = tau_m E[t-1] + v_th O[t]
/// ```
///
/// The decays are factors per step; the time step does not enter. They are called `tau_m` and `tau_s`
/// because SPAIC calls them so. After Fang et al. (ICCV 2021, see [`Plif`](super::Plif)) and Gütig and Sompolinsky (2006).
///
/// Differences from SPAIC:
///
/// - SPAIC's `E[t]` is this `E[t-1]` decayed and with the spike added in the next step; `V` and `O` are the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Pclif {
    /// Surrogate of the derivative of a spike.
    pub surrogate: Surrogate,
}

record! {
    /// Parameters of [`Pclif`].
    pub struct PclifParams {
        /// decay of the membrane in one step
        tau_m: 0.9 > 0.0,
        /// decay of the synapse in one step
        tau_s: 0.6 > 0.0,
        /// firing threshold
        v_th: 1.0,
        /// width of the surrogate
        alpha: auto > 0.0,
    }
}

record! {
    /// State of [`Pclif`].
    pub struct PclifState {
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

/// Configuration of [`Pclif`] neurons.
pub type PclifConfig = NeuronConfig<Pclif>;

impl Dynamics for Pclif {
    type Params<R: Copy> = PclifParams<R>;
    type Constants<R: Copy> = PclifParams<R>;
    type State<R: Copy> = PclifState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: PclifParams<R>, _: f32) -> PclifParams<R> {
        p
    }

    fn step<R: Real>(&self, c: &PclifParams<R>, s: &mut PclifState<R>, current: R) -> R {
        s.m = c.tau_m * (s.m + current);
        s.s = c.tau_s * (s.s + current);
        s.v = s.m - s.s - s.e;
        let spike = self.surrogate.spike(s.v, c.v_th, c.alpha);
        s.e = c.tau_m * s.e + c.v_th * spike;
        spike
    }
}

impl Neuron for Pclif {
    const NAME: &'static str = "pclif";
    const ABOUT: &'static str = "spike response model with learnable decays";
    const OPERATING_POINT: OperatingPoint = OperatingPoint { trace_current: 1.0, ..OperatingPoint::UNIT };
    const LEARNABLE: &'static [&'static str] = &["tau_m", "tau_s"];

    fn surrogate(&self) -> Option<Surrogate> {
        Some(self.surrogate)
    }

    fn check(&self, params: PclifParams<f32>) -> Result<(), String> {
        match [("tau_m", params.tau_m), ("tau_s", params.tau_s)].into_iter().find(|(_, decay)| *decay > 1.0) {
            Some((name, decay)) => Err(format!(
                "`{name}` is {decay}; here it is a decay factor per step and expected to be at most 1, \
                 for a time constant in ms give exp(-dt / tau)"
            )),
            None => Ok(()),
        }
    }
}
