//! The mean field of a population.

use super::explicit;
use crate::neuron::{OutputKind, Neuron, NeuronConfig, OperatingPoint, WithDt};
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Mean field, `meanfield`: rectified rate of a population.
///
/// ```text
/// tau dU/dt = -U + rho (I + Iext)
/// O[t] = max(U[t], 0)
/// ```
///
/// Wilson and Cowan (1972) with a rectified response; forward Euler, so `dt` must stay below `2 tau`.
/// `Iext` is a constant external field, given as an initial state.
///
/// # Differences from SPAIC
///
/// `spaic_compat` follows its source:
///
/// - The current is that of the step before.
/// - `rho` weighs the current only, not `Iext`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MeanField {
    /// Follow SPAIC's source where it differs.
    pub spaic_compat: bool,
}

record! {
    /// Parameters of [`MeanField`].
    pub struct MeanFieldParams {
        /// weight of the population's input
        rho: 0.1,
        /// time constant
        tau: 1.0 [ms] > 0.0,
    }
}

record! {
    /// State of [`MeanField`].
    pub struct MeanFieldState {
        /// activity
        u: 0.0,
        /// external field, constant
        iext: 0.0,
        /// input of the last step, kept with `spaic_compat` only
        last_input: 0.0,
    }
}

/// Configuration of [`MeanField`] neurons.
pub type MeanFieldConfig = NeuronConfig<MeanField>;

impl Dynamics for MeanField {
    type Params<R: Copy> = MeanFieldParams<R>;
    type Constants<R: Copy> = WithDt<MeanFieldParams<R>, R>;
    type State<R: Copy> = MeanFieldState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: MeanFieldParams<R>, dt: f32) -> WithDt<MeanFieldParams<R>, R> {
        WithDt::new(p, dt)
    }

    fn step<R: Real>(&self, c: &WithDt<MeanFieldParams<R>, R>, s: &mut MeanFieldState<R>, current: R) -> R {
        let drive = if self.spaic_compat { c.rho * s.last_input + s.iext } else { c.rho * (current + s.iext) };
        if self.spaic_compat {
            s.last_input = current;
        }
        s.u = s.u + c.dt / c.tau * (drive - s.u);
        s.u.max(s.u.lit(0.0))
    }
}

impl Neuron for MeanField {
    const NAME: &'static str = "meanfield";
    const ABOUT: &'static str = "mean field of a population, rectified";
    const OUTPUT: OutputKind = OutputKind::Graded;
    const OPERATING_POINT: OperatingPoint = OperatingPoint { trace_current: 10.0, current: 10.0, output_initial: &[("iext", 10.0)], ..OperatingPoint::UNIT };

    fn warning(&self, p: MeanFieldParams<f32>, dt: f32) -> Option<String> {
        explicit::warning([("tau", 1.0 / p.tau)], dt, "")
    }
}
