//! The leaky integrator.

use super::explicit;
use crate::neuron::{Neuron, NeuronConfig, OutputKind};
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Leaky integrator by the forward Euler method, `leakyintegrator`: the membrane of [`EulerLif`](super::EulerLif) that never
/// fires. Its output is its potential, for the last layer of a network.
///
/// ```text
/// tau_m dV/dt = (v_leak - V) + input
///
/// k = dt / tau_m
/// V[t] = V[t-1] + k (v_leak - V[t-1]) + I[t]
/// ```
///
/// The input is added as it is, not scaled by the time step. Keep `dt` at or below `tau_m`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LeakyIntegrator {}

record! {
    /// Parameters of [`LeakyIntegrator`].
    pub struct LeakyIntegratorParams {
        /// membrane time constant
        tau_m: 8.0 [ms] > 0.0,
        /// potential that the membrane decays to
        v_leak: 0.0,
    }
}

record! {
    /// Constants of a step of [`LeakyIntegrator`], derived from its parameters.
    pub struct LeakyIntegratorConstants {
        /// fraction of the distance to `v_leak` that the membrane covers in one step
        k: auto,
        /// potential that the membrane decays to
        v_leak: auto,
    }
}

record! {
    /// State of [`LeakyIntegrator`].
    pub struct LeakyIntegratorState {
        /// membrane potential
        v: 0.0,
    }
}

/// Configuration of [`LeakyIntegrator`] neurons.
pub type LeakyIntegratorConfig = NeuronConfig<LeakyIntegrator>;

impl Dynamics for LeakyIntegrator {
    type Params<R: Copy> = LeakyIntegratorParams<R>;
    type Constants<R: Copy> = LeakyIntegratorConstants<R>;
    type State<R: Copy> = LeakyIntegratorState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: LeakyIntegratorParams<R>, dt: f32) -> LeakyIntegratorConstants<R> {
        LeakyIntegratorConstants { k: p.tau_m.recip() * dt, v_leak: p.v_leak }
    }

    fn step<R: Real>(&self, c: &LeakyIntegratorConstants<R>, s: &mut LeakyIntegratorState<R>, current: R) -> R {
        s.v = explicit::leak(s.v, c.k, c.v_leak, current);
        s.v
    }
}

impl Neuron for LeakyIntegrator {
    const NAME: &'static str = "leakyintegrator";
    const ABOUT: &'static str = "leaky integrator by forward Euler, graded output";
    const OUTPUT: OutputKind = OutputKind::Graded;

    fn warning(&self, p: LeakyIntegratorParams<f32>, dt: f32) -> Option<String> {
        explicit::warning([("tau_m", 1.0 / p.tau_m)], dt, "")
    }
}
