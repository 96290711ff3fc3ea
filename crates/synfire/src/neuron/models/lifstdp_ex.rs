//! The excitatory neuron of unsupervised learning by spike timing.

use crate::Surrogate;
use crate::neuron::{Neuron, NeuronConfig, Reset, OperatingPoint};
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Leaky integrate-and-fire with an adaptive threshold, `lifstdp_ex`: each spike makes the next a little
/// harder, so that in the long run all neurons fire alike.
///
/// ```text
/// v[t] = decay_v (V[t-1] - v_rest) + v_rest + I[t]
/// vth_theta[t] = v_th + decay_th theta[t-1]
/// S[t] = 1 if v[t] > vth_theta[t] else 0
/// V[t] = v_reset if S[t] else v[t]
/// theta[t] = decay_th theta[t-1] + th_inc S[t]
/// ```
///
/// Diehl and Cook, *Unsupervised learning of digit recognition using spike-timing-dependent plasticity*,
/// Frontiers in Computational Neuroscience 9 (2015). `theta` is kept from one sample to the next. The
/// decays are factors per step; the time step does not enter.
///
/// # Differences from SPAIC
///
/// - Its source compares with the threshold of the step before, and in the first step with the state
///   `vth_theta` that it starts from, 0 mV. `spaic_compat` does the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LifStdpEx {
    /// Surrogate of the derivative of a spike.
    pub surrogate: Surrogate,
    /// Whether the gradient through the reset is cut.
    pub detach_reset: bool,
    /// Follow SPAIC's source where it differs.
    pub spaic_compat: bool,
}

record! {
    /// Parameters of [`LifStdpEx`].
    pub struct LifStdpExParams {
        /// firing threshold before adaptation
        v_th: -52.0 [mV],
        /// potential after a spike
        v_reset: -60.0 [mV],
        /// resting potential
        v_rest: -65.0 [mV],
        /// added to the threshold at a spike
        th_inc: 0.05 [mV],
        /// decay factor of the adaptation per step
        decay_th: 0.999_999_9 > 0.0,
        /// decay factor of the potential above rest per step
        decay_v: 0.990_049_83 > 0.0,
        /// width of the surrogate
        alpha: auto > 0.0,
    }
}

record! {
    /// State of [`LifStdpEx`].
    pub struct LifStdpExState {
        /// membrane potential
        v: -65.0 [mV],
        /// adaptation of the threshold
        theta: 0.0 [mV],
        /// adapted threshold
        vth_theta: 0.0 [mV],
    }
}

/// Configuration of [`LifStdpEx`] neurons.
pub type LifStdpExConfig = NeuronConfig<LifStdpEx>;

impl Dynamics for LifStdpEx {
    type Params<R: Copy> = LifStdpExParams<R>;
    type Constants<R: Copy> = LifStdpExParams<R>;
    type State<R: Copy> = LifStdpExState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: LifStdpExParams<R>, _: f32) -> LifStdpExParams<R> {
        p
    }

    fn step<R: Real>(&self, c: &LifStdpExParams<R>, s: &mut LifStdpExState<R>, current: R) -> R {
        let v = c.decay_v * (s.v - c.v_rest) + c.v_rest + current;
        let theta = c.decay_th * s.theta;
        let before = s.vth_theta;
        s.vth_theta = c.v_th + theta;
        let threshold = if self.spaic_compat { before } else { s.vth_theta };
        let spike = self.surrogate.as_in_spaic(self.spaic_compat).spike(v, threshold, c.alpha);
        s.v = Reset::Hard.apply(v, spike, threshold, c.v_reset, self.detach_reset);
        s.theta = theta + c.th_inc * if self.detach_reset { spike.detach() } else { spike };
        spike
    }
}

impl Neuron for LifStdpEx {
    const NAME: &'static str = "lifstdp_ex";
    const ABOUT: &'static str = "leaky integrate-and-fire with an adaptive threshold, for STDP";
    const PERSISTENT: &'static [&'static str] = &["theta"];
    // from -65 to -52 mV
    const OPERATING_POINT: OperatingPoint = OperatingPoint { trace_current: 1.3, current: 13.0, rest_to_threshold: 13.0, ..OperatingPoint::UNIT };

    fn surrogate(&self) -> Option<Surrogate> {
        Some(self.surrogate)
    }
}
