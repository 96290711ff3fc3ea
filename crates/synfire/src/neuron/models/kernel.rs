//! Exponential kernels: their decay, and the difference of two that the `clif` and `slif` families share.

use crate::neuron::exprel;
use synfire_dynamics::Real;

/// Decay factor `exp(-dt / tau)` of one step; `tau` and `dt` in ms.
pub(super) fn decay<R: Real>(tau: R, dt: f32) -> R {
    (-tau.recip() * dt).exp()
}

/// Share that decays in one step, `1 - exp(-dt / tau)`; exact for time constants of any length.
pub(super) fn loss<R: Real>(tau: R, dt: f32) -> R {
    let x = tau.recip() * dt;
    x * exprel(-x)
}

/// The weight that makes the peak of `exp(-t / slow) - exp(-t / fast)` 1: `r^(r/(r-1)) / (r-1)`, `r = slow / fast`.
pub(super) fn peak_is_one(slow: f32, fast: f32) -> f32 {
    if slow == fast {
        return 1.0; // no weight does it; the model refuses such a kernel and says why
    }
    // what single precision leaves of `r - 1` is not enough
    let ratio = f64::from(slow) / f64::from(fast);
    (ratio.powf(ratio / (ratio - 1.0)) / (ratio - 1.0)) as f32
}

/// Least difference of two time constants, as a share of the larger one. The kernel is the difference of two
/// exponentials and its weight the larger the closer they are: at this distance the potential is right to a thousandth
/// for time constants of up to a hundred steps, below it its digits go.
const LEAST_DIFFERENCE: f32 = 1e-2;

/// Refuses a kernel that is zero, or so nearly zero that nothing but rounding errors is left of it. Takes names and
/// values of both time constants.
pub(super) fn time_constants_differ([(slow, tau), (fast, other)]: [(&str, f32); 2]) -> Result<(), String> {
    let needed = LEAST_DIFFERENCE * tau.max(other);
    if (tau - other).abs() >= needed {
        return Ok(());
    }
    let are = match tau == other {
        true => format!("`{slow}` and `{fast}` are both {tau}"),
        false => format!("`{slow}` is {tau} and `{fast}` {other}"),
    };
    Err(format!(
        "{are}; they must differ by at least {needed} ms, or the difference of the two kernels is lost in rounding: move \
         one of them, `{fast} = {}` for example",
        0.9 * tau
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The potential of `clif` without spikes after each of `steps` inputs, in double precision and as the model has it.
    fn potentials([slow, fast]: [f32; 2], steps: usize) -> (Vec<f64>, Vec<f32>) {
        let (p, q) = (f64::from(slow), f64::from(fast));
        let v0 = f64::from(peak_is_one(slow, fast));
        let (mut m, mut s, mut exact) = (0.0, 0.0, vec![]);
        let [beta_p, beta_q] = [slow, fast].map(|tau| decay(tau, 1.0));
        let (mut own_m, mut own_s, mut ours) = (0f32, 0f32, vec![]);
        for t in 0..steps {
            let input = f64::from(u8::from(t % 3 == 0)) * 0.5;
            m = (-1.0 / p).exp() * m + v0 * input;
            s = (-1.0 / q).exp() * s + v0 * input;
            exact.push(m - s);
            own_m = beta_p * own_m + v0 as f32 * input as f32;
            own_s = beta_q * own_s + v0 as f32 * input as f32;
            ours.push(own_m - own_s);
        }
        (exact, ours)
    }

    #[test]
    fn what_is_not_refused_is_right() {
        let mut accepted = 0;
        for fast in [0.5f32, 1.0, 8.0, 100.0] {
            for distance in [0.0, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 9e-3, 1.2e-2, 2e-2, 0.1, 1.0, 10.0] {
                let slow = fast * (1.0 + distance);
                let Err(problem) = time_constants_differ([("tau_p", slow), ("tau_q", fast)]) else {
                    accepted += 1;
                    let (exact, ours) = potentials([slow, fast], 200);
                    let most = exact.iter().fold(0.0, |most: f64, x| most.max(x.abs()));
                    for (exact, ours) in exact.iter().zip(ours) {
                        assert!(
                            (exact - f64::from(ours)).abs() < 2e-3 * most.max(1.0),
                            "{slow} {fast}: {ours} {exact}"
                        );
                    }
                    continue;
                };
                assert!(problem.contains("`tau_p`") && problem.contains("must differ by at least"), "{problem}");
                // the cure cures
                let cure: f32 = problem.split("`tau_q = ").nth(1).unwrap().split('`').next().unwrap().parse().unwrap();
                assert_eq!(time_constants_differ([("tau_p", slow), ("tau_q", cure)]), Ok(()));
            }
        }
        assert_eq!(accepted, 20);
    }

    #[test]
    fn the_peak_is_one_for_near_time_constants_too() {
        for distance in [1e-6, 1e-3, 0.1, 2.0, -0.5] {
            let (slow, fast) = (8.0 * (1.0 + distance as f32), 8.0f32);
            let (p, q, v0) = (f64::from(slow), f64::from(fast), f64::from(peak_is_one(slow, fast)));
            let kernel = |t: f64| v0 * (-t / p).exp() * -(t / p - t / q).exp_m1();
            let peak = (0..100_000).map(|k| kernel(f64::from(k) * 1e-3)).fold(0.0, f64::max);
            assert!((peak - 1.0).abs() < 1e-5, "{distance}: {peak}");
        }
    }

    #[test]
    fn slow_losses_keep_their_digits() {
        for tau in [0.01f32, 1.0, 20.0, 1e5, 1e7] {
            let exact = -(-0.1 / f64::from(tau)).exp_m1();
            assert!((f64::from(loss(tau, 0.1)) - exact).abs() < 1e-6 * exact, "{tau}");
        }
    }
}
