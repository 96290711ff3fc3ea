//! The integrator with a bias.

use crate::neuron::{OutputKind, Neuron, NeuronConfig};
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Real, record};

/// Integrator with a bias, `nonspikingifb`: the membrane of [`Ifb`](super::Ifb) that never fires.
/// Its output is its potential, for the last layer of a network.
///
/// ```text
/// V[t] = V[t-1] + I[t] + bias
/// ```
///
/// The time step does not enter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NonSpikingIfb {}

record! {
    /// Parameters of [`NonSpikingIfb`].
    pub struct NonSpikingIfbParams {
        /// bias, added to the potential in each step
        bias: 0.0,
    }
}

record! {
    /// State of [`NonSpikingIfb`].
    pub struct NonSpikingIfbState {
        /// membrane potential
        v: 0.0,
    }
}

/// Configuration of [`NonSpikingIfb`] neurons.
pub type NonSpikingIfbConfig = NeuronConfig<NonSpikingIfb>;

impl Dynamics for NonSpikingIfb {
    type Params<R: Copy> = NonSpikingIfbParams<R>;
    type Constants<R: Copy> = NonSpikingIfbParams<R>;
    type State<R: Copy> = NonSpikingIfbState<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: NonSpikingIfbParams<R>, _: f32) -> NonSpikingIfbParams<R> {
        p
    }

    fn step<R: Real>(&self, c: &NonSpikingIfbParams<R>, s: &mut NonSpikingIfbState<R>, current: R) -> R {
        s.v = s.v + (current + c.bias);
        s.v
    }
}

impl Neuron for NonSpikingIfb {
    const NAME: &'static str = "nonspikingifb";
    const ABOUT: &'static str = "integrator with a bias, graded output";
    const OUTPUT: OutputKind = OutputKind::Graded;
}
