//! The leaky integrate-and-fire neuron.

use super::kernel::decay;
use crate::neuron::{Neuron, NeuronConfig, Reset};
use crate::Surrogate;
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Leaky integrate-and-fire, `lif`.
///
/// ```text
/// tau_m dV/dt = -V + input
///
/// beta_m = exp(-dt / tau_m)
/// v[t] = beta_m V[t-1] + I[t]
/// S[t] = 1 if v[t] > v_th else 0
/// V[t] = v_reset if S[t] else v[t]        (reset = "hard")
/// ```
///
/// The input is added as it is, not scaled by the time step.
///
/// Differences from SPAIC, undone by `spaic_compat`:
///
/// - SPAIC takes a `v_reset` and ignores it: it resets to 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lif {
    /// Surrogate of the derivative of a spike.
    pub surrogate: Surrogate,
    /// Reset of the potential at a spike.
    pub reset: Reset,
    /// Whether the gradient through the reset is cut.
    pub detach_reset: bool,
    /// Ignore `v_reset`, as SPAIC does.
    pub spaic_compat: bool,
}

impl Default for Lif {
    fn default() -> Self {
        Lif { surrogate: Surrogate::default(), reset: Reset::Hard, detach_reset: true, spaic_compat: false }
    }
}

record! {
    /// Parameters of [`Lif`].
    pub struct LifParams {
        /// membrane time constant
        tau_m: 8.0 [ms] > 0.0,
        /// firing threshold
        v_th: 1.0,
        /// potential after a spike
        v_reset: 0.0,
        /// width of the surrogate
        alpha: auto > 0.0,
    }
}

record! {
    /// Constants of a step of [`Lif`], derived from its parameters.
    pub struct LifConstants {
        /// decay of the membrane in one step
        beta_m: auto,
        /// firing threshold
        v_th: auto,
        /// potential after a spike
        v_reset: auto,
        /// width of the surrogate
        alpha: auto,
    }
}

record! {
    /// State of [`Lif`].
    pub struct LifState {
        /// membrane potential
        v: 0.0,
    }
}

/// Configuration of [`Lif`] neurons.
pub type LifConfig = NeuronConfig<Lif>;

impl Dynamics for Lif {
    type Params<R: Copy> = LifParams<R>;
    type Constants<R: Copy> = LifConstants<R>;
    type State<R: Copy> = LifState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: LifParams<R>, dt: f32) -> LifConstants<R> {
        let beta_m = decay(p.tau_m, dt);
        let v_reset = if self.spaic_compat { p.v_reset.lit(0.0) } else { p.v_reset };
        LifConstants { beta_m, v_th: p.v_th, v_reset, alpha: p.alpha }
    }

    fn step<R: Real>(&self, c: &LifConstants<R>, s: &mut LifState<R>, current: R) -> R {
        let v = c.beta_m * s.v + current;
        let spike = self.surrogate.as_in_spaic(self.spaic_compat).spike(v, c.v_th, c.alpha);
        s.v = self.reset.apply(v, spike, c.v_th, c.v_reset, self.detach_reset);
        spike
    }
}

impl Neuron for Lif {
    const NAME: &'static str = "lif";
    const ABOUT: &'static str = "leaky integrate-and-fire";

    fn surrogate(&self) -> Option<Surrogate> {
        Some(self.surrogate)
    }
}
