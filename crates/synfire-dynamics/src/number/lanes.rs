//! A block of neurons: as many as one vector register holds.

use super::elementary::{self, FloatBits};
use super::simd::Simd;
use super::{Real, operators};
use core::ops::{Add, Div, Mul, Neg, Sub};

/// Neighbouring neurons in one register.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lanes<S>(pub(crate) S);

impl<S: Simd> Lanes<S> {
    #[inline(always)]
    pub(crate) fn splat(value: f32) -> Self {
        Lanes(S::splat(value))
    }
}

operators!([S: Simd] Lanes<S>, |a, b| Lanes(a.0.add(b.0)), Lanes(a.0.sub(b.0)), Lanes(a.0.mul(b.0)), Lanes(a.0.div(b.0)));

impl<S: Simd> Neg for Lanes<S> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        Lanes(self.0.neg())
    }
}
macro_rules! with_constant {
    ($($trait:ident $method:ident),*) => {$(
        impl<S: Simd> $trait<f32> for Lanes<S> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, constant: f32) -> Self {
                Lanes(self.0.$method(S::splat(constant)))
            }
        }
    )*};
}
with_constant!(Add add, Sub sub, Mul mul, Div div);

impl<S: Simd> Real for Lanes<S> {
    type Primal = Self;

    #[inline(always)]
    fn lit(self, value: f32) -> Self {
        Self::splat(value)
    }
    #[inline(always)]
    fn primal(self) -> Self {
        self
    }
    #[inline(always)]
    fn with_slopes<const N: usize>(self, value: Self, _: [(Self, Self); N]) -> Self {
        value
    }
    #[inline(always)]
    fn exp(self) -> Self {
        elementary::exp(self)
    }
    #[inline(always)]
    fn ln(self) -> Self {
        Self::select(self.greater(self.lit(0.0)), elementary::ln(self), self.lit(f32::NAN))
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Lanes(self.0.sqrt())
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Lanes(self.0.abs())
    }
    fn floor(self) -> Self {
        unimplemented!()
    }
    fn round(self) -> Self {
        unimplemented!()
    }
    fn sum_neurons(self) -> Self {
        unimplemented!()
    }
    fn sum_batch(self) -> Self {
        unimplemented!()
    }
    #[inline(always)]
    fn greater(self, other: Self) -> Self {
        Lanes(self.0.greater(other.0))
    }
    #[inline(always)]
    fn greater_equal(self, other: Self) -> Self {
        Lanes(self.0.greater_equal(other.0))
    }
    #[inline(always)]
    fn select(mask: Self, then: Self, otherwise: Self) -> Self {
        Lanes(S::select(mask.0, then.0, otherwise.0))
    }
}

impl<S: Simd> FloatBits for Lanes<S> {
    #[inline(always)]
    fn nearest(self) -> Self {
        // 1.5 * 2^23: no digits are left behind the point
        const NO_FRACTION: f32 = 12_582_912.0;
        (self + NO_FRACTION) - NO_FRACTION
    }
    #[inline(always)]
    fn exp2_whole(self) -> Self {
        Lanes(self.0.exp2_whole())
    }
    #[inline(always)]
    fn split_exponent(self) -> (Self, Self) {
        let (mantissa, exponent) = self.0.split_exponent();
        (Lanes(mantissa), Lanes(exponent))
    }
}
