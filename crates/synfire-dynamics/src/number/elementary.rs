//! Elementary functions made of additions, products and bit operations, which give the same results on every
//! CPU and GPU. Built-in ones differ in their last digits.

use core::ops::{Add, Div, Mul, Sub};

/// Floating-point values of a register or a kernel, with access to their exponent.
pub(crate) trait FloatBits:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self>
{
    fn splat(self, value: f32) -> Self;
    /// 1 where `self > other`, else 0.
    fn greater(self, other: Self) -> Self;
    fn select(mask: Self, then: Self, otherwise: Self) -> Self;
    /// Nearest integer, for magnitudes below 2^22.
    fn nearest(self) -> Self;
    /// `2^self` for integers in -126..=127.
    fn exp2_whole(self) -> Self;
    /// `(m, k)` with `self = m * 2^k`, `m` in [sqrt(1/2), sqrt(2)), for positive normal values.
    fn split_exponent(self) -> (Self, Self);
}

/// ln 2 in two parts, the first exact in few bits (Cody and Waite).
pub(crate) const LN2: [f32; 2] = [0.693_359_4, -2.121_944_4e-4];

/// Beyond these `exp` saturates.
pub(crate) const EXP_HIGH: f32 = 88.3;
pub(crate) const EXP_LOW: f32 = -87.3;

/// Coefficients of Cephes, the highest power first.
pub(crate) const EXP: [f32; 6] = [1.987_569_2e-4, 1.398_199_9e-3, 8.333_452e-3, 4.166_579_6e-2, 1.666_666_5e-1, 0.5];
pub(crate) const LN: [f32; 9] = [
    7.037_683_6e-2,
    -1.151_461e-1,
    1.167_699_9e-1,
    -1.242_014_1e-1,
    1.424_932_3e-1,
    -1.666_805_7e-1,
    2.000_071_5e-1,
    -2.499_999_4e-1,
    3.333_333e-1,
];

/// Adding and subtracting it rounds to an integer: 1.5 * 2^23.
pub(crate) const NO_FRACTION: f32 = 12_582_912.0;

#[inline(always)]
fn polynomial<R: FloatBits, const N: usize>(x: R, coefficients: [f32; N]) -> R {
    let [first, rest @ ..] = &coefficients[..] else { unreachable!("a polynomial has coefficients") };
    rest.iter().fold(x.splat(*first), |p, coefficient| p * x + x.splat(*coefficient))
}

/// `e^x` to less than 1 ulp: `2^k * e^r` with `|r| <= ln 2 / 2`, the polynomial of Cephes.
///
/// Saturates at the ends of the normal range; NaN stays NaN.
#[inline(always)]
pub(crate) fn exp<R: FloatBits>(x: R) -> R {
    // `select` on the bounds, so that a NaN passes through
    let (high, low) = (x.splat(EXP_HIGH), x.splat(EXP_LOW));
    let bounded = R::select(x.greater(high), high, x);
    let bounded = R::select(low.greater(x), low, bounded);
    let k = (bounded * x.splat(core::f32::consts::LOG2_E)).nearest();
    let r = (bounded - k * x.splat(LN2[0])) - k * x.splat(LN2[1]);
    let tail = polynomial(r, EXP) * (r * r);
    // 1 + r in two parts, so that only the last addition rounds
    let head = r + x.splat(1.0);
    let lost = r - (head - x.splat(1.0));
    (head + (lost + tail)) * k.exp2_whole()
}

/// Natural logarithm to about 2 ulp, the polynomial of Cephes, for positive normal values; NaN for others.
#[inline(always)]
pub(crate) fn ln<R: FloatBits>(x: R) -> R {
    let (mantissa, k) = x.split_exponent();
    let m = mantissa - x.splat(1.0);
    let p = polynomial(m, LN);
    let square = m * m;
    let tail = p * m * square + k * x.splat(LN2[1]) - square * x.splat(0.5);
    m + tail + k * x.splat(LN2[0])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Lanes;
    use crate::number::simd::{Portable, Simd};

    fn each(f: fn(Lanes<Portable>) -> Lanes<Portable>, x: f32) -> f32 {
        f(Lanes(Portable::splat(x))).0.first()
    }

    fn worst(low: f32, high: f32, f: fn(Lanes<Portable>) -> Lanes<Portable>, exact: fn(f64) -> f64) -> f64 {
        (0..=100_000)
            .map(|i| low + (high - low) * i as f32 / 100_000.0)
            .map(|x| (f64::from(each(f, x)) / exact(f64::from(x)) - 1.0).abs())
            .fold(0.0, f64::max)
    }

    #[test]
    fn exp_is_accurate_and_saturates() {
        assert!(worst(-87.0, 88.0, exp, f64::exp) < 1e-7);
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
    }
}
