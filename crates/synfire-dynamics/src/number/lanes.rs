//! A block of neurons: as many as one vector register holds.

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
        exp(self)
    }
    #[inline(always)]
    fn ln(self) -> Self {
        ln(self)
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        Lanes(self.0.sqrt())
    }
    #[inline(always)]
    fn abs(self) -> Self {
        Lanes(self.0.abs())
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

/// ln 2 in two parts, the first exact in few bits (Cody and Waite).
const LN2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];

/// `e^x` to about 2 ulp: `2^k * e^r` with `|r| <= ln 2 / 2`, the polynomial of Cephes.
///
/// Saturates at the ends of the normal range; NaN stays NaN.
#[inline(always)]
fn exp<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    // 1.5 * 2^23: adding and subtracting it rounds to the nearest integer
    const ROUND: f32 = 12_582_912.0;
    // `select` on the bounds, so that a NaN passes through
    let (high, low) = (x.lit(88.3), x.lit(-87.3));
    let bounded = Real::select(x.greater(high), high, x);
    let bounded = Real::select(low.greater(x), low, bounded);
    let k = (bounded * core::f32::consts::LOG2_E + ROUND) - ROUND;
    let r = (bounded - k * LN2[0]) - k * LN2[1];
    let mut p = r * 1.987_569_2e-4 + 1.398_199_9e-3;
    for coefficient in [8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5] {
        p = p * r + coefficient;
    }
    (p * (r * r) + r + 1.0) * Lanes(k.0.exp2_whole())
}

/// Natural logarithm of positive normal numbers to about 2 ulp, the polynomial of Cephes. NaN otherwise.
#[inline(always)]
fn ln<S: Simd>(x: Lanes<S>) -> Lanes<S> {
    let (mantissa, k) = x.0.split_exponent();
    let (m, k) = (Lanes(mantissa) - 1.0, Lanes(k));
    let mut p = m * 7.037_683_6e-2 - 1.151_461e-1;
    for coefficient in [
        1.167_699_9e-1,
        -1.242_014_1e-1,
        1.424_932_3e-1,
        -1.666_805_7e-1,
        2.000_071_5e-1,
        -2.499_999_4e-1,
        3.333_333e-1,
    ] {
        p = p * m + coefficient;
    }
    let square = m * m;
    let tail = p * m * square + k * LN2[1] - square * 0.5;
    let ln = m + tail + k * LN2[0];
    Real::select(x.greater(x.lit(0.0)), ln, x.lit(f32::NAN))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::simd::Portable;

    fn each(f: fn(Lanes<Portable>) -> Lanes<Portable>, x: f32) -> f32 {
        let mut out = crate::memory::Uninit::new(8);
        f(Lanes::splat(x)).0.store(&mut out.0);
        out.into_written()[3]
    }

    fn worst(low: f32, high: f32, f: fn(Lanes<Portable>) -> Lanes<Portable>, exact: fn(f64) -> f64) -> f64 {
        (0..=100_000)
            .map(|i| low + (high - low) * i as f32 / 100_000.0)
            .map(|x| (f64::from(each(f, x)) / exact(f64::from(x)) - 1.0).abs())
            .fold(0.0, f64::max)
    }

    #[test]
    fn exp_is_accurate_and_saturates() {
        assert!(worst(-87.0, 88.0, exp, f64::exp) < 2.5e-7);
        assert_eq!(each(exp, 0.0), 1.0);
        assert!(each(exp, f32::NAN).is_nan());
        assert!(each(exp, 1e9).is_finite() && each(exp, 1e9) > 1e38);
        assert!(each(exp, -1e9) < 1.3e-38);
    }

    #[test]
    fn ln_is_accurate() {
        assert!(worst(1.5, 1e6, ln, f64::ln) < 2.5e-7);
        assert!(worst(1e-6, 0.6, ln, f64::ln) < 2.5e-7);
        // close to 1 the result is small: absolute error
        assert!((0..1000).all(|i| {
            let x = 0.6 + i as f32 * 9e-4;
            (f64::from(each(ln, x)) - f64::from(x).ln()).abs() < 1e-7
        }));
        assert_eq!(each(ln, 1.0), 0.0);
        assert!(each(ln, -1.0).is_nan());
    }
}
