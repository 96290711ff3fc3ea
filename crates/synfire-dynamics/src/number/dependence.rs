//! Which fields a number was computed from.

use super::{Real, operators};
use core::ops::{Add, Div, Mul, Neg, Sub};

/// A set of fields, one bit each: the interpretation of equations that asks what depends on what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dependence(u64);

impl Dependence {
    pub(crate) const NONE: Self = Dependence(0);

    /// The field with this number.
    pub(crate) fn on(index: usize) -> Self {
        Dependence(1 << index)
    }

    pub(crate) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) fn union(self, other: Self) -> Self {
        Dependence(self.0 | other.0)
    }
}

operators!([] Dependence, |a, b| a.union(b), a.union(b), a.union(b), a.union(b));

impl Neg for Dependence {
    type Output = Self;
    fn neg(self) -> Self {
        self
    }
}
macro_rules! with_constant {
    ($($trait:ident $method:ident),*) => {$(
        impl $trait<f32> for Dependence {
            type Output = Self;
            fn $method(self, _: f32) -> Self {
                self
            }
        }
    )*};
}
with_constant!(Add add, Sub sub, Mul mul, Div div);

impl Real for Dependence {
    type Primal = Self;

    fn lit(self, _: f32) -> Self {
        Self::NONE
    }
    fn primal(self) -> Self {
        Self::NONE
    }
    fn with_slopes<const N: usize>(self, _: Self, slopes: [(Self, Self); N]) -> Self {
        slopes.iter().fold(Self::NONE, |all, (x, _)| all.union(*x))
    }
    fn exp(self) -> Self {
        self
    }
    fn ln(self) -> Self {
        self
    }
    fn sqrt(self) -> Self {
        self
    }
    fn abs(self) -> Self {
        self
    }
    fn floor(self) -> Self {
        Self::NONE
    }
    fn round(self) -> Self {
        Self::NONE
    }
    fn sum_neurons(self) -> Self {
        self
    }
    fn sum_batch(self) -> Self {
        self
    }
    fn greater(self, _: Self) -> Self {
        Self::NONE
    }
    fn greater_equal(self, _: Self) -> Self {
        Self::NONE
    }
    fn select(_: Self, then: Self, otherwise: Self) -> Self {
        then.union(otherwise)
    }
}
