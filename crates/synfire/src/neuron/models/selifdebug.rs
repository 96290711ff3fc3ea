//! The spike-time neuron with an exponential upswing.

use super::explicit;
use super::kernel::{decay, peak_is_one, time_constants_differ};
use super::spike_time::{Spike, SpikeTimeInput, Threshold};
use super::integer::clamp;
use crate::neuron::{Neuron, NeuronConfig, OperatingPoint};
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Spike-time neuron with an upswing near the threshold, `selifdebug`: [`Selif`](super::Selif) without its
/// inhibition, and with a stronger reset.
///
/// ```text
/// beta_x = exp(-dt / tau_x), J = v0 I[t], J0 = v0 I0[t]
/// M[t]  = beta_p M[t-1] + J - J0 / tau_p
/// S[t]  = beta_q S[t-1] + J - J0 / tau_q
/// e     = 2 clamp(V[t-1], -10, v_th)^2
/// dV[t] = (e - V[t-1] + M[t] - S[t]) / tau_m
/// V[t]  = V[t-1] + dt dV[t] - 5 v_th (O[t-1] - d[t-1] / tau_m)
/// O[t]  = 1 if V crosses v_th at slope dV before the step ends, d[t] ms before its end
/// ```
///
/// Inputs, output and gradients are those of `selif`. `v0` is the weight that gives a double exponential of
/// `tau_m` and `tau_q` a peak of 1.
///
/// The equations are those of SPAIC's source, which its documentation does not describe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Selifdebug {}

record! {
    /// Parameters of [`Selifdebug`].
    pub struct SelifdebugParams {
        /// membrane time constant
        tau_m: 20.0 [ms] > 0.0,
        /// slow time constant of the synapse
        tau_p: 20.0 [ms] > 0.0,
        /// fast time constant of the synapse
        tau_q: 8.0 [ms] > 0.0,
        /// firing threshold
        v_th: 1.0,
        /// weight of the input
        v0: auto,
        /// distance below the threshold up to which there is a gradient
        alpha: 1.0 > 0.0,
        /// scale of the gradient
        beta: 0.3 > 0.0,
    }
}

record! {
    /// Constants of a step of [`Selifdebug`], derived from its parameters.
    pub struct SelifdebugConstants {
        /// membrane time constant
        tau_m: auto,
        /// slow time constant of the synapse
        tau_p: auto,
        /// fast time constant of the synapse
        tau_q: auto,
        /// decay of the slow synaptic kernel in one step
        beta_p: auto,
        /// decay of the fast synaptic kernel
        beta_q: auto,
        /// firing threshold
        v_th: auto,
        /// weight of the input
        v0: auto,
        /// distance below the threshold up to which there is a gradient
        alpha: auto,
        /// scale of the gradient
        beta: auto,
        /// time step
        dt: auto,
    }
}

record! {
    /// State of [`Selifdebug`].
    pub struct SelifdebugState {
        /// slow synaptic kernel
        m: 0.0,
        /// fast synaptic kernel
        s: 0.0,
        /// membrane potential
        v: 0.0,
        /// slope of the membrane potential
        dv: 0.0,
        /// output of the last step
        o: 0.0,
        /// time by which that spike preceded the end of its step
        spike_time: 0.0 [ms],
    }
}

/// Configuration of [`Selifdebug`] neurons.
pub type SelifdebugConfig = NeuronConfig<Selifdebug>;

/// Reset of the potential at a spike, in units of the threshold.
const RESET: f32 = 5.0;

impl Dynamics for Selifdebug {
    type Params<R: Copy> = SelifdebugParams<R>;
    type Constants<R: Copy> = SelifdebugConstants<R>;
    type State<R: Copy> = SelifdebugState<R>;
    type Input<R: Copy> = SpikeTimeInput<R>;

    fn constants<R: Real>(&self, p: SelifdebugParams<R>, dt: f32) -> SelifdebugConstants<R> {
        SelifdebugConstants {
            tau_m: p.tau_m,
            tau_p: p.tau_p,
            tau_q: p.tau_q,
            beta_p: decay(p.tau_p, dt),
            beta_q: decay(p.tau_q, dt),
            v_th: p.v_th,
            v0: p.v0,
            alpha: p.alpha,
            beta: p.beta,
            dt: p.tau_m.lit(dt),
        }
    }

    fn step<R: Real>(&self, c: &SelifdebugConstants<R>, s: &mut SelifdebugState<R>, input: SpikeTimeInput<R>) -> R {
        let last = Spike { fired: s.o, time: s.spike_time };
        let arriving = Spike { fired: c.v0 * input.current, time: c.v0 * input.current_time };
        s.m = c.beta_p * s.m + arriving.decayed(c.tau_p);
        s.s = c.beta_q * s.s + arriving.decayed(c.tau_q);
        let upswing = clamp(s.v, s.v.lit(-10.0), c.v_th).powi(2) * 2.0;
        s.dv = (upswing - s.v + s.m - s.s) / c.tau_m;
        s.v = s.v + c.dt * s.dv - c.v_th * RESET * last.decayed(c.tau_m);
        let threshold = Threshold { v_th: c.v_th, alpha: c.alpha, beta: c.beta, dt: c.dt };
        Spike { fired: s.o, time: s.spike_time } = threshold.fire(s.v, s.dv);
        s.o
    }
}

impl Neuron for Selifdebug {
    const NAME: &'static str = "selifdebug";
    const ABOUT: &'static str = "spike-time neuron with an upswing near the threshold";
    const SPIKE_TIME: Option<&'static str> = Some("spike_time");
    const OPERATING_POINT: OperatingPoint = OperatingPoint { trace_current: 0.3, current: 3.0, exploding_gradients: true, ..OperatingPoint::UNIT };

    fn derived_default(&self, name: &str, given: SelifdebugParams<f32>) -> Option<f32> {
        (name == "v0").then(|| peak_is_one(given.tau_m, given.tau_q))
    }

    fn check(&self, params: SelifdebugParams<f32>) -> Result<(), String> {
        time_constants_differ([("tau_m", params.tau_m), ("tau_q", params.tau_q)])?;
        time_constants_differ([("tau_p", params.tau_p), ("tau_q", params.tau_q)])
    }

    fn warning(&self, p: SelifdebugParams<f32>, dt: f32) -> Option<String> {
        explicit::warning([("tau_m", 1.0 / p.tau_m)], dt, "")
    }
}
