//! The adaptive exponential integrate-and-fire neuron.

use super::explicit;
use crate::Surrogate;
use crate::neuron::{Derivative, Integrator, Neuron, NeuronConfig, Reset, OperatingPoint, WithDt};
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Adaptive exponential integrate-and-fire, `aeif` or `adex`: a sharp but smooth upstroke, and a current
/// that adapts.
///
/// ```text
/// C     dV/dt = -g_L (V - E_L) + g_L delta_t exp((V - v_th) / delta_t) - U + I
/// tau_w dU/dt = a (V - E_L) - U
///
/// v[t], u[t] = one step of the integrator
/// S[t] = 1 if v[t] > v_spk else 0
/// V[t] = v_reset, U[t] = u[t] + b     if S[t], else v[t], u[t]
/// ```
///
/// Brette and Gerstner, *Adaptive Exponential Integrate-and-Fire Model as an Effective Description of
/// Neuronal Activity*, Journal of Neurophysiology 94 (2005), whose `w` is `u` here. Potentials in mV,
/// currents in pA, but `b` in nA as there. The right-hand side is that of a potential of at most
/// `v_spk`: the peak of a spike, where the model resets.
///
/// # Differences from SPAIC
///
/// - Its jump of the adaptation is `b` pA, a thousandth of the paper's. `spaic_compat` does the same.
/// - It always resets to `e_l`; here that is the default of `v_reset`.
/// - It records the exponential on the way as a state, `EXP`. `spaic_compat` does the same, under the name `exp`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Adex {
    /// Surrogate of the derivative of a spike.
    pub surrogate: Surrogate,
    /// Whether the gradient through the reset is cut.
    pub detach_reset: bool,
    /// Integration method.
    pub integrator: Integrator,
    /// Follow SPAIC's source where it differs.
    pub spaic_compat: bool,
}

record! {
    /// Parameters of [`Adex`].
    pub struct AdexParams {
        /// membrane capacitance
        c: 281.0 [pF] > 0.0,
        /// leak conductance
        g_l: 30.0 [nS] > 0.0,
        /// resting potential
        e_l: -70.6 [mV],
        /// threshold of the exponential upstroke
        v_th: -50.4 [mV],
        /// sharpness of the upstroke
        delta_t: 2.0 [mV] > 0.0,
        /// peak potential of a spike, at which it is reset
        v_spk: 20.0 [mV],
        /// potential after a spike; `e_l` unless given
        v_reset: auto [mV],
        /// coupling of the adaptation to the potential
        a: 4.0 [nS],
        /// added to the adaptation current at a spike
        b: 0.0805 [nA],
        /// time constant of the adaptation
        tau_w: 144.0 [ms] > 0.0,
        /// width of the surrogate
        alpha: auto > 0.0,
    }
}

record! {
    /// State of [`Adex`].
    pub struct AdexState {
        /// membrane potential
        v: -70.6 [mV],
        /// adaptation current
        u: 0.0 [pA],
        /// exponential term of the step, kept with `spaic_compat` only
        exp: 0.0,
    }
}

/// Configuration of [`Adex`] neurons.
pub type AdexConfig = NeuronConfig<Adex>;

impl Dynamics for Adex {
    type Params<R: Copy> = AdexParams<R>;
    type Constants<R: Copy> = WithDt<AdexParams<R>, R>;
    type State<R: Copy> = AdexState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: AdexParams<R>, dt: f32) -> WithDt<AdexParams<R>, R> {
        let b = if self.spaic_compat { p.b } else { p.b * 1000.0 }; // all other currents are in pA
        WithDt::new(AdexParams { b, ..p }, dt)
    }

    fn step<R: Real>(&self, c: &WithDt<AdexParams<R>, R>, s: &mut AdexState<R>, current: R) -> R {
        let upstroke = |v: R| c.delta_t * ((v - c.v_th) / c.delta_t).exp();
        if self.spaic_compat {
            s.exp = upstroke(s.v);
        }
        let [v, u] = self.integrator.advance([s.v, s.u], c.dt, |[v, u]| {
            // it is above only where it began there
            let v = v.min(c.v_spk.detach());
            [
                Derivative::relax((c.g_l * (c.e_l + upstroke(v)) - u + current) / c.c, c.g_l / c.c),
                Derivative::relax(c.a * (v - c.e_l) / c.tau_w, c.tau_w.recip()),
            ]
        });
        let spike = self.surrogate.as_in_spaic(self.spaic_compat).spike(v, c.v_spk, c.alpha);
        s.v = Reset::Hard.apply(v, spike, c.v_spk, c.v_reset, self.detach_reset);
        s.u = u + c.b * if self.detach_reset { spike.detach() } else { spike };
        spike
    }
}

impl Neuron for Adex {
    const NAME: &'static str = "aeif";
    const ABOUT: &'static str = "adaptive exponential integrate-and-fire";
    const ALIASES: &'static [&'static str] = &["adex"];
    // 4 nA, from -70.6 to 20 mV; the membrane has a time constant of 9.4 ms
    const OPERATING_POINT: OperatingPoint = OperatingPoint { trace_current: 4000.0, current: 4000.0, current_unit: "pA", rest_to_threshold: 90.6, steps: 24, exploding_gradients: true, ..OperatingPoint::UNIT };

    fn surrogate(&self) -> Option<Surrogate> {
        Some(self.surrogate)
    }

    fn derived_default(&self, name: &str, given: AdexParams<f32>) -> Option<f32> {
        (name == "v_reset").then_some(given.e_l)
    }

    fn warning(&self, p: AdexParams<f32>, dt: f32) -> Option<String> {
        let cure = ", or set `integrator` to \"exp_euler\"";
        let rates = [("c", p.g_l / p.c), ("tau_w", 1.0 / p.tau_w)];
        matches!(self.integrator, Integrator::Euler | Integrator::Rk4).then(|| explicit::warning(rates, dt, cure))?
    }
}
