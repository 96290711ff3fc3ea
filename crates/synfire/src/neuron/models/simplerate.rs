//! The simple rate model.

use super::explicit;
use crate::neuron::{OutputKind, Neuron, NeuronConfig, WithDt, OperatingPoint};
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Rate model, `simplerate`: a rate between 0 and 1 that relaxes to a sigmoid of its input.
///
/// ```text
/// tau dU/dt = -U + sigmoid(I + Iext)
/// ```
///
/// The output is `U`. Wilson and Cowan (1972); forward Euler, so `dt` must stay below `2 tau`. `Iext` is
/// a constant external field, given as an initial state.
///
/// # Differences from SPAIC
///
/// - Its source takes the current, there called `WgtSum`, of the step before. `spaic_compat` does
///   the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SimpleRate {
    /// Follow SPAIC's source where it differs.
    pub spaic_compat: bool,
}

record! {
    /// Parameters of [`SimpleRate`].
    pub struct SimpleRateParams {
        /// time constant
        tau: 1.0 [ms] > 0.0,
    }
}

record! {
    /// State of [`SimpleRate`].
    pub struct SimpleRateState {
        /// rate
        u: 0.0,
        /// external field, constant
        iext: 0.0,
        /// input of the last step, kept with `spaic_compat` only
        last_input: 0.0,
    }
}

/// Configuration of [`SimpleRate`] neurons.
pub type SimpleRateConfig = NeuronConfig<SimpleRate>;

impl Dynamics for SimpleRate {
    type Params<R: Copy> = SimpleRateParams<R>;
    type Constants<R: Copy> = WithDt<SimpleRateParams<R>, R>;
    type State<R: Copy> = SimpleRateState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: SimpleRateParams<R>, dt: f32) -> WithDt<SimpleRateParams<R>, R> {
        WithDt::new(p, dt)
    }

    fn step<R: Real>(&self, c: &WithDt<SimpleRateParams<R>, R>, s: &mut SimpleRateState<R>, current: R) -> R {
        let input = if self.spaic_compat { s.last_input } else { current };
        if self.spaic_compat {
            s.last_input = current;
        }
        s.u = s.u + c.dt / c.tau * ((input + s.iext).sigmoid() - s.u);
        s.u
    }
}

impl Neuron for SimpleRate {
    const NAME: &'static str = "simplerate";
    const ABOUT: &'static str = "rate that relaxes to a sigmoid of its input";
    const OPERATING_POINT: OperatingPoint = OperatingPoint { trace_current: 1.0, ..OperatingPoint::UNIT };
    const OUTPUT: OutputKind = OutputKind::Graded;

    fn warning(&self, p: SimpleRateParams<f32>, dt: f32) -> Option<String> {
        explicit::warning([("tau", 1.0 / p.tau)], dt, "")
    }
}
