//! Explicit integration: steps of forward Euler that models share, and their stability.

use synfire_dynamics::Real;

/// A membrane that leaks to `v_leak`, a step later: `v + k (v_leak - v) + input`, `k = dt / tau`.
#[inline(always)]
pub(super) fn leak<R: Real>(v: R, k: R, v_leak: R, input: R) -> R {
    v + k * (v_leak - v) + input
}

/// A synaptic current that decays, a step later: `i - k i + input`, `k = dt / tau`.
#[inline(always)]
pub(super) fn decay<R: Real>(i: R, k: R, input: R) -> R {
    i - k * i + input
}

/// A warning where forward Euler takes steps of `dt` ms through equations that relax at `rates`, each with the name of
/// what it follows from and in 1/ms: longer than the time constant of a rate a step overshoots, from twice of it on the
/// state grows without bound.
pub(crate) fn warning<const N: usize>(rates: [(&str, f32); N], dt: f32, cure: &str) -> Option<String> {
    let (name, rate) = rates.into_iter().max_by(|(_, a), (_, b)| a.total_cmp(b))?;
    let effect = match rate * dt {
        // what rounds to the time constant is not beyond it
        x if x <= 1.0 + 1e-5 => return None,
        x if x < 2.0 => "overshoots",
        _ => "is not stable",
    };
    Some(format!(
        "forward Euler {effect} at a time step of {dt} ms, `{name}` asks for at most {:.3} ms{cure}",
        1.0 / rate
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_longer_than_a_time_constant_are_told() {
        let warning = |dt| warning([("tau_m", 0.1), ("tau_s", 0.5)], dt, "").unwrap_or_default();
        assert_eq!(warning(2.0), "");
        assert!(warning(2.5).contains("overshoots at a time step of 2.5 ms, `tau_s` asks for at most 2.000 ms"));
        assert!(warning(4.0).contains("is not stable"));
    }
}
