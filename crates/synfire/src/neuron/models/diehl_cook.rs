//! The neuron of Diehl and Cook in integer arithmetic.

use super::integer::{self, clamp, indicator, scale, truncate};
use crate::neuron::{Neuron, NeuronConfig, OperatingPoint};
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Leaky integrate-and-fire of Diehl and Cook in integer arithmetic, `diehl_cook`: refractory, with a threshold
/// that every spike raises.
///
/// ```text
/// x  = clamp(int(I[t]), weight_sum_min, weight_sum_max)
/// th = thresh[t-1] >> 1 if thresh[t-1] > max_threshold else thresh[t-1]
/// v  = (decay (V[t-1] - v_rest) >> shift_voltage) + v_rest
///    + (x weight_sum_coef >> shift_weight_sum_coef if refrac_count[t-1] <= 0)
/// O[t] = 1 if v > th else 0
/// V[t], refrac_count[t] = max(v_reset, lbound), reset_refrac              if O[t]
///                       = max(v, lbound),       refrac_count[t-1] - 1     else
/// thresh[t] = th + thresh_plus (samples of the batch in which the neuron fires)
/// ```
///
/// Diehl and Cook, *Unsupervised learning of digit recognition using spike-timing-dependent plasticity*,
/// 2015. `int` rounds towards zero, `>>` down. The threshold is raised by all samples of a batch together,
/// so the neurons run by tensor operations. Arithmetic is exact: parameters with which a value could leave
/// `±2^24` are refused.
/// No gradient flows through it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DiehlCook {
    /// `decay` is in units of `2^-shift_voltage`.
    pub shift_voltage: u32,
    /// `weight_sum_coef` is in units of `2^-shift_weight_sum_coef`.
    pub shift_weight_sum_coef: u32,
}

impl Default for DiehlCook {
    fn default() -> Self {
        DiehlCook { shift_voltage: 10, shift_weight_sum_coef: 10 }
    }
}

record! {
    /// Parameters of [`DiehlCook`], integers.
    pub struct DiehlCookParams {
        /// firing threshold before the first step
        thresh: 213.0,
        /// steps in which input is ignored at the start
        refrac_count: 0.0 [steps],
        /// largest threshold; one above it is halved
        max_threshold: 4915.0,
        /// decay factor of the potential above rest per step, see `shift_voltage`
        decay: 1013.0,
        /// weight of the input, see `shift_weight_sum_coef`
        weight_sum_coef: 154.0,
        /// smallest input
        weight_sum_min: -32767.0,
        /// largest input
        weight_sum_max: 32767.0,
        /// potential after a spike
        v_reset: 0.0,
        /// potential at rest
        v_rest: 0.0,
        /// steps after a spike in which input is ignored
        reset_refrac: 5.0 [steps],
        /// added to the threshold at a spike
        thresh_plus: 66.0,
        /// smallest potential
        lbound: -32767.0,
    }
}

record! {
    /// State of [`DiehlCook`].
    pub struct DiehlCookState {
        /// membrane potential
        v: 0.0,
        /// firing threshold
        thresh: auto,
        /// steps in which input is still ignored, negative when there are none
        refrac_count: auto,
    }
}

/// Configuration of [`DiehlCook`] neurons.
pub type DiehlCookConfig = NeuronConfig<DiehlCook>;

/// Bound on every parameter, so that sums of a few of them stay exact.
const MOST: f32 = 65_536.0;

impl Dynamics for DiehlCook {
    type Params<R: Copy> = DiehlCookParams<R>;
    type Constants<R: Copy> = DiehlCookParams<R>;
    type State<R: Copy> = DiehlCookState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: DiehlCookParams<R>, _: f32) -> DiehlCookParams<R> {
        p
    }

    fn step<R: Real>(&self, c: &DiehlCookParams<R>, s: &mut DiehlCookState<R>, current: R) -> R {
        let zero = current.lit(0.0);
        let x = truncate(clamp(current, c.weight_sum_min, c.weight_sum_max));
        let threshold = R::select(s.thresh.greater(c.max_threshold), (s.thresh * 0.5).floor(), s.thresh);
        let input = scale(c.weight_sum_coef, x, self.shift_weight_sum_coef);
        let heard = R::select(s.refrac_count.greater(zero), zero, input);
        let v = scale(c.decay, s.v - c.v_rest, self.shift_voltage) + c.v_rest + heard;
        let fires = v.greater(threshold);
        let spike = indicator(fires, v);
        s.v = R::select(fires, c.v_reset, v).max(c.lbound);
        s.refrac_count = R::select(fires, c.reset_refrac, s.refrac_count - 1.0);
        s.thresh = threshold + c.thresh_plus * spike.sum_batch();
        spike
    }
}

impl Neuron for DiehlCook {
    const NAME: &'static str = "diehl_cook";
    const ALIASES: &'static [&'static str] = &["diehlandcook"];
    const ABOUT: &'static str = "integrate-and-fire with an adaptive threshold, integer arithmetic";
    const OPERATING_POINT: OperatingPoint = OperatingPoint { trace_current: 100.0, ..OperatingPoint::UNIT };
    const DIFFERENTIABLE: bool = false;

    fn check(&self, params: DiehlCookParams<f32>) -> Result<(), String> {
        integer::check(&params, MOST)?;
        let factors = [
            ("decay", params.decay, "shift_voltage", self.shift_voltage),
            ("weight_sum_coef", params.weight_sum_coef, "shift_weight_sum_coef", self.shift_weight_sum_coef),
        ];
        for (name, factor, shift_name, shift) in factors {
            if shift > 16 {
                return Err(format!("`{shift_name}` is {shift}; expected 0 to 16"));
            }
            let one = (1u32 << shift) as f32;
            // a product with what is shifted out, and one with what is left of a number below 2^17
            let products = factor.abs() * one.max(2.0 * MOST / one);
            if products > 8_388_608.0 {
                return Err(format!(
                    "`{name}` is {factor} with a `{shift_name}` of {shift}, so products leave the numbers that are \
                     exact; expected at most {}",
                    8_388_608.0 / one.max(2.0 * MOST / one)
                ));
            }
        }
        if params.weight_sum_min > params.weight_sum_max {
            return Err(format!(
                "`weight_sum_min` is {} and `weight_sum_max` {}; the first must not be the larger one",
                params.weight_sum_min, params.weight_sum_max
            ));
        }
        match (0.0..=(1u32 << self.shift_voltage) as f32).contains(&params.decay) {
            true => Ok(()),
            false => Err(format!(
                "`decay` is {}; expected 0 to {}, which stands for no leak",
                params.decay,
                1u32 << self.shift_voltage
            )),
        }
    }
}
