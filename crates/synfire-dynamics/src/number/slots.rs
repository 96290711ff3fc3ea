//! Which constants of a layer a backward pass differentiates: none, one of them, or all.

use super::Real;
use crate::{Dynamics, FieldInfo, Fields};
use core::marker::PhantomData;

/// A choice of constants of model `D` to differentiate.
pub trait Slots<D: Dynamics>: Copy + Send + Sync + core::fmt::Debug + 'static {
    /// A record with one value for each differentiated constant.
    type Of<T: Copy>: Fields<T>;

    /// Which slots constant number `index` has a derivative to, a bit for each.
    #[doc(hidden)]
    fn nonzero(self, index: usize) -> u64;

    /// Derivative of constant number `index`, whose value is `value`, to slot number `slot`.
    #[doc(hidden)]
    fn seed<R: Real>(self, value: R, index: usize, slot: usize) -> R;
}

/// No constant: only states and inputs.
#[derive(Clone, Copy, Debug)]
pub struct NoConstant;

/// The constant with this number, known only at run time.
#[derive(Clone, Copy, Debug)]
pub struct OneConstant(pub usize);

/// Every constant. Each is its own slot, so the compiler sees which derivatives are zero.
#[derive(Clone, Copy, Debug)]
pub struct AllConstants;

/// The record without fields.
#[derive(Clone, Copy, Debug)]
pub struct Empty<T>(PhantomData<T>);

impl<R: Copy> Fields<R> for Empty<R> {
    const INFO: &'static [FieldInfo] = &[];

    #[inline(always)]
    fn from_fn(_: impl FnMut(usize) -> R) -> Self {
        Empty(PhantomData)
    }
    fn get(&self, index: usize) -> R {
        unreachable!("the empty record has no field number {index}")
    }
}

impl<D: Dynamics> Slots<D> for NoConstant {
    type Of<T: Copy> = Empty<T>;

    #[inline(always)]
    fn nonzero(self, _: usize) -> u64 {
        0
    }
    #[inline(always)]
    fn seed<R: Real>(self, value: R, _: usize, _: usize) -> R {
        value
    }
}

impl<D: Dynamics> Slots<D> for OneConstant {
    type Of<T: Copy> = T;

    #[inline(always)]
    fn nonzero(self, _: usize) -> u64 {
        1
    }
    #[inline(always)]
    fn seed<R: Real>(self, value: R, index: usize, _: usize) -> R {
        value.lit(if index == self.0 { 1.0 } else { 0.0 })
    }
}

impl<D: Dynamics> Slots<D> for AllConstants {
    type Of<T: Copy> = D::Constants<T>;

    #[inline(always)]
    fn nonzero(self, index: usize) -> u64 {
        1 << index
    }
    #[inline(always)]
    fn seed<R: Real>(self, value: R, _: usize, _: usize) -> R {
        value.lit(1.0)
    }
}
