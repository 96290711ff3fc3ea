//! The spike-time neuron with an exponential upswing and a slow inhibition.

use super::explicit;
use super::kernel::{decay, loss, peak_is_one, time_constants_differ};
use super::spike_time::{Spike, SpikeTimeInput, Threshold};
use super::integer::clamp;
use crate::neuron::{Neuron, NeuronConfig, OperatingPoint};
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Spike-time neuron with an upswing near the threshold and a slow inhibition, `selif`.
///
/// ```text
/// beta_x = exp(-dt / tau_x), J = v0 I[t], J0 = v0 I0[t]
/// M[t]  = beta_p M[t-1] + J - J0 / tau_p
/// S[t]  = beta_q S[t-1] + J - J0 / tau_q
/// e     = 2 clamp(V[t-1], -10, v_th)^2
/// R[t]  = beta_r R[t-1] + (1 - beta_r) V[t-1] + 10 (O[t-1] - d[t-1] / tau_r)
/// dV[t] = (e - V[t-1] + M[t] - S[t] + 0.5 - 0.5 R[t]) / tau_m
/// V[t]  = V[t-1] + dt dV[t] - v_th (O[t-1] - d[t-1] / tau_m)
/// O[t]  = 1 if V crosses v_th at slope dV before the step ends, d[t] ms before its end
/// ```
///
/// `I` is the input current, `I0` the same with each spike weighted by its time `d`: together a spike
/// inside a step, to first order. The output is `O`, the state `spike_time` is `d`. Gradients are those of
/// *SpikeProp* with a surrogate, in units of `beta dt`. `v0` makes the peak of the kernel 1.
///
/// The equations are those of SPAIC's source, which its documentation does not describe. Its parameter
/// `v_reset` has no effect there and does not exist here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Selif {}

record! {
    /// Parameters of [`Selif`].
    pub struct SelifParams {
        /// membrane time constant
        tau_m: 12.0 [ms] > 0.0,
        /// slow time constant of the synapse
        tau_p: 6.0 [ms] > 0.0,
        /// fast time constant of the synapse
        tau_q: 2.0 [ms] > 0.0,
        /// time constant of the slow inhibition
        tau_r: 16.0 [ms] > 0.0,
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
    /// Constants of a step of [`Selif`], derived from its parameters.
    pub struct SelifConstants {
        /// membrane time constant
        tau_m: auto,
        /// slow time constant of the synapse
        tau_p: auto,
        /// fast time constant of the synapse
        tau_q: auto,
        /// time constant of the slow inhibition
        tau_r: auto,
        /// decay of the slow synaptic kernel in one step
        beta_p: auto,
        /// decay of the fast synaptic kernel
        beta_q: auto,
        /// decay of the slow inhibition
        beta_r: auto,
        /// what it loses in one step
        loss_r: auto,
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
    /// State of [`Selif`].
    pub struct SelifState {
        /// slow synaptic kernel
        m: 0.0,
        /// fast synaptic kernel
        s: 0.0,
        /// slow inhibition
        r: 0.0,
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

/// Configuration of [`Selif`] neurons.
pub type SelifConfig = NeuronConfig<Selif>;

impl Dynamics for Selif {
    type Params<R: Copy> = SelifParams<R>;
    type Constants<R: Copy> = SelifConstants<R>;
    type State<R: Copy> = SelifState<R>;
    type Input<R: Copy> = SpikeTimeInput<R>;

    fn constants<R: Real>(&self, p: SelifParams<R>, dt: f32) -> SelifConstants<R> {
        SelifConstants {
            tau_m: p.tau_m,
            tau_p: p.tau_p,
            tau_q: p.tau_q,
            tau_r: p.tau_r,
            beta_p: decay(p.tau_p, dt),
            beta_q: decay(p.tau_q, dt),
            beta_r: decay(p.tau_r, dt),
            loss_r: loss(p.tau_r, dt),
            v_th: p.v_th,
            v0: p.v0,
            alpha: p.alpha,
            beta: p.beta,
            dt: p.tau_m.lit(dt),
        }
    }

    fn step<R: Real>(&self, c: &SelifConstants<R>, s: &mut SelifState<R>, input: SpikeTimeInput<R>) -> R {
        let last = Spike { fired: s.o, time: s.spike_time };
        let arriving = Spike { fired: c.v0 * input.current, time: c.v0 * input.current_time };
        s.m = c.beta_p * s.m + arriving.decayed(c.tau_p);
        s.s = c.beta_q * s.s + arriving.decayed(c.tau_q);
        let upswing = clamp(s.v, s.v.lit(-10.0), c.v_th).powi(2) * 2.0;
        s.r = c.beta_r * s.r + c.loss_r * s.v + last.decayed(c.tau_r) * 10.0;
        s.dv = (upswing - s.v + s.m - s.s + 0.5 - s.r * 0.5) / c.tau_m;
        s.v = s.v + c.dt * s.dv - c.v_th * last.decayed(c.tau_m);
        let threshold = Threshold { v_th: c.v_th, alpha: c.alpha, beta: c.beta, dt: c.dt };
        Spike { fired: s.o, time: s.spike_time } = threshold.fire(s.v, s.dv);
        s.o
    }
}

impl Neuron for Selif {
    const NAME: &'static str = "selif";
    const ABOUT: &'static str = "spike-time neuron with an upswing near the threshold and a slow inhibition";
    const SPIKE_TIME: Option<&'static str> = Some("spike_time");
    const OPERATING_POINT: OperatingPoint = OperatingPoint { exploding_gradients: true, ..OperatingPoint::UNIT };

    fn derived_default(&self, name: &str, given: SelifParams<f32>) -> Option<f32> {
        (name == "v0").then(|| peak_is_one(given.tau_p, given.tau_q))
    }

    fn check(&self, params: SelifParams<f32>) -> Result<(), String> {
        time_constants_differ([("tau_p", params.tau_p), ("tau_q", params.tau_q)])
    }

    fn warning(&self, p: SelifParams<f32>, dt: f32) -> Option<String> {
        explicit::warning([("tau_m", 1.0 / p.tau_m)], dt, "")
    }
}
