//! The excitatory neuron of learning by spike timing, with a threshold that grows in proportion.

use crate::Surrogate;
use crate::neuron::{Neuron, NeuronConfig, OperatingPoint};
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Leaky integrate-and-fire with an adaptive threshold, `alifstdp_ex`: as
/// [`lifstdp_ex`](super::LifStdpEx), but a spike takes `v_reset` from the potential and raises the
/// threshold by a share of itself.
///
/// ```text
/// v[t] = decay_v (V[t-1] - v_rest) + v_rest + I[t]
/// vth_theta[t] = v_th + decay_th theta[t-1]
/// S[t] = 1 if v[t] > vth_theta[t] else 0
/// V[t] = v[t] - v_reset S[t]
/// theta[t] = decay_th theta[t-1] + th_inc vth_theta[t] S[t]
/// ```
///
/// SPAIC's own variant of Diehl and Cook (2015). `theta` is kept from one sample to the next. The decays
/// are factors per step; the time step does not enter.
///
/// # Differences from SPAIC
///
/// - Its documentation repeats the reset of `lifstdp_ex`, to `v_reset`, which by default is the threshold
///   itself. Its source subtracts, and so does this model.
/// - Its source compares with the threshold of the step before, in the first step with the state
///   `vth_theta` that it starts from, and raises by a share of that. `spaic_compat` does the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AlifStdpEx {
    /// Surrogate of the derivative of a spike.
    pub surrogate: Surrogate,
    /// Whether the gradient through the reset is cut.
    pub detach_reset: bool,
    /// Follow SPAIC's source where it differs.
    pub spaic_compat: bool,
}

record! {
    /// Parameters of [`AlifStdpEx`].
    pub struct AlifStdpExParams {
        /// firing threshold before adaptation
        v_th: 2.0,
        /// subtracted from the potential at a spike
        v_reset: 2.0,
        /// resting potential
        v_rest: 0.0,
        /// fraction by which a spike raises the threshold
        th_inc: 0.001,
        /// decay factor of the adaptation per step
        decay_th: 0.999_99 > 0.0,
        /// decay factor of the potential above rest per step
        decay_v: 0.990_049_83 > 0.0,
        /// width of the surrogate
        alpha: auto > 0.0,
    }
}

record! {
    /// State of [`AlifStdpEx`].
    pub struct AlifStdpExState {
        /// membrane potential
        v: 0.0,
        /// adaptation of the threshold
        theta: 0.0,
        /// adapted threshold
        vth_theta: 2.0,
    }
}

/// Configuration of [`AlifStdpEx`] neurons.
pub type AlifStdpExConfig = NeuronConfig<AlifStdpEx>;

impl Dynamics for AlifStdpEx {
    type Params<R: Copy> = AlifStdpExParams<R>;
    type Constants<R: Copy> = AlifStdpExParams<R>;
    type State<R: Copy> = AlifStdpExState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: AlifStdpExParams<R>, _: f32) -> AlifStdpExParams<R> {
        p
    }

    fn step<R: Real>(&self, c: &AlifStdpExParams<R>, s: &mut AlifStdpExState<R>, current: R) -> R {
        let v = c.decay_v * (s.v - c.v_rest) + c.v_rest + current;
        let theta = c.decay_th * s.theta;
        let before = s.vth_theta;
        s.vth_theta = c.v_th + theta;
        let threshold = if self.spaic_compat { before } else { s.vth_theta };
        let spike = self.surrogate.as_in_spaic(self.spaic_compat).spike(v, threshold, c.alpha);
        let reset = if self.detach_reset { spike.detach() } else { spike };
        s.v = v - c.v_reset * reset;
        s.theta = theta + c.th_inc * threshold * reset;
        spike
    }
}

impl Neuron for AlifStdpEx {
    const NAME: &'static str = "alifstdp_ex";
    const ABOUT: &'static str = "leaky integrate-and-fire with a proportionally adaptive threshold, for STDP";
    const PERSISTENT: &'static [&'static str] = &["theta"];
    const OPERATING_POINT: OperatingPoint = OperatingPoint { trace_current: 0.2, current: 2.0, rest_to_threshold: 2.0, ..OperatingPoint::UNIT };

    fn surrogate(&self) -> Option<Surrogate> {
        Some(self.surrogate)
    }
}
