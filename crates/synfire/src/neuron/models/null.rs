//! The neuron that does nothing.

use crate::neuron::{Kind, Neuron, NeuronConfig};
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;
use synfire_dynamics::{Dynamics, FieldInfo, Fields, Real};

/// No neuron at all, `null`: what arrives is passed on.
///
/// ```text
/// O[t] = I[t]
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Null {}

/// The record without fields: no parameters, no states.
#[derive(Clone, Copy, Debug)]
pub struct Nothing<R>(PhantomData<R>);

impl<R: Copy> Fields<R> for Nothing<R> {
    const INFO: &'static [FieldInfo] = &[];

    #[inline(always)]
    fn from_fn(_: impl FnMut(usize) -> R) -> Self {
        Nothing(PhantomData)
    }

    #[inline(always)]
    fn get(&self, index: usize) -> R {
        unreachable!("a record without fields has no field number {index}")
    }
}

/// Configuration of [`Null`] neurons.
pub type NullConfig = NeuronConfig<Null>;

impl Dynamics for Null {
    type Params<R: Copy> = Nothing<R>;
    type Constants<R: Copy> = Nothing<R>;
    type State<R: Copy> = Nothing<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, none: Nothing<R>, _: f32) -> Nothing<R> {
        none
    }

    fn step<R: Real>(&self, _: &Nothing<R>, _: &mut Nothing<R>, current: R) -> R {
        current
    }
}

impl Neuron for Null {
    const NAME: &'static str = "null";
    const ABOUT: &'static str = "passes its input on";
    const KIND: Kind = Kind::Graded;
}
