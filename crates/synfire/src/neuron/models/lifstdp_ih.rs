//! The inhibitory neuron of unsupervised learning by spike timing.

use crate::Surrogate;
use crate::neuron::{Neuron, NeuronConfig, Reset, OperatingPoint};
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Leaky integrate-and-fire towards a resting potential, `lifstdp_ih`: the partner of
/// [`lifstdp_ex`](super::LifStdpEx) that lets one neuron silence the others.
///
/// ```text
/// v[t] = decay_v (V[t-1] - v_rest) + v_rest + I[t]
/// S[t] = 1 if v[t] > v_th else 0
/// V[t] = v_reset if S[t] else v[t]
/// ```
///
/// Diehl and Cook, *Unsupervised learning of digit recognition using spike-timing-dependent plasticity*,
/// Frontiers in Computational Neuroscience 9 (2015). The decay is a factor per step; the time step does
/// not enter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LifStdpIh {
    /// Surrogate of the derivative of a spike.
    pub surrogate: Surrogate,
    /// Whether the gradient through the reset is cut.
    pub detach_reset: bool,
}

record! {
    /// Parameters of [`LifStdpIh`].
    pub struct LifStdpIhParams {
        /// firing threshold
        v_th: -40.0 [mV],
        /// potential after a spike
        v_reset: -45.0 [mV],
        /// resting potential
        v_rest: -60.0 [mV],
        /// decay factor of the potential above rest per step
        decay_v: 0.904_837_4 > 0.0,
        /// width of the surrogate
        alpha: auto > 0.0,
    }
}

record! {
    /// State of [`LifStdpIh`].
    pub struct LifStdpIhState {
        /// membrane potential
        v: -60.0 [mV],
    }
}

/// Configuration of [`LifStdpIh`] neurons.
pub type LifStdpIhConfig = NeuronConfig<LifStdpIh>;

impl Dynamics for LifStdpIh {
    type Params<R: Copy> = LifStdpIhParams<R>;
    type Constants<R: Copy> = LifStdpIhParams<R>;
    type State<R: Copy> = LifStdpIhState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: LifStdpIhParams<R>, _: f32) -> LifStdpIhParams<R> {
        p
    }

    fn step<R: Real>(&self, c: &LifStdpIhParams<R>, s: &mut LifStdpIhState<R>, current: R) -> R {
        let v = c.decay_v * (s.v - c.v_rest) + c.v_rest + current;
        let spike = self.surrogate.spike(v, c.v_th, c.alpha);
        s.v = Reset::Hard.apply(v, spike, c.v_th, c.v_reset, self.detach_reset);
        spike
    }
}

impl Neuron for LifStdpIh {
    const NAME: &'static str = "lifstdp_ih";
    const ABOUT: &'static str = "leaky integrate-and-fire towards rest, inhibitory partner for STDP";
    // from -60 to -40 mV
    const OPERATING_POINT: OperatingPoint = OperatingPoint { trace_current: 4.0, current: 20.0, rest_to_threshold: 20.0, ..OperatingPoint::UNIT };

    fn surrogate(&self) -> Option<Surrogate> {
        Some(self.surrogate)
    }
}
