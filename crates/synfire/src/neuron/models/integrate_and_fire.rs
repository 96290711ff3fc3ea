//! The integrate-and-fire neuron.

use crate::neuron::{Neuron, NeuronConfig, Reset};
use crate::Surrogate;
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Integrate-and-fire, `if`: the membrane sums up its input without a leak.
///
/// ```text
/// v[t] = V[t-1] + I[t] - decay
/// S[t] = 1 if v[t] > v_th else 0
/// V[t] = v_reset if S[t] else v[t]        (reset = "hard")
/// ```
///
/// Lapicque (1907), without the leak. The time step does not enter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct If {
    /// Surrogate of the derivative of a spike.
    pub surrogate: Surrogate,
    /// Reset of the potential at a spike.
    pub reset: Reset,
    /// Whether the gradient through the reset is cut.
    pub detach_reset: bool,
}

impl Default for If {
    fn default() -> Self {
        If { surrogate: Surrogate::default(), reset: Reset::Hard, detach_reset: true }
    }
}

record! {
    /// Parameters of [`If`].
    pub struct IfParams {
        /// firing threshold
        v_th: 1.0,
        /// potential after a spike
        v_reset: 0.0,
        /// subtracted from the potential in each step
        decay: 0.0,
        /// width of the surrogate
        alpha: auto > 0.0,
    }
}

record! {
    /// State of [`If`].
    pub struct IfState {
        /// membrane potential
        v: 0.0,
    }
}

/// Configuration of [`If`] neurons.
pub type IfConfig = NeuronConfig<If>;

impl Dynamics for If {
    type Params<R: Copy> = IfParams<R>;
    type Constants<R: Copy> = IfParams<R>;
    type State<R: Copy> = IfState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: IfParams<R>, _: f32) -> IfParams<R> {
        p
    }

    fn step<R: Real>(&self, c: &IfParams<R>, s: &mut IfState<R>, current: R) -> R {
        let v = s.v + current - c.decay;
        let spike = self.surrogate.spike(v, c.v_th, c.alpha);
        s.v = self.reset.apply(v, spike, c.v_th, c.v_reset, self.detach_reset);
        spike
    }
}

impl Neuron for If {
    const NAME: &'static str = "if";
    const ABOUT: &'static str = "integrate-and-fire, no leak";

    fn surrogate(&self) -> Option<Surrogate> {
        Some(self.surrogate)
    }
}
