//! The identity as a neuron model.

use crate::neuron::{OutputKind, Neuron, NeuronConfig, OperatingPoint};
use serde::{Deserialize, Serialize};
use std::marker::PhantomData;
use synfire_dynamics::{Dynamics, FieldInfo, Fields, Real};

/// Passes its input on unchanged, `relay`.
///
/// ```text
/// O[t] = I[t]
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Relay {}

/// A record without fields, for models without parameters or states.
#[derive(Clone, Copy, Debug)]
pub struct NoFields<R>(PhantomData<R>);

impl<R: Copy> Fields<R> for NoFields<R> {
    const INFO: &'static [FieldInfo] = &[];

    #[inline(always)]
    fn from_fn(_: impl FnMut(usize) -> R) -> Self {
        NoFields(PhantomData)
    }

    #[inline(always)]
    fn get(&self, index: usize) -> R {
        unreachable!("a record without fields has no field number {index}")
    }
}

/// Configuration of [`Relay`] neurons.
pub type RelayConfig = NeuronConfig<Relay>;

impl Dynamics for Relay {
    type Params<R: Copy> = NoFields<R>;
    type Constants<R: Copy> = NoFields<R>;
    type State<R: Copy> = NoFields<R>;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, none: NoFields<R>, _: f32) -> NoFields<R> {
        none
    }

    fn step<R: Real>(&self, _: &NoFields<R>, _: &mut NoFields<R>, current: R) -> R {
        current
    }
}

impl Neuron for Relay {
    const NAME: &'static str = "relay";
    const ALIASES: &'static [&'static str] = &["null"];
    const ABOUT: &'static str = "passes its input on";
    const OPERATING_POINT: OperatingPoint = OperatingPoint { trace_current: 1.0, ..OperatingPoint::UNIT };
    const OUTPUT: OutputKind = OutputKind::Graded;
}
