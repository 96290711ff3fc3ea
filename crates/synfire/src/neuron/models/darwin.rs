//! 16-bit fixed-point arithmetic of the neurons of the Darwin chip.

use super::integer::clamp;
use super::kernel;
use synfire_dynamics::Real;

/// Decay factor of one step for a time constant `tau` in ms, rounded to a multiple of `1 / levels`.
#[inline(always)]
pub(super) fn decay<R: Real>(tau: R, dt: f32, levels: f32) -> R {
    (kernel::decay(tau, dt) * levels).round() / levels
}

/// Bias that is added in each step.
#[inline(always)]
pub(super) fn bias<R: Real>(bias: R, spaic_compat: bool) -> R {
    let steps = (bias * 32_768.0).round();
    // SPAIC's source has `/ 2 * 15` for `/ 2 ** 15`
    if spaic_compat { steps / 2.0 * 15.0 } else { steps / 32_768.0 }
}

/// Nearest 16-bit integer, half to even, saturating.
#[inline(always)]
pub(super) fn to_i16<R: Real>(x: R, spaic_compat: bool) -> R {
    let most = if spaic_compat { 65_536.0 } else { 65_535.0 };
    clamp(x + 32_768.0, x.lit(0.0), x.lit(most)).round() - 32_768.0
}
