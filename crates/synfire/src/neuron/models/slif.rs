//! The spike-time leaky integrate-and-fire neuron.

use super::kernel::{decay, peak_is_one, time_constants_differ};
use super::spike_time::{Spike, SpikeTimeInput, Threshold};
use crate::neuron::{Neuron, NeuronConfig, OperatingPoint};
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Leaky integrate-and-fire with spike times, `slif`: a double exponential that is followed inside the
/// step, so that a spike has a time of its own there.
///
/// ```text
/// beta_x = exp(-dt / tau_x), J = v0 I[t], J0 = v0 I0[t]
/// M[t]  = beta_m M[t-1] + J - J0 / tau_m - 5 v_th (O[t-1] - d[t-1] / tau_m)
/// S[t]  = beta_q S[t-1] + J - J0 / tau_q
/// V[t]  = M[t] - S[t]
/// dV[t] = S[t] (1 - dt / 2 tau_q) / tau_q - M[t] (1 - dt / 2 tau_m) / tau_m
/// O[t]  = 1 if V crosses v_th at slope dV before the step ends, d[t] ms before its end
/// ```
///
/// `I` is the input current, `I0` the same with each spike weighted by its time `d`: together a spike
/// inside a step, to first order. The output is `O`, the state `spike_time` is `d`. Gradients are those of
/// *SpikeProp* with a surrogate, in units of `beta dt`; a tenth of them goes through the reset. `v0` makes
/// the peak of the kernel 1.
///
/// The equations are those of SPAIC's source, which its documentation does not describe. Its parameters
/// `tau_p` and `v_reset` have no effect there and do not exist here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Slif {}

record! {
    /// Parameters of [`Slif`].
    pub struct SlifParams {
        /// slow time constant, of the membrane
        tau_m: 20.0 [ms] > 0.0,
        /// fast time constant, of the synapse
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
    /// Constants of a step of [`Slif`], derived from its parameters.
    pub struct SlifConstants {
        /// slow time constant
        tau_m: auto,
        /// fast time constant
        tau_q: auto,
        /// slow decay in one step
        beta_m: auto,
        /// fast decay
        beta_q: auto,
        /// slope of the slow kernel in the middle of the step
        slope_m: auto,
        /// slope of the fast kernel
        slope_q: auto,
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
    /// State of [`Slif`].
    pub struct SlifState {
        /// slow kernel
        m: 0.0,
        /// fast kernel
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

/// Configuration of [`Slif`] neurons.
pub type SlifConfig = NeuronConfig<Slif>;

/// Reset of the slow kernel at a spike, in units of the threshold.
const RESET: f32 = 5.0;
/// Fraction of the gradient that flows through the reset.
const RESET_GRADIENT: f32 = 0.1;

impl Dynamics for Slif {
    type Params<R: Copy> = SlifParams<R>;
    type Constants<R: Copy> = SlifConstants<R>;
    type State<R: Copy> = SlifState<R>;
    type Input<R: Copy> = SpikeTimeInput<R>;

    fn constants<R: Real>(&self, p: SlifParams<R>, dt: f32) -> SlifConstants<R> {
        let slope = |tau: R| (-(tau * 2.0).recip() * dt + 1.0) / tau;
        SlifConstants {
            tau_m: p.tau_m,
            tau_q: p.tau_q,
            beta_m: decay(p.tau_m, dt),
            beta_q: decay(p.tau_q, dt),
            slope_m: slope(p.tau_m),
            slope_q: slope(p.tau_q),
            v_th: p.v_th,
            v0: p.v0,
            alpha: p.alpha,
            beta: p.beta,
            dt: p.tau_m.lit(dt),
        }
    }

    fn step<R: Real>(&self, c: &SlifConstants<R>, s: &mut SlifState<R>, input: SpikeTimeInput<R>) -> R {
        let last = Spike { fired: s.o, time: s.spike_time }.with_gradient(RESET_GRADIENT);
        let arriving = Spike { fired: c.v0 * input.current, time: c.v0 * input.current_time };
        s.m = c.beta_m * s.m + arriving.decayed(c.tau_m) - c.v_th * RESET * last.decayed(c.tau_m);
        s.s = c.beta_q * s.s + arriving.decayed(c.tau_q);
        s.v = s.m - s.s;
        s.dv = s.s * c.slope_q - s.m * c.slope_m;
        let threshold = Threshold { v_th: c.v_th, alpha: c.alpha, beta: c.beta, dt: c.dt };
        Spike { fired: s.o, time: s.spike_time } = threshold.fire(s.v, s.dv);
        s.o
    }
}

impl Neuron for Slif {
    const NAME: &'static str = "slif";
    const ABOUT: &'static str = "leaky integrate-and-fire with spike times inside the step";
    const SPIKE_TIME: Option<&'static str> = Some("spike_time");
    const OPERATING_POINT: OperatingPoint = OperatingPoint { exploding_gradients: true, ..OperatingPoint::UNIT };

    fn derived_default(&self, name: &str, given: SlifParams<f32>) -> Option<f32> {
        (name == "v0").then(|| peak_is_one(given.tau_m, given.tau_q))
    }

    fn check(&self, params: SlifParams<f32>) -> Result<(), String> {
        time_constants_differ([("tau_m", params.tau_m), ("tau_q", params.tau_q)])
    }
}
