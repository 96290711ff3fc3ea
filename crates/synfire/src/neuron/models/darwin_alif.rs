//! The adaptive leaky integrate-and-fire neuron of the Darwin chip.

use super::darwin::{bias, decay, to_i16};
use super::integer::indicator;
use crate::neuron::{Neuron, NeuronConfig, OperatingPoint};
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Adaptive leaky integrate-and-fire in 16-bit fixed point, `darwin_alif`, as the Darwin chip computes
/// it: [`DarwinClif`](super::DarwinClif) with a threshold that every spike raises.
///
/// ```text
/// P0, P1, P4, q as there; C1 = round(0.001 v_th), C2 = round(0.2 v_th)
///
/// I[t]   = q(P4 I[t-1] + input)
/// v      = q(P0 V[t-1] + I[t] + P1)
/// O[t]   = 1 if v > Vth[t-1] else 0
/// V[t]   = 0 if O[t] else v
/// Vth[t] = 0.999 Vth[t-1] + C1 + C2 O[t]
/// ```
///
/// Without spikes the threshold stays at about `v_th`, where it starts. No gradient flows through it.
///
/// Differences from SPAIC, undone by `spaic_compat`: those of `darwin_clif`. SPAIC draws the initial
/// potential of each neuron from -30000 to 15000; here it is the middle, -7500. Pass a state for
/// other values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DarwinAlif {
    /// Follow SPAIC's source where it differs.
    pub spaic_compat: bool,
}

record! {
    /// Parameters of [`DarwinAlif`].
    pub struct DarwinAlifParams {
        /// membrane time constant
        tau_m: 12.0 [ms] > 0.0,
        /// time constant of the synapse
        tau_s: 8.0 [ms] > 0.0,
        /// bias, added in each step
        bias: 0.0,
        /// firing threshold before the first step
        v_th: 16384.0,
    }
}

record! {
    /// Constants of a step of [`DarwinAlif`], derived from its parameters.
    pub struct DarwinAlifConstants {
        /// decay of the membrane in one step
        p0: auto,
        /// bias
        p1: auto,
        /// decay of the synaptic current
        p4: auto,
        /// added to the threshold in each step
        c1: auto,
        /// added to the threshold at a spike
        c2: auto,
    }
}

record! {
    /// State of [`DarwinAlif`].
    pub struct DarwinAlifState {
        /// membrane potential
        v: -7500.0,
        /// synaptic current
        i: 0.0,
        /// firing threshold
        v_th: auto,
        /// input of the last step
        isyn: 0.0,
    }
}

/// Configuration of [`DarwinAlif`] neurons.
pub type DarwinAlifConfig = NeuronConfig<DarwinAlif>;

impl Dynamics for DarwinAlif {
    type Params<R: Copy> = DarwinAlifParams<R>;
    type Constants<R: Copy> = DarwinAlifConstants<R>;
    type State<R: Copy> = DarwinAlifState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: DarwinAlifParams<R>, dt: f32) -> DarwinAlifConstants<R> {
        DarwinAlifConstants {
            p0: decay(p.tau_m, dt, 256.0),
            p1: bias(p.bias, self.spaic_compat),
            p4: decay(p.tau_s, dt, 256.0),
            c1: (p.v_th * 0.001).round(),
            c2: (p.v_th * 0.2).round(),
        }
    }

    fn step<R: Real>(&self, c: &DarwinAlifConstants<R>, s: &mut DarwinAlifState<R>, current: R) -> R {
        let input = if self.spaic_compat { s.isyn } else { current };
        s.i = to_i16(s.i * c.p4 + input, self.spaic_compat);
        let v = to_i16(s.v * c.p0 + s.i + c.p1, self.spaic_compat);
        let fires = v.greater(s.v_th);
        let spike = indicator(fires, v);
        s.v = R::select(fires, v.lit(0.0), v);
        s.v_th = s.v_th * 0.999 + c.c1 + c.c2 * spike;
        s.isyn = current;
        spike
    }
}

impl Neuron for DarwinAlif {
    const NAME: &'static str = "darwin_alif";
    const ABOUT: &'static str = "adaptive leaky integrate-and-fire of the Darwin chip, 16-bit fixed point";
    const OPERATING_POINT: OperatingPoint = OperatingPoint { trace_current: 2000.0, ..OperatingPoint::UNIT };
    const DIFFERENTIABLE: bool = false;
}
