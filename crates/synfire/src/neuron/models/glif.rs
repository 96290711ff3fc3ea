//! The generalised leaky integrate-and-fire neuron of the Allen Institute.

use super::explicit;
use crate::Surrogate;
use crate::neuron::{Neuron, NeuronConfig, OperatingPoint, WithDt};
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Generalised leaky integrate-and-fire, `glif`, at its fifth and fullest level: reset rules, two
/// after-spike currents, and a threshold that moves with spikes and with the potential.
///
/// ```text
/// C dV/dt       = I + I_1 + I_2 - (V - E_L) / R
/// dI_j/dt       = -k_j I_j
/// dTheta_s/dt   = -b_s Theta_s
/// dTheta_v/dt   = a_v (V - E_L) - b_v Theta_v
/// Vth           = Theta_v + Theta_s + Theta_inf
///
/// S[t] = 1 if V[t] > Vth[t] else 0, and at a spike
/// V       <- E_L + f_v (V - E_L) - delta_v
/// I_j     <- f_j I_j + delta_I_j
/// Theta_s <- Theta_s + delta_Theta_s
/// ```
///
/// Teeter et al., *Generalized leaky integrate-and-fire models classify multiple neuron types*, Nature
/// Communications 9 (2018); forward Euler.
///
/// # Differences from SPAIC
///
/// - Its source adds `f_j I_j + delta_I_j` to the after-spike current instead of replacing it, as its
///   documentation and the paper do. `spaic_compat` does the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Glif {
    /// Surrogate of the derivative of a spike.
    pub surrogate: Surrogate,
    /// Whether the gradient through the reset is cut.
    pub detach_reset: bool,
    /// Follow SPAIC's source where it differs.
    pub spaic_compat: bool,
}

record! {
    /// Parameters of [`Glif`].
    pub struct GlifParams {
        /// membrane resistance
        r: 2.0 > 0.0,
        /// membrane capacitance
        c: 60.0 > 0.0,
        /// resting potential
        e_l: 0.0,
        /// asymptotic threshold
        theta_inf: 1.0,
        /// fraction of the potential above `e_l` that is left after a spike
        f_v: 0.1,
        /// subtracted from the potential at a spike
        delta_v: 0.05,
        /// decay rate of the spike component of the threshold, per ms
        b_s: 0.02,
        /// added to the threshold at a spike
        delta_theta_s: 0.2,
        /// decay rate of the first after-spike current, per ms
        k_1: 0.8,
        /// decay rate of the second after-spike current, per ms
        k_2: 0.6,
        /// fraction of the first after-spike current that is left after a spike
        f1: 1.0,
        /// fraction of the second after-spike current that is left after a spike
        f2: 1.0,
        /// added to the first after-spike current at a spike
        delta_i1: 0.1,
        /// added to the second after-spike current at a spike
        delta_i2: 0.1,
        /// coupling of the threshold to the potential, per ms
        a_v: 0.12,
        /// decay rate of the voltage component of the threshold, per ms
        b_v: 0.3,
        /// width of the surrogate
        alpha: auto > 0.0,
    }
}

record! {
    /// State of [`Glif`].
    pub struct GlifState {
        /// membrane potential
        v: 0.0,
        /// threshold component raised by spikes
        theta_s: 0.1,
        /// threshold component that follows the potential
        theta_v: 0.2,
        /// first after-spike current
        i1: 0.08,
        /// second after-spike current
        i2: 0.06,
        /// threshold of the step
        vth: 1.0,
    }
}

/// Configuration of [`Glif`] neurons.
pub type GlifConfig = NeuronConfig<Glif>;

impl Dynamics for Glif {
    type Params<R: Copy> = GlifParams<R>;
    type Constants<R: Copy> = WithDt<GlifParams<R>, R>;
    type State<R: Copy> = GlifState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: GlifParams<R>, dt: f32) -> WithDt<GlifParams<R>, R> {
        WithDt::new(p, dt)
    }

    fn step<R: Real>(&self, c: &WithDt<GlifParams<R>, R>, s: &mut GlifState<R>, current: R) -> R {
        let above = s.v - c.e_l;
        let i1 = s.i1 - c.dt * c.k_1 * s.i1;
        let i2 = s.i2 - c.dt * c.k_2 * s.i2;
        let v = s.v + c.dt / c.c * (current + i1 + i2 - above / c.r);
        let theta_s = s.theta_s - c.dt * c.b_s * s.theta_s;
        s.theta_v = s.theta_v + c.dt * (c.a_v * above - c.b_v * s.theta_v);
        s.vth = s.theta_v + theta_s + c.theta_inf;
        let spike = self.surrogate.as_in_spaic(self.spaic_compat).spike(v, s.vth, c.alpha);

        let reset = if self.detach_reset { spike.detach() } else { spike };
        let jump = |i: R, share: R, delta: R| {
            let left = share * i + delta;
            i + reset * if self.spaic_compat { left } else { left - i }
        };
        s.i1 = jump(i1, c.f1, c.delta_i1);
        s.i2 = jump(i2, c.f2, c.delta_i2);
        s.theta_s = theta_s + reset * c.delta_theta_s;
        s.v = v + reset * (c.e_l + c.f_v * (v - c.e_l) - c.delta_v - v);
        spike
    }
}

impl Neuron for Glif {
    const NAME: &'static str = "glif";
    const ABOUT: &'static str = "generalised leaky integrate-and-fire, level 5";
    const OPERATING_POINT: OperatingPoint = OperatingPoint { trace_current: 20.0, current: 20.0, ..OperatingPoint::UNIT };

    fn surrogate(&self) -> Option<Surrogate> {
        Some(self.surrogate)
    }

    fn warning(&self, p: GlifParams<f32>, dt: f32) -> Option<String> {
        explicit::warning([("r", 1.0 / (p.r * p.c)), ("k_1", p.k_1), ("k_2", p.k_2), ("b_s", p.b_s), ("b_v", p.b_v)], dt, "")
    }
}
