//! Which constants of a layer a backward pass differentiates: none, one of them, all or any.
//!
//! Each constant has a derivative of its own, so the compiler sees which ones are zero where.

use super::Real;
use crate::{Dynamics, FieldInfo, Fields};
use core::marker::PhantomData;

/// A choice of constants of model `D` to differentiate.
pub trait Slots<D: Dynamics>: Copy + Send + Sync + core::fmt::Debug + 'static {
    /// A record with room for a derivative to each constant that could be chosen.
    type Of<T: Copy>: Fields<T>;
    /// A record with one sum for each that is.
    type Sums<T: Copy>: Fields<T>;

    /// The derivatives that constant number `index` has: to itself, a bit each.
    #[doc(hidden)]
    fn nonzero(self, index: usize) -> u64;

    /// Adds the gradient of each chosen constant, `gradient` of its number, to its sum.
    #[doc(hidden)]
    fn add<R: Real>(self, sums: &mut Self::Sums<R>, gradient: impl Fn(usize) -> R);
}

/// No constant: only states and inputs.
#[derive(Clone, Copy, Debug)]
pub struct NoConstant;

/// The constant with this number, known only at run time.
#[derive(Clone, Copy, Debug)]
pub struct OneConstant(pub usize);

/// Every constant.
#[derive(Clone, Copy, Debug)]
pub struct AllConstants;

/// Those whose bit is set. For kernels that are traced, where what is left out costs nothing.
#[cfg(feature = "cube")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct ChosenConstants(pub(crate) u64);

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
    type Sums<T: Copy> = Empty<T>;

    #[inline(always)]
    fn nonzero(self, _: usize) -> u64 {
        0
    }
    #[inline(always)]
    fn add<R: Real>(self, _: &mut Empty<R>, _: impl Fn(usize) -> R) {}
}

impl<D: Dynamics> Slots<D> for OneConstant {
    type Of<T: Copy> = D::Constants<T>;
    type Sums<T: Copy> = T;

    #[inline(always)]
    fn nonzero(self, index: usize) -> u64 {
        1 << index
    }
    #[inline(always)]
    fn add<R: Real>(self, sum: &mut R, gradient: impl Fn(usize) -> R) {
        // a branch for each constant, always taken the same way: only the chosen one is computed
        let _ = D::Constants::<()>::from_fn(
            #[inline(always)]
            |k| {
                if k == self.0 {
                    *sum = *sum + gradient(k);
                }
            },
        );
    }
}

impl<D: Dynamics> Slots<D> for AllConstants {
    type Of<T: Copy> = D::Constants<T>;
    type Sums<T: Copy> = D::Constants<T>;

    #[inline(always)]
    fn nonzero(self, index: usize) -> u64 {
        1 << index
    }
    #[inline(always)]
    fn add<R: Real>(self, sums: &mut D::Constants<R>, gradient: impl Fn(usize) -> R) {
        let before = *sums;
        *sums = Fields::from_fn(
            #[inline(always)]
            |k| before.get(k) + gradient(k),
        );
    }
}

#[cfg(feature = "cube")]
impl<D: Dynamics> Slots<D> for ChosenConstants {
    type Of<T: Copy> = D::Constants<T>;
    type Sums<T: Copy> = D::Constants<T>;

    fn nonzero(self, index: usize) -> u64 {
        self.0 & (1 << index)
    }
    fn add<R: Real>(self, sums: &mut D::Constants<R>, gradient: impl Fn(usize) -> R) {
        add_chosen(self.0, sums, gradient);
    }
}

/// The parameters whose bit is set, where it is the constants that are differentiated to them.
#[cfg(feature = "cube")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct ChosenParams(pub(crate) u64);

#[cfg(feature = "cube")]
impl<D: Dynamics> Slots<D> for ChosenParams {
    type Of<T: Copy> = D::Params<T>;
    type Sums<T: Copy> = D::Params<T>;

    fn nonzero(self, index: usize) -> u64 {
        self.0 & (1 << index)
    }
    fn add<R: Real>(self, sums: &mut D::Params<R>, gradient: impl Fn(usize) -> R) {
        add_chosen(self.0, sums, gradient);
    }
}

#[cfg(feature = "cube")]
fn add_chosen<R: Real, F: Fields<R>>(set: u64, sums: &mut F, gradient: impl Fn(usize) -> R) {
    let before = *sums;
    let chosen = |k: usize| set & (1 << k) != 0;
    *sums = F::from_fn(|k| if chosen(k) { before.get(k) + gradient(k) } else { before.get(k) });
}
