//! Neighbouring neurons in one vector register.

use super::elementary::{FloatBits, NO_FRACTION};
use super::operators;
use super::simd::Simd;

/// Neighbouring neurons in one register.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lanes<S>(pub(crate) S);

operators!([S: Simd] Lanes<S>, |a, b| Lanes(a.0.add(b.0)), Lanes(a.0.sub(b.0)), Lanes(a.0.mul(b.0)), Lanes(a.0.div(b.0)));

impl<S: Simd> FloatBits for Lanes<S> {
    #[inline(always)]
    fn splat(self, value: f32) -> Self {
        Lanes(S::splat(value))
    }
    #[inline(always)]
    fn greater(self, other: Self) -> Self {
        Lanes(self.0.greater(other.0))
    }
    #[inline(always)]
    fn select(mask: Self, then: Self, otherwise: Self) -> Self {
        Lanes(S::select(mask.0, then.0, otherwise.0))
    }
    #[inline(always)]
    fn nearest(self) -> Self {
        (self + self.splat(NO_FRACTION)) - self.splat(NO_FRACTION)
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
