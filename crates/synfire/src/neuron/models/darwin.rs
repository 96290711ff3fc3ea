//! What the neurons of the Darwin chip share: 16-bit fixed-point numbers.

use super::kernel;
use super::whole::clamp;
use synfire_dynamics::Real;

/// The factor by which something decays in one step, a whole multiple of `1 / levels`.
#[inline(always)]
pub(super) fn decay<R: Real>(tau: R, dt: f32, levels: f32) -> R {
    (kernel::decay(tau, dt) * levels).round() / levels
}

/// The bias that is added in each step.
#[inline(always)]
pub(super) fn bias<R: Real>(bias: R, spaic_compat: bool) -> R {
    let steps = (bias * 32_768.0).round();
    // SPAIC's source has `/ 2 * 15` for `/ 2 ** 15`
    if spaic_compat { steps / 2.0 * 15.0 } else { steps / 32_768.0 }
}

/// The nearest 16-bit number, the even one if there are two.
#[inline(always)]
pub(super) fn to_i16<R: Real>(x: R, spaic_compat: bool) -> R {
    let most = if spaic_compat { 65_536.0 } else { 65_535.0 };
    clamp(x + 32_768.0, x.lit(0.0), x.lit(most)).round() - 32_768.0
}
