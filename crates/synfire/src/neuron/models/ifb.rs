//! The integrate-and-fire neuron with a bias.

use crate::neuron::{Neuron, NeuronConfig};
use crate::Surrogate;
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Integrate-and-fire with a bias, `ifb`: a constant current is added to the input.
///
/// ```text
/// v[t] = V[t-1] + I[t] + bias
/// S[t] = 1 if v[t] > v_th else 0
/// V[t] = v[t] - v[t] S[t]
/// ```
///
/// Lapicque (1907), without the leak. The gradient flows through the reset. The time step does not enter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ifb {
    /// Surrogate of the derivative of a spike.
    pub surrogate: Surrogate,
}

record! {
    /// Parameters of [`Ifb`].
    pub struct IfbParams {
        /// firing threshold
        v_th: 1.0,
        /// bias, added to the potential in each step
        bias: 0.0,
        /// width of the surrogate
        alpha: auto > 0.0,
    }
}

record! {
    /// State of [`Ifb`].
    pub struct IfbState {
        /// membrane potential
        v: 0.0,
    }
}

/// Configuration of [`Ifb`] neurons.
pub type IfbConfig = NeuronConfig<Ifb>;

impl Dynamics for Ifb {
    type Params<R: Copy> = IfbParams<R>;
    type Constants<R: Copy> = IfbParams<R>;
    type State<R: Copy> = IfbState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: IfbParams<R>, _: f32) -> IfbParams<R> {
        p
    }

    fn step<R: Real>(&self, c: &IfbParams<R>, s: &mut IfbState<R>, current: R) -> R {
        let v = s.v + (current + c.bias);
        let spike = self.surrogate.spike(v, c.v_th, c.alpha);
        s.v = v - v * spike;
        spike
    }
}

impl Neuron for Ifb {
    const NAME: &'static str = "ifb";
    const ABOUT: &'static str = "integrate-and-fire with a bias";

    fn surrogate(&self) -> Option<Surrogate> {
        Some(self.surrogate)
    }
}
