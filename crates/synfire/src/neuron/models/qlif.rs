//! The leaky integrate-and-fire neuron that learns values.

use super::kernel::decay;
use crate::neuron::{Neuron, NeuronConfig, OperatingPoint};
use crate::Surrogate;
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Leaky integrate-and-fire with two estimates of reward, `qlif`: `Q` of firing and `P` of staying silent,
/// and the errors of both.
///
/// ```text
/// beta_x = exp(-dt / tau_x)
/// E[t]  = beta_m E[t-1] + v_th O[t-1]
/// V[t]  = psp - E[t]
/// O[t]  = 1 if V[t] > v_th else 0
/// Mp[t] = beta_m Mp[t-1] + wp_sum,  Sp[t] = beta_s Sp[t-1] + wp_sum,  P[t] = Mp[t] - Sp[t]
/// Mq[t] = beta_m Mq[t-1] + wq_sum,  Sq[t] = beta_s Sq[t-1] + wq_sum,  Q[t] = Mq[t] - Sq[t]
/// R[t]  = (1 - O[t]) beta_s R[t-1] + O[t],  F[t] = 1 - R[t]
/// QP[t] = Q[t] - P[t]
/// BQ[t] = R[t] Q[t] + F[t] P[t]
/// TP[t] = R[t] P[t] + F[t] reward - P[t-1]
/// TQ[t] = F[t] Q[t] + R[t] reward - Q[t-1]
/// ```
///
/// `psp` is the sum of postsynaptic potentials, `wp_sum` and `wq_sum` are weighted sums of spikes: inputs
/// beside the current, 0 where they are not given. `v_th` is learnable by default.
///
/// The equations are those of SPAIC's documentation. Its source cannot be built.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Qlif {
    /// Surrogate of the derivative of a spike.
    pub surrogate: Surrogate,
}

record! {
    /// Parameters of [`Qlif`].
    pub struct QlifParams {
        /// time constant of the refractory kernel and of the slow synaptic kernels
        tau_m: 20.0 [ms] > 0.0,
        /// time constant of the fast synaptic kernels and of the memory of a spike
        tau_s: 8.0 [ms] > 0.0,
        /// firing threshold
        v_th: 1.0,
        /// width of the surrogate
        alpha: auto > 0.0,
    }
}

record! {
    /// Constants of a step of [`Qlif`], derived from its parameters.
    pub struct QlifConstants {
        /// slow decay in one step
        beta_m: auto,
        /// fast decay
        beta_s: auto,
        /// firing threshold
        v_th: auto,
        /// width of the surrogate
        alpha: auto,
    }
}

record! {
    /// Inputs of [`Qlif`] in one step.
    pub struct QlifInput {
        /// sum of postsynaptic potentials
        psp: auto,
        /// input to the estimate of staying silent
        wp_sum: 0.0,
        /// input to the estimate of firing
        wq_sum: 0.0,
        /// reward
        reward: 0.0,
    }
}

record! {
    /// State of [`Qlif`].
    pub struct QlifState {
        /// refractory kernel
        e: 0.0,
        /// membrane potential
        v: 0.0,
        /// value of staying silent
        p: 0.0,
        /// its slow kernel
        mp: 0.0,
        /// its fast kernel
        sp: 0.0,
        /// value of firing
        q: 0.0,
        /// its slow kernel
        mq: 0.0,
        /// its fast kernel
        sq: 0.0,
        /// memory of the last spike, 1 at the spike
        r: 0.0,
        /// one minus that memory
        f: 0.0,
        /// advantage of firing over staying silent
        qp: 0.0,
        /// value of the action taken
        bq: 0.0,
        /// error of the value of staying silent
        tp: 0.0,
        /// error of the value of firing
        tq: 0.0,
        /// output of the last step
        o: 0.0,
    }
}

/// Configuration of [`Qlif`] neurons.
pub type QlifConfig = NeuronConfig<Qlif>;

impl Dynamics for Qlif {
    type Params<R: Copy> = QlifParams<R>;
    type Constants<R: Copy> = QlifConstants<R>;
    type State<R: Copy> = QlifState<R>;
    type Input<R: Copy> = QlifInput<R>;

    fn constants<R: Real>(&self, p: QlifParams<R>, dt: f32) -> QlifConstants<R> {
        QlifConstants { beta_m: decay(p.tau_m, dt), beta_s: decay(p.tau_s, dt), v_th: p.v_th, alpha: p.alpha }
    }

    fn step<R: Real>(&self, c: &QlifConstants<R>, s: &mut QlifState<R>, input: QlifInput<R>) -> R {
        s.e = c.beta_m * s.e + c.v_th * s.o;
        s.v = input.psp - s.e;
        s.o = self.surrogate.spike(s.v, c.v_th, c.alpha);

        let (p, q) = (s.p, s.q);
        s.mp = c.beta_m * s.mp + input.wp_sum;
        s.sp = c.beta_s * s.sp + input.wp_sum;
        s.p = s.mp - s.sp;
        s.mq = c.beta_m * s.mq + input.wq_sum;
        s.sq = c.beta_s * s.sq + input.wq_sum;
        s.q = s.mq - s.sq;

        s.r = (-s.o + 1.0) * c.beta_s * s.r + s.o;
        s.f = -s.r + 1.0;
        s.qp = s.q - s.p;
        s.bq = s.r * s.q + s.f * s.p;
        s.tp = s.r * s.p + s.f * input.reward - p;
        s.tq = s.f * s.q + s.r * input.reward - q;
        s.o
    }
}

impl Neuron for Qlif {
    const NAME: &'static str = "qlif";
    const ABOUT: &'static str = "leaky integrate-and-fire with values of firing and of staying silent";
    const OPERATING_POINT: OperatingPoint = OperatingPoint { trace_current: 2.0, ..OperatingPoint::UNIT };
    const LEARNABLE: &'static [&'static str] = &["v_th"];

    fn surrogate(&self) -> Option<Surrogate> {
        Some(self.surrogate)
    }
}
