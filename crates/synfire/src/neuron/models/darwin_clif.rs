//! The current-based leaky integrate-and-fire neuron of the Darwin chip.

use super::darwin::{bias, decay, to_i16};
use super::integer::indicator;
use crate::neuron::{Neuron, NeuronConfig, OperatingPoint};
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Current-based leaky integrate-and-fire in 16-bit fixed point, `darwin_clif`, as the Darwin chip
/// computes it.
///
/// ```text
/// P0 = round(256 exp(-dt / tau_m)) / 256
/// P4 = round(256 exp(-dt / tau_s)) / 256
/// P1 = round(2^15 bias) / 2^15
/// q(x) = x rounded, half to even, and limited to -32768..32767
///
/// I[t] = q(P4 I[t-1] + input)
/// v    = q(P0 V[t-1] + I[t] + P1)
/// O[t] = 1 if v > v_th else 0
/// V[t] = 0 if O[t] else v
/// ```
///
/// No gradient flows through it.
///
/// Differences from SPAIC, undone by `spaic_compat`:
/// - SPAIC's `P1` is `round(2^15 bias) / 2 * 15`;
/// - its `q` goes up to 32768;
/// - it takes the input of the previous step.
///
/// SPAIC draws the initial potential of each neuron from 10000 to 15000; here it is the middle, 12500.
/// Pass a state for other values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DarwinClif {
    /// Follow SPAIC's source where it differs.
    pub spaic_compat: bool,
}

record! {
    /// Parameters of [`DarwinClif`].
    pub struct DarwinClifParams {
        /// membrane time constant
        tau_m: 12.0 [ms] > 0.0,
        /// time constant of the synapse
        tau_s: 8.0 [ms] > 0.0,
        /// bias, added in each step
        bias: 0.0,
        /// firing threshold
        v_th: 16384.0,
    }
}

record! {
    /// Constants of a step of [`DarwinClif`], derived from its parameters.
    pub struct DarwinClifConstants {
        /// decay of the membrane in one step
        p0: auto,
        /// bias
        p1: auto,
        /// decay of the synaptic current
        p4: auto,
        /// firing threshold
        v_th: auto,
    }
}

record! {
    /// State of [`DarwinClif`].
    pub struct DarwinClifState {
        /// membrane potential
        v: 12500.0,
        /// synaptic current
        i: 0.0,
        /// input of the last step
        isyn: 0.0,
    }
}

/// Configuration of [`DarwinClif`] neurons.
pub type DarwinClifConfig = NeuronConfig<DarwinClif>;

impl Dynamics for DarwinClif {
    type Params<R: Copy> = DarwinClifParams<R>;
    type Constants<R: Copy> = DarwinClifConstants<R>;
    type State<R: Copy> = DarwinClifState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: DarwinClifParams<R>, dt: f32) -> DarwinClifConstants<R> {
        DarwinClifConstants {
            p0: decay(p.tau_m, dt, 256.0),
            p1: bias(p.bias, self.spaic_compat),
            p4: decay(p.tau_s, dt, 256.0),
            v_th: p.v_th,
        }
    }

    fn step<R: Real>(&self, c: &DarwinClifConstants<R>, s: &mut DarwinClifState<R>, current: R) -> R {
        let input = if self.spaic_compat { s.isyn } else { current };
        s.i = to_i16(s.i * c.p4 + input, self.spaic_compat);
        let v = to_i16(s.v * c.p0 + s.i + c.p1, self.spaic_compat);
        let fires = v.greater(c.v_th);
        s.v = R::select(fires, v.lit(0.0), v);
        s.isyn = current;
        indicator(fires, v)
    }
}

impl Neuron for DarwinClif {
    const NAME: &'static str = "darwin_clif";
    const ABOUT: &'static str = "current-based leaky integrate-and-fire of the Darwin chip, 16-bit fixed point";
    const OPERATING_POINT: OperatingPoint = OperatingPoint { trace_current: 1000.0, ..OperatingPoint::UNIT };
    const DIFFERENTIABLE: bool = false;
}
