//! The quadratic neuron of Izhikevich.

use crate::Surrogate;
use crate::neuron::{Derivative, Integrator, Neuron, NeuronConfig, Reset, OperatingPoint, WithDt};
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Izhikevich's neuron, `izh`: two equations whose four parameters give most firing patterns of cortex.
///
/// ```text
/// dV/dt = 0.04 V^2 + 5 V + 140 - U + I
/// dU/dt = a (b V - U)
///
/// v[t], u[t] = one step of the integrator
/// S[t] = 1 if v[t] > v_th else 0
/// V[t] = v_reset, U[t] = u[t] + d     if S[t], else v[t], u[t]
/// ```
///
/// Izhikevich, *Simple Model of Spiking Neurons*, IEEE Transactions on Neural Networks 14 (2003), whose
/// `c` is `v_reset` here. Potentials in mV, time in ms. The right-hand side is that of a potential of at
/// most `v_th`: the peak of a spike, where the model resets.
///
/// | firing | a | b | v_reset | d |
/// |---|---|---|---|---|
/// | regular spiking | 0.02 | 0.2 | -65 | 8 |
/// | intrinsically bursting | 0.02 | 0.2 | -55 | 4 |
/// | chattering | 0.02 | 0.2 | -50 | 2 |
/// | fast spiking | 0.1 | 0.2 | -65 | 2 |
///
/// # Differences from SPAIC
///
/// - It integrates by forward Euler. `spaic_compat` does the same, whatever `integrator` is.
/// - Its recovery does not know the time step: `a` is per step. `spaic_compat` does the same.
/// - Its `U` starts at 1, ours from where `b V` is at rest, -13. Give the state `u` to start elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Izh {
    /// Surrogate of the derivative of a spike.
    pub surrogate: Surrogate,
    /// Whether the gradient through the reset is cut.
    pub detach_reset: bool,
    /// Integration method. Under inhibition the potential falls back the faster the lower it is: forward Euler, SPAIC's
    /// method, and `rk4` overshoot there and make spikes of inhibition unless steps are short (0.1 ms); the exponential
    /// methods do at no step.
    pub integrator: Integrator,
    /// Follow SPAIC's source where it differs.
    pub spaic_compat: bool,
}

impl Default for Izh {
    fn default() -> Self {
        let (surrogate, integrator) = (Surrogate::default(), Integrator::ExpEuler);
        Izh { surrogate, detach_reset: false, integrator, spaic_compat: false }
    }
}

record! {
    /// Parameters of [`Izh`].
    pub struct IzhParams {
        /// rate of the recovery, per ms
        a: 0.02,
        /// coupling of the recovery to the potential
        b: 0.2,
        /// added to the recovery at a spike
        d: 8.0,
        /// peak potential of a spike, at which it is reset
        v_th: 30.0 [mV],
        /// potential after a spike
        v_reset: -65.0 [mV],
        /// width of the surrogate
        alpha: auto > 0.0,
    }
}

record! {
    /// State of [`Izh`].
    pub struct IzhState {
        /// membrane potential
        v: -65.0 [mV],
        /// recovery
        u: -13.0,
    }
}

/// Configuration of [`Izh`] neurons.
pub type IzhConfig = NeuronConfig<Izh>;

impl Dynamics for Izh {
    type Params<R: Copy> = IzhParams<R>;
    type Constants<R: Copy> = WithDt<IzhParams<R>, R>;
    type State<R: Copy> = IzhState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: IzhParams<R>, dt: f32) -> WithDt<IzhParams<R>, R> {
        let a = if self.spaic_compat { p.a / dt } else { p.a };
        WithDt::new(IzhParams { a, ..p }, dt)
    }

    fn step<R: Real>(&self, c: &WithDt<IzhParams<R>, R>, s: &mut IzhState<R>, current: R) -> R {
        let integrator = if self.spaic_compat { Integrator::Euler } else { self.integrator };
        let [v, u] = integrator.advance([s.v, s.u], c.dt, |[v, u]| {
            // it is above only where it began there
            let v = v.min(c.v_th.detach());
            let dv = (v * 0.04 + 5.0) * v + 140.0 - u + current;
            // the upstroke has a positive slope and is cut off at its peak
            let slope = (v * 0.08 + 5.0).min(v.lit(0.0));
            [Derivative::tangent(dv, slope, v), Derivative::relax(c.a * c.b * v, c.a)]
        });
        let spike = self.surrogate.as_in_spaic(self.spaic_compat).spike(v, c.v_th, c.alpha);
        s.v = Reset::Hard.apply(v, spike, c.v_th, c.v_reset, self.detach_reset);
        s.u = u + c.d * if self.detach_reset { spike.detach() } else { spike };
        spike
    }
}

impl Neuron for Izh {
    const NAME: &'static str = "izh";
    const ABOUT: &'static str = "Izhikevich's quadratic neuron with recovery";
    // from -65 to 30 mV
    const OPERATING_POINT: OperatingPoint = OperatingPoint { trace_current: 40.0, current: 40.0, rest_to_threshold: 95.0, exploding_gradients: true, ..OperatingPoint::UNIT };

    fn for_display() -> Self {
        Izh { integrator: Integrator::Euler, ..Self::default() }
    }

    fn warning(&self, _: IzhParams<f32>, dt: f32) -> Option<String> {
        // a hundred pA below rest the potential falls back at 4 per ms
        let explicit = self.spaic_compat || matches!(self.integrator, Integrator::Euler | Integrator::Rk4);
        (explicit && dt > 0.25).then(|| {
            let cure = if self.spaic_compat { "leave `spaic_compat` out" } else { "set `integrator` to \"exp_euler\"" };
            format!(
                "explicit integration is not stable at a time step of {dt} ms: inhibition can make it spike; \
                 {cure}, or use a time step of at most 0.25 ms"
            )
        })
    }

    fn surrogate(&self) -> Option<Surrogate> {
        Some(self.surrogate)
    }
}
