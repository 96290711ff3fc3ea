//! The leaky integrate-and-fire neuron in integer arithmetic.

use super::integer::{self, clamp, indicator, truncate};
use crate::neuron::{Neuron, NeuronConfig, OperatingPoint};
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Integrate-and-fire with a refractory time, in integer arithmetic, `lifint`.
///
/// ```text
/// x = 0 if refrac_count[t-1] > 0 else int(I[t])
/// v = decay (V[t-1] - v_rest) + v_rest + x
/// O[t] = 1 if v >= thresh else 0
/// V[t], refrac_count[t] = v_reset, reset_refrac               if O[t]
///                       = v,       refrac_count[t-1] - 1      else
/// ```
///
/// `int` rounds towards zero. `decay` multiplies: 1 is no leak, 0 no memory. Arithmetic is exact:
/// potential and input saturate at `±2^20`, and parameters beyond that or not integer are refused, so no value
/// leaves `±2^24`. No gradient flows through it.
///
/// Differences from SPAIC, of which `spaic_compat` undoes the first: SPAIC does not round inputs, and
/// wraps around at `2^31` instead of saturating.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lifint {
    /// Do not round inputs, as SPAIC does not.
    pub spaic_compat: bool,
}

record! {
    /// Parameters of [`Lifint`], integers.
    pub struct LifintParams {
        /// firing threshold
        thresh: 1.0,
        /// decay factor of the potential above rest per step
        decay: 1.0,
        /// potential after a spike
        v_reset: 0.0,
        /// potential at rest
        v_rest: 0.0,
        /// steps after a spike in which input is ignored
        reset_refrac: 0.0 [steps],
        /// steps in which input is ignored at the start
        refrac_count: 0.0 [steps],
    }
}

record! {
    /// State of [`Lifint`].
    pub struct LifintState {
        /// membrane potential
        v: 0.0,
        /// steps in which input is still ignored, negative when there are none
        refrac_count: auto,
    }
}

/// Configuration of [`Lifint`] neurons.
pub type LifintConfig = NeuronConfig<Lifint>;

/// Where potentials and inputs saturate.
const MOST: f32 = 1_048_576.0;

impl Dynamics for Lifint {
    type Params<R: Copy> = LifintParams<R>;
    type Constants<R: Copy> = LifintParams<R>;
    type State<R: Copy> = LifintState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: LifintParams<R>, _: f32) -> LifintParams<R> {
        p
    }

    fn step<R: Real>(&self, c: &LifintParams<R>, s: &mut LifintState<R>, current: R) -> R {
        let (zero, most) = (current.lit(0.0), current.lit(MOST));
        let saturate = |x: R| clamp(x, -most, most);
        let input = saturate(if self.spaic_compat { current } else { truncate(current) });
        let x = R::select(s.refrac_count.greater(zero), zero, input);
        let v = saturate(c.decay * (s.v - c.v_rest) + c.v_rest + x);
        let fires = v.greater_equal(c.thresh);
        s.v = R::select(fires, c.v_reset, v);
        s.refrac_count = R::select(fires, c.reset_refrac, s.refrac_count - 1.0);
        indicator(fires, v)
    }
}

impl Neuron for Lifint {
    const NAME: &'static str = "lifint";
    const ABOUT: &'static str = "integrate-and-fire with a refractory time, integer arithmetic";
    const OPERATING_POINT: OperatingPoint = OperatingPoint { trace_current: 1.0, ..OperatingPoint::UNIT };
    const DIFFERENTIABLE: bool = false;

    fn check(&self, params: LifintParams<f32>) -> Result<(), String> {
        integer::check(&params, MOST)?;
        match (0.0..=7.0).contains(&params.decay) {
            true => Ok(()),
            false => Err(format!("`decay` is {}; expected an integer from 0 to 7, 1 for no leak", params.decay)),
        }
    }
}
