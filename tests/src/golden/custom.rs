//! The models that were written by SPAIC's `custom_model`, as a user of Synfire writes them.

use serde::{Deserialize, Serialize};
use synfire::Surrogate;
use synfire::neuron::{Neuron, OutputKind, registry};
use synfire_dynamics::{Dynamics, Real, record};

/// The formulas as the index gives them, with our names: another formula is another model.
pub(super) const EQUATIONS: [(&str, &str); 4] = [
    ("golden_iterative", "V = leak*V*[V<=Vth] + Isyn[t]"),
    ("golden_euler", "V = V*[V<=Vth]; V += (dt/tau_m)*(4*Isyn[t] - V)"),
    ("golden_exp_euler", "M = e^{-dt/tauM} M + Isyn[t]; S likewise; V = M - S"),
    ("golden_ode", "V = tanh(.9 V + Isyn[t-1]), initial V 0.25; Isyn read without [updated]"),
];

/// Makes them known by name.
pub(super) fn register() {
    // they stay registered from an earlier call
    let _ = registry::register::<Iterative>();
    let _ = registry::register::<Euler>();
    let _ = registry::register::<ExpEuler>();
    let _ = registry::register::<Ode>();
}

/// 1 where `v` has not passed the threshold: the reset of a model that resets in its next step.
#[inline(always)]
fn below<R: Real>(v: R, v_th: R) -> R {
    let one = v.lit(1.0);
    R::select(v.greater(v_th), v.lit(0.0), one)
}

record! {
    /// Parameters of [`Iterative`].
    pub(super) struct IterativeParams {
        /// what is left of the potential after a step
        leak: 0.9,
        /// firing threshold
        v_th: 0.5,
        /// width of the surrogate
        alpha: auto > 0.0,
    }
}

record! {
    /// The state of models with a membrane only.
    pub(super) struct Membrane {
        /// membrane potential
        v: 0.0,
    }
}

/// `iterative`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Iterative {
    surrogate: Surrogate,
}

impl Dynamics for Iterative {
    type Params<R: Copy> = IterativeParams<R>;
    type Constants<R: Copy> = IterativeParams<R>;
    type State<R: Copy> = Membrane<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: IterativeParams<R>, _: f32) -> IterativeParams<R> {
        p
    }

    fn step<R: Real>(&self, c: &IterativeParams<R>, s: &mut Membrane<R>, current: R) -> R {
        s.v = c.leak * s.v * below(s.v, c.v_th) + current;
        self.surrogate.spike(s.v, c.v_th, c.alpha)
    }
}

impl Neuron for Iterative {
    const NAME: &'static str = "golden_iterative";
    const ABOUT: &'static str = "leaks and is reset in the next step";

    fn surrogate(&self) -> Option<Surrogate> {
        Some(self.surrogate)
    }
}

record! {
    /// Parameters of [`Euler`], and what a step computes with.
    pub(super) struct EulerParams {
        /// membrane time constant; in a step the share of the way that the membrane goes
        tau_m: 8.0 [ms] > 0.0,
        /// firing threshold
        v_th: 0.5,
        /// width of the surrogate
        alpha: auto > 0.0,
    }
}

/// `euler`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Euler {
    surrogate: Surrogate,
}

impl Dynamics for Euler {
    type Params<R: Copy> = EulerParams<R>;
    type Constants<R: Copy> = EulerParams<R>;
    type State<R: Copy> = Membrane<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: EulerParams<R>, dt: f32) -> EulerParams<R> {
        EulerParams { tau_m: p.tau_m.recip() * dt, ..p }
    }

    fn step<R: Real>(&self, c: &EulerParams<R>, s: &mut Membrane<R>, current: R) -> R {
        let v = s.v * below(s.v, c.v_th);
        s.v = v + c.tau_m * (current * 4.0 - v);
        self.surrogate.spike(s.v, c.v_th, c.alpha)
    }
}

impl Neuron for Euler {
    const NAME: &'static str = "golden_euler";
    const ABOUT: &'static str = "follows its input and is reset in the next step";

    fn surrogate(&self) -> Option<Surrogate> {
        Some(self.surrogate)
    }
}

record! {
    /// Parameters of [`ExpEuler`], and what a step computes with.
    pub(super) struct ExpEulerParams {
        /// slow time constant; in a step its decay
        tau_m: 8.0 [ms] > 0.0,
        /// fast time constant; in a step its decay
        tau_s: 3.0 [ms] > 0.0,
        /// firing threshold
        v_th: 0.5,
        /// width of the surrogate
        alpha: auto > 0.0,
    }
}

record! {
    /// State of [`ExpEuler`].
    pub(super) struct ExpEulerState {
        /// slow kernel
        m: 0.0,
        /// fast kernel
        s: 0.0,
        /// membrane potential
        v: 0.0,
    }
}

/// `exp_euler`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct ExpEuler {
    surrogate: Surrogate,
}

impl Dynamics for ExpEuler {
    type Params<R: Copy> = ExpEulerParams<R>;
    type Constants<R: Copy> = ExpEulerParams<R>;
    type State<R: Copy> = ExpEulerState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: ExpEulerParams<R>, dt: f32) -> ExpEulerParams<R> {
        let decay = |tau: R| (-tau.recip() * dt).exp();
        ExpEulerParams { tau_m: decay(p.tau_m), tau_s: decay(p.tau_s), ..p }
    }

    fn step<R: Real>(&self, c: &ExpEulerParams<R>, s: &mut ExpEulerState<R>, current: R) -> R {
        s.m = c.tau_m * s.m + current;
        s.s = c.tau_s * s.s + current;
        s.v = s.m - s.s;
        self.surrogate.spike(s.v, c.v_th, c.alpha)
    }
}

impl Neuron for ExpEuler {
    const NAME: &'static str = "golden_exp_euler";
    const ABOUT: &'static str = "two kernels and no reset";

    fn surrogate(&self) -> Option<Surrogate> {
        Some(self.surrogate)
    }
}

record! {
    /// Parameters of [`Ode`].
    pub(super) struct OdeParams {
        /// share of the potential in the next one
        leak: 0.9,
    }
}

record! {
    /// State of [`Ode`].
    pub(super) struct OdeState {
        /// membrane potential
        v: 0.25,
        /// input of the last step
        last_input: 0.0,
    }
}

/// `ode_nothresh`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(super) struct Ode {}

impl Dynamics for Ode {
    type Params<R: Copy> = OdeParams<R>;
    type Constants<R: Copy> = OdeParams<R>;
    type State<R: Copy> = OdeState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: OdeParams<R>, _: f32) -> OdeParams<R> {
        p
    }

    fn step<R: Real>(&self, c: &OdeParams<R>, s: &mut OdeState<R>, current: R) -> R {
        s.v = (c.leak * s.v + s.last_input).tanh();
        s.last_input = current;
        s.v
    }
}

impl Neuron for Ode {
    const NAME: &'static str = "golden_ode";
    const ABOUT: &'static str = "a saturating integrator of the previous step's input";
    const OUTPUT: OutputKind = OutputKind::Graded;
}
