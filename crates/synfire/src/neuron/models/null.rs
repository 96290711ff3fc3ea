//! The neuron that does nothing.

use crate::neuron::{Kind, Neuron, NeuronConfig};
use serde::{Deserialize, Serialize};
use synfire_dynamics::{Dynamics, Empty, Real};

/// No neuron at all, `null`: what arrives is passed on.
///
/// ```text
/// O[t] = I[t]
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Null {}

/// Configuration of [`Null`] neurons.
pub type NullConfig = NeuronConfig<Null>;

impl Dynamics for Null {
    type Params<R: Copy> = Empty<R>;
    type Constants<R: Copy> = Empty<R>;
    type State<R: Copy> = Empty<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, none: Empty<R>, _: f32) -> Empty<R> {
        none
    }

    #[inline(always)]
    fn step<R: Real>(&self, _: &Empty<R>, _: &mut Empty<R>, current: R) -> R {
        current
    }
}

impl Neuron for Null {
    const NAME: &'static str = "null";
    const ABOUT: &'static str = "passes its input on";
    const KIND: Kind = Kind::Graded;
}
