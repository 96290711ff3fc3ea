//! The neuron of Hodgkin and Huxley.

use crate::Surrogate;
use crate::neuron::{Derivative, Integrator, Neuron, NeuronConfig, OperatingPoint, WithDt, exprel};
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Hodgkin-Huxley model, `hh`: sodium, potassium and leak currents through gates that open and
/// close with the potential, which is measured from rest.
///
/// ```text
/// c_m dV/dt = I - g_na m^3 h (V - e_na) - g_k n^4 (V - e_k) - g_l (V - e_l)
/// dx/dt     = alpha_x(V) (1 - x) - beta_x(V) x                for the gates x = m, n, h
///
/// alpha_x(V) = alpha_x1 (alpha_x2 - V) / (exp((alpha_x2 - V) / alpha_x3) - 1)      for m, n
/// alpha_h(V) = alpha_h1 exp((alpha_h2 - V) / alpha_h3)
/// beta_x(V)  = beta_x1 exp((beta_x2 - V) / beta_x3)                                for m, n
/// beta_h(V)  = beta_h1 / (exp((beta_h2 - V) / beta_h3) + 1)
///
/// S[t] = 1 if V[t] > v_th and V[t-1] <= v_th else 0
/// ```
///
/// Hodgkin and Huxley, *A quantitative description of membrane current and its application to conduction
/// and excitation in nerve*, Journal of Physiology 117 (1952), with depolarisation positive. The current
/// is a density, uA/cm^2. A spike is the crossing of `v_th` upwards; nothing is reset. Where the opening
/// rates are 0/0, at `alpha_x2`, they take their limit.
///
/// # Differences from SPAIC
///
/// `spaic_compat` follows its source, whatever the `integrator`:
///
/// - Its current is added as mV per step, not scaled by the time step.
/// - It moves on by forward Euler, the gates first, the potential with the new gates.
/// - Its output is 1 as long as the potential is above `v_th`.
///
/// Its `e_na` is 120 mV where the paper has 115; that default is kept. Its initial state (0, 0.5, 0.5,
/// 0.06) is far from rest; ours is the resting state. Give a state to start elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hh {
    /// Surrogate of the derivative of a spike.
    pub surrogate: Surrogate,
    /// Integration method.
    pub integrator: Integrator,
    /// Follow SPAIC's source where it differs.
    pub spaic_compat: bool,
}

impl Default for Hh {
    fn default() -> Self {
        Hh { surrogate: Surrogate::default(), integrator: Integrator::ExpMidpoint, spaic_compat: false }
    }
}

record! {
    /// Parameters of [`Hh`].
    pub struct HhParams {
        /// potential above which it spikes
        v_th: 1.0 [mV],
        /// offset of the potential in the rates of the gates
        v_reset: 0.0 [mV],
        /// membrane capacitance
        c_m: 1.0 [uF_per_cm2] > 0.0,
        /// maximal sodium conductance
        g_na: 120.0 [mS_per_cm2],
        /// maximal potassium conductance
        g_k: 36.0 [mS_per_cm2],
        /// leak conductance
        g_l: 0.3 [mS_per_cm2],
        /// sodium reversal potential
        e_na: 120.0 [mV],
        /// potassium reversal potential
        e_k: -12.0 [mV],
        /// leak reversal potential
        e_l: 10.6 [mV],
        /// opening of m: slope, per ms and mV
        alpha_m1: 0.1,
        /// opening of m: potential
        alpha_m2: 25.0 [mV],
        /// opening of m: width
        alpha_m3: 10.0 [mV] > 0.0,
        /// closing of m: rate, per ms
        beta_m1: 4.0,
        /// closing of m: potential
        beta_m2: 0.0 [mV],
        /// closing of m: width
        beta_m3: 18.0 [mV] > 0.0,
        /// opening of n: slope, per ms and mV
        alpha_n1: 0.01,
        /// opening of n: potential
        alpha_n2: 10.0 [mV],
        /// opening of n: width
        alpha_n3: 10.0 [mV] > 0.0,
        /// closing of n: rate, per ms
        beta_n1: 0.125,
        /// closing of n: potential
        beta_n2: 0.0 [mV],
        /// closing of n: width
        beta_n3: 80.0 [mV] > 0.0,
        /// opening of h: rate, per ms
        alpha_h1: 0.07,
        /// opening of h: potential
        alpha_h2: 0.0 [mV],
        /// opening of h: width
        alpha_h3: 20.0 [mV] > 0.0,
        /// closing of h: rate, per ms
        beta_h1: 1.0,
        /// closing of h: potential
        beta_h2: 30.0 [mV],
        /// closing of h: width
        beta_h3: 10.0 [mV] > 0.0,
        /// width of the surrogate
        alpha: auto > 0.0,
    }
}

record! {
    /// State of [`Hh`].
    pub struct HhState {
        /// membrane potential
        v: 0.0 [mV],
        /// sodium activation gate
        m: 0.052_932_49,
        /// potassium activation gate
        n: 0.317_676_9,
        /// sodium inactivation gate
        h: 0.596_120_8,
    }
}

/// Configuration of [`Hh`] neurons.
pub type HhConfig = NeuronConfig<Hh>;

/// The equation of the membrane.
#[inline(always)]
fn membrane<R: Real>(c: &HhParams<R>, [m, n, h]: [R; 3], current: R) -> Derivative<R> {
    let (na, k) = (c.g_na * m.powi(3) * h, c.g_k * n.powi(4));
    Derivative::relax((na * c.e_na + k * c.e_k + c.g_l * c.e_l + current) / c.c_m, (na + k + c.g_l) / c.c_m)
}

/// The equations of m, n and h at the potential `v`.
#[inline(always)]
fn gates<R: Real>(c: &HhParams<R>, v: R) -> [Derivative<R>; 3] {
    let v = v + c.v_reset;
    let opening = |slope: R, at: R, width: R| slope * width / exprel((at - v) / width);
    let exponential = |rate: R, at: R, width: R| rate * ((at - v) / width).exp();
    let sigmoid = |rate: R, at: R, width: R| rate * ((v - at) / width).sigmoid();
    let gate = |alpha: R, beta: R| Derivative::relax(alpha, alpha + beta);
    [
        gate(opening(c.alpha_m1, c.alpha_m2, c.alpha_m3), exponential(c.beta_m1, c.beta_m2, c.beta_m3)),
        gate(opening(c.alpha_n1, c.alpha_n2, c.alpha_n3), exponential(c.beta_n1, c.beta_n2, c.beta_n3)),
        gate(exponential(c.alpha_h1, c.alpha_h2, c.alpha_h3), sigmoid(c.beta_h1, c.beta_h2, c.beta_h3)),
    ]
}

impl Dynamics for Hh {
    type Params<R: Copy> = HhParams<R>;
    type Constants<R: Copy> = WithDt<HhParams<R>, R>;
    type State<R: Copy> = HhState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: HhParams<R>, dt: f32) -> WithDt<HhParams<R>, R> {
        WithDt::new(p, dt)
    }

    fn step<R: Real>(&self, c: &WithDt<HhParams<R>, R>, s: &mut HhState<R>, current: R) -> R {
        let before = s.v;
        if self.spaic_compat {
            [s.m, s.n, s.h] = Integrator::Euler.advance([s.m, s.n, s.h], c.dt, |_| gates(c, before));
            let ions = membrane(c, [s.m, s.n, s.h], before.lit(0.0));
            s.v = before + current + c.dt * ions.at(before);
            return self.surrogate.as_in_spaic(self.spaic_compat).spike(s.v, c.v_th, c.alpha);
        }
        [s.v, s.m, s.n, s.h] = self.integrator.advance([s.v, s.m, s.n, s.h], c.dt, |[v, m, n, h]| {
            let [dm, dn, dh] = gates(c, v);
            [membrane(c, [m, n, h], current), dm, dn, dh]
        });
        let spike = self.surrogate.as_in_spaic(self.spaic_compat).spike(s.v, c.v_th, c.alpha);
        R::select(before.greater(c.v_th), before.lit(0.0), spike)
    }
}

impl Neuron for Hh {
    const NAME: &'static str = "hh";
    const ABOUT: &'static str = "Hodgkin-Huxley model";
    // 30 uA/cm2; 10 mV above rest the upstroke takes over
    const OPERATING_POINT: OperatingPoint = OperatingPoint { dt: 0.05, trace_current: 30.0, action_potential: Some(50.0), current: 30.0, current_unit: "µA/cm²", rest_to_threshold: 10.0, steps: 16, exploding_gradients: true, ..OperatingPoint::UNIT };

    fn for_display() -> Self {
        Hh { integrator: Integrator::Euler, ..Self::default() }
    }

    fn warning(&self, _: HhParams<f32>, dt: f32) -> Option<String> {
        // at the peak of a spike the gates and the open channels relax at up to 40 per ms
        let explicit = self.spaic_compat || matches!(self.integrator, Integrator::Euler | Integrator::Rk4);
        (explicit && dt > 0.05).then(|| {
            let cure = if self.spaic_compat { "leave `spaic_compat` out" } else { "set `integrator` to \"exp_midpoint\"" };
            format!(
                "explicit integration is not stable at a time step of {dt} ms; {cure}, or use a time step of at most \
                 0.05 ms"
            )
        })
    }

    fn surrogate(&self) -> Option<Surrogate> {
        Some(self.surrogate)
    }
}
