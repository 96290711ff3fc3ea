//! The curves: the slope of each, its default width and its properties.

use core::f32::consts::{FRAC_PI_2, PI};
use synfire_dynamics::Real;

pub(super) trait Curve {
    /// Default of `alpha`.
    const ALPHA: f32;
    /// SPAIC's default of `alpha`.
    const SPAIC_ALPHA: f32 = Self::ALPHA;
    /// Exponent of the unit of potential in that of `alpha`: 1 for a width, -1 for the inverse of one.
    const ALPHA_POWER: i32;
    /// Whether it fires at the threshold itself: `>=` instead of `>`.
    const FIRES_AT_THRESHOLD: bool = false;
    /// Whether the threshold has a gradient, the opposite of the potential's.
    const REACHES_THRESHOLD: bool = true;
    /// Whether `alpha` has a gradient.
    const HAS_ALPHA_GRADIENT: bool = false;

    /// d spike / dx.
    fn slope<R: Real>(x: R, alpha: R) -> R;

    /// d spike / d alpha.
    #[inline(always)]
    fn alpha_slope<R: Real>(x: R, _: R) -> R {
        x.lit(0.0)
    }
}

/// 1 where `abs(x) < width`.
#[inline(always)]
fn within<R: Real>(x: R, width: R) -> R {
    let one = x.lit(1.0);
    R::select(width.greater(x.abs()), one, x.lit(0.0))
}

pub(super) struct Sigmoid;
impl Curve for Sigmoid {
    const ALPHA: f32 = 4.0;
    const SPAIC_ALPHA: f32 = 1.0;
    const ALPHA_POWER: i32 = -1;
    const FIRES_AT_THRESHOLD: bool = true;
    #[inline(always)]
    fn slope<R: Real>(x: R, alpha: R) -> R {
        let s = (x * alpha).sigmoid();
        alpha * s * (-s + 1.0)
    }
}

pub(super) struct Atan;
impl Curve for Atan {
    const ALPHA: f32 = 2.0;
    const ALPHA_POWER: i32 = -1;
    const HAS_ALPHA_GRADIENT: bool = true;
    #[inline(always)]
    fn slope<R: Real>(x: R, alpha: R) -> R {
        let y = alpha * x * FRAC_PI_2;
        alpha * 0.5 / (y * y + 1.0)
    }
    #[inline(always)]
    fn alpha_slope<R: Real>(x: R, alpha: R) -> R {
        let y = alpha * x * FRAC_PI_2;
        x * 0.5 / (y * y + 1.0)
    }
}

pub(super) struct Rectangle;
impl Curve for Rectangle {
    const ALPHA: f32 = 2.0;
    const ALPHA_POWER: i32 = 1;
    #[inline(always)]
    fn slope<R: Real>(x: R, alpha: R) -> R {
        within(x, alpha)
    }
}

pub(super) struct Gate;
impl Curve for Gate {
    const ALPHA: f32 = 2.0;
    const ALPHA_POWER: i32 = -1;
    #[inline(always)]
    fn slope<R: Real>(x: R, alpha: R) -> R {
        within(x, alpha.recip())
    }
}

pub(super) struct QuadraticGate;
impl Curve for QuadraticGate {
    const ALPHA: f32 = 2.0;
    const ALPHA_POWER: i32 = -1;
    #[inline(always)]
    fn slope<R: Real>(x: R, alpha: R) -> R {
        // zero at abs(x) = 1 / alpha, so `max` is the gate
        (alpha - alpha * alpha * x.abs()).max(x.lit(0.0))
    }
}

pub(super) struct Relu;
impl Curve for Relu {
    const ALPHA: f32 = 2.0;
    const ALPHA_POWER: i32 = -1;
    const FIRES_AT_THRESHOLD: bool = true;
    const HAS_ALPHA_GRADIENT: bool = true;
    #[inline(always)]
    fn slope<R: Real>(x: R, alpha: R) -> R {
        let zero = x.lit(0.0);
        R::select(x.greater(zero), alpha, zero)
    }
    #[inline(always)]
    fn alpha_slope<R: Real>(x: R, _: R) -> R {
        x.max(x.lit(0.0))
    }
}

pub(super) struct StraightThrough;
impl Curve for StraightThrough {
    const ALPHA: f32 = 1.0;
    const ALPHA_POWER: i32 = 0;
    const FIRES_AT_THRESHOLD: bool = true;
    #[inline(always)]
    fn slope<R: Real>(x: R, _: R) -> R {
        x.lit(1.0)
    }
}

pub(super) struct Stca;
impl Curve for Stca {
    const ALPHA: f32 = 0.5;
    const ALPHA_POWER: i32 = 1;
    const REACHES_THRESHOLD: bool = false;
    #[inline(always)]
    fn slope<R: Real>(x: R, alpha: R) -> R {
        within(x, alpha)
    }
}

pub(super) struct Stbp;
impl Curve for Stbp {
    const ALPHA: f32 = 0.5;
    const ALPHA_POWER: i32 = 2;
    const REACHES_THRESHOLD: bool = false;
    #[inline(always)]
    fn slope<R: Real>(x: R, alpha: R) -> R {
        (-(x * x) / (alpha * 2.0)).exp() / (alpha * (2.0 * PI)).sqrt()
    }
}

pub(super) struct SpaicStbp;
impl Curve for SpaicStbp {
    const ALPHA: f32 = 0.5;
    const ALPHA_POWER: i32 = 2;
    const REACHES_THRESHOLD: bool = false;
    #[inline(always)]
    fn slope<R: Real>(x: R, alpha: R) -> R {
        (-(x * x) / (alpha * 2.0)).exp() / (alpha * (2.0 * PI))
    }
}

pub(super) struct FastSigmoid;
impl Curve for FastSigmoid {
    const ALPHA: f32 = 25.0;
    const ALPHA_POWER: i32 = -1;
    #[inline(always)]
    fn slope<R: Real>(x: R, alpha: R) -> R {
        let y = alpha * x.abs() + 1.0;
        (y * y).recip()
    }
}

pub(super) struct Gaussian;
impl Curve for Gaussian {
    const ALPHA: f32 = 0.5;
    const ALPHA_POWER: i32 = 1;
    #[inline(always)]
    fn slope<R: Real>(x: R, alpha: R) -> R {
        let z = x / alpha;
        (-(z * z) * 0.5).exp() / (alpha * (2.0 * PI).sqrt())
    }
}

pub(super) struct Triangle;
impl Curve for Triangle {
    const ALPHA: f32 = 0.3;
    const ALPHA_POWER: i32 = 0;
    #[inline(always)]
    fn slope<R: Real>(x: R, alpha: R) -> R {
        let zero = x.lit(0.0);
        alpha * (-x.abs() + 1.0).max(zero)
    }
}
