//! Exponential kernels: their decay, and the difference of two that the `clif` and `slif` families share.

use synfire_dynamics::Real;

/// Decay factor `exp(-dt / tau)` of one step; `tau` and `dt` in ms.
pub(super) fn decay<R: Real>(tau: R, dt: f32) -> R {
    (-tau.recip() * dt).exp()
}

/// The weight that makes the peak of `exp(-t / slow) - exp(-t / fast)` 1: `r^(r/(r-1)) / (r-1)`, `r = slow / fast`.
pub(super) fn peak_is_one(slow: f32, fast: f32) -> f32 {
    if slow == fast {
        return 1.0; // no weight does it; the model refuses such a kernel and says why
    }
    let ratio = slow / fast;
    ratio.powf(ratio / (ratio - 1.0)) / (ratio - 1.0)
}

/// Refuses a kernel that is zero. Takes names and values of both time constants.
pub(super) fn time_constants_differ([(slow, tau), (fast, other)]: [(&str, f32); 2]) -> Result<(), String> {
    match tau == other {
        true => Err(format!("`{slow}` and `{fast}` are both {tau}; they must differ, or the kernel is zero")),
        false => Ok(()),
    }
}
