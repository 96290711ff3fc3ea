//! The rate neuron of a continuous attractor network.

use super::explicit;
use crate::neuron::{OutputKind, Neuron, NeuronConfig, OperatingPoint};
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// A neuron of a continuous attractor network, `cann_field`: a rate, divided by the activity of the whole
/// field.
///
/// ```text
/// U[t] = U[t-1] + dt / tau (rho I[t] + Iext - U[t-1])
/// r[t] = U[t]^2
/// O[t] = r[t] / (1 + k rho sum over neurons of r[t])
/// ```
///
/// Wu, Hamaguchi and Amari, *Dynamics and computation of continuous attractors*, 2008. `I` is the
/// recurrent input from the field, `Iext` a constant external input, given as an initial
/// state. The sum couples the neurons of a sample, so they run by tensor operations. The
/// output is graded. `dt / tau` above 2 is not stable.
///
/// Differences from SPAIC, undone by `spaic_compat`:
/// - SPAIC squares only positive `U`, negative ones count as 0;
/// - its `k` stands for the product `k rho`;
/// - it takes the current of the previous step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CannField {
    /// Follow SPAIC's source where it differs.
    pub spaic_compat: bool,
}

record! {
    /// Parameters of [`CannField`].
    pub struct CannFieldParams {
        /// density of the neurons
        rho: 0.02,
        /// strength of divisive inhibition by the whole field
        k: 0.01,
        /// time constant
        tau: 1.0 [ms] > 0.0,
    }
}

record! {
    /// Constants of a step of [`CannField`], derived from its parameters.
    pub struct CannFieldConstants {
        /// density of the neurons
        rho: auto,
        /// weight of the sum
        k_rho: auto,
        /// step in units of the time constant
        rate: auto,
    }
}

record! {
    /// State of [`CannField`].
    pub struct CannFieldState {
        /// accumulated synaptic input
        u: 0.0,
        /// external input, constant
        iext: 0.0,
        /// current of the last step
        isyn: 0.0,
    }
}

/// Configuration of [`CannField`] neurons.
pub type CannFieldConfig = NeuronConfig<CannField>;

impl Dynamics for CannField {
    type Params<R: Copy> = CannFieldParams<R>;
    type Constants<R: Copy> = CannFieldConstants<R>;
    type State<R: Copy> = CannFieldState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: CannFieldParams<R>, dt: f32) -> CannFieldConstants<R> {
        let k_rho = if self.spaic_compat { p.k } else { p.k * p.rho };
        CannFieldConstants { rho: p.rho, k_rho, rate: p.tau.recip() * dt }
    }

    fn step<R: Real>(&self, c: &CannFieldConstants<R>, s: &mut CannFieldState<R>, current: R) -> R {
        let input = if self.spaic_compat { s.isyn } else { current };
        s.u = s.u + c.rate * (c.rho * input + s.iext - s.u);
        s.isyn = current;
        let active = if self.spaic_compat { s.u.max(s.u.lit(0.0)) } else { s.u };
        let r = active * active;
        r / (c.k_rho * r.sum_neurons() + 1.0)
    }
}

impl Neuron for CannField {
    const NAME: &'static str = "cann_field";
    const ABOUT: &'static str = "rate neuron of a continuous attractor network, divided by the activity of all";
    const OUTPUT: OutputKind = OutputKind::Graded;
    const OPERATING_POINT: OperatingPoint = OperatingPoint { trace_current: 50.0, current: 50.0, ..OperatingPoint::UNIT };

    fn warning(&self, p: CannFieldParams<f32>, dt: f32) -> Option<String> {
        explicit::warning([("tau", 1.0 / p.tau)], dt, "")
    }
}
