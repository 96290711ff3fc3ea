//! Leaks of neurons: the numbers that frameworks keep of them, and Synfire's time constants.

use core::fmt;
use serde::{Deserialize, Serialize};

/// Meaning of a number in a state dict. The leak of a membrane is written in several ways; all of them are turned into
/// the share of the potential that a step leaves, and that into the time constant of Synfire's model.
///
/// | name | the number is | share that a step leaves |
/// |---|---|---|
/// | `value` | the parameter itself | |
/// | `decay` | the share, `beta` of snnTorch | `beta`, between 0 and 1 |
/// | `logit` | `w` of SpikingJelly's `ParametricLIFNode`, `1 / tau = sigmoid(w)` | `1 - sigmoid(w)` |
/// | `steps` | a time constant in steps, integrated by forward Euler | `1 - 1 / tau` |
/// | `inverse_seconds` | `tau_mem_inv` of Norse, `1 / tau` in 1/s, by forward Euler | `1 - dt / tau` |
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// The parameter itself.
    #[default]
    Value,
    /// Share of the potential that a step leaves.
    Decay,
    /// `w`, where a step takes the share `sigmoid(w)`.
    Logit,
    /// Time constant in steps of forward Euler.
    Steps,
    /// Inverse of a time constant, in 1/s.
    InverseSeconds,
}

impl Quantity {
    /// Shares of the potential that a step of `dt` ms leaves, and that it takes, of a number; none of a plain value.
    fn shares(self, x: f64, dt: f64) -> Option<Shares> {
        let of_taken = |taken: f64| Shares { left: 1.0 - taken, taken };
        Some(match self {
            Quantity::Value => return None,
            // snnTorch clamps it so where it uses it
            Quantity::Decay => {
                let left = x.clamp(0.0, 1.0);
                Shares { left, taken: 1.0 - left }
            }
            Quantity::Logit => Shares { left: 1.0 / (1.0 + x.exp()), taken: 1.0 / (1.0 + (-x).exp()) },
            Quantity::Steps => of_taken(1.0 / x),
            Quantity::InverseSeconds => of_taken(x * dt * 1e-3),
        })
    }

    /// The number for these shares; `None` for a plain value.
    pub(super) fn of_shares(self, Shares { left, taken }: Shares, dt: f64) -> Option<f64> {
        Some(match self {
            Quantity::Value => return None,
            Quantity::Decay => left,
            Quantity::Logit => (taken / left).ln(),
            Quantity::Steps => 1.0 / taken,
            Quantity::InverseSeconds => taken / (dt * 1e-3),
        })
    }
}

impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Quantity::Value => "value",
            Quantity::Decay => "decay",
            Quantity::Logit => "logit",
            Quantity::Steps => "steps",
            Quantity::InverseSeconds => "inverse_seconds",
        })
    }
}

/// Shares of the potential that a step leaves and takes; both are kept, since the smaller one has digits that `1 - x`
/// loses.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Shares {
    pub(super) left: f64,
    pub(super) taken: f64,
}

/// Formula by which a model of Synfire gets the share that a step leaves from its `tau_m`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leak {
    /// `exp(-dt / tau_m)`, `tau_m` in ms; the input is added as it is.
    Exponential,
    /// `1 - 1 / tau_m`, `tau_m` in steps; the input is multiplied by `1 / tau_m`.
    Euler,
}

impl Leak {
    /// That of a time constant of a model: of the membrane, or of the current in front of it.
    pub(super) fn of(model: &str, parameter: &str) -> Option<Self> {
        match (model, parameter) {
            ("lif" | "lifm", "tau_m") | ("lifm", "tau_p") => Some(Leak::Exponential),
            ("plif", "tau_m") => Some(Leak::Euler),
            _ => None,
        }
    }

    /// The equation, for tables.
    pub(super) fn equation(self) -> &'static str {
        match self {
            Leak::Exponential => "tau = -dt / ln(decay)",
            Leak::Euler => "tau = 1 / (1 - decay) steps",
        }
    }

    /// Time constant for a number that means `quantity`, with steps of `dt` ms.
    ///
    /// A share of exactly 1 or 0 has no finite time constant above 0; the one that is given is so long or short that
    /// the share is the same in single precision.
    pub(super) fn tau(self, quantity: Quantity, x: f64, dt: f64) -> Result<f32, String> {
        let Some(Shares { left, taken }) = quantity.shares(x, dt) else { return Ok(x as f32) };
        if !(left.is_finite() && (0.0..=1.0).contains(&left)) {
            return Err(format!("is {x}, as `{quantity}` a leak that leaves {left} of the potential; expected 0 to 1"));
        }
        Ok(match self {
            Leak::Exponential if left == 0.0 => (dt / 200.0) as f32,
            Leak::Exponential if taken == 0.0 => (dt * 1e9) as f32,
            // the logarithm of what is near 1 by what is near 0
            Leak::Exponential if left > 0.5 => (-dt / (-taken).ln_1p()) as f32,
            Leak::Exponential => (-dt / left.ln()) as f32,
            Leak::Euler if taken == 0.0 => 1e9,
            // above 1, as the model wants it
            Leak::Euler => ((1.0 / taken) as f32).max(1.0f32.next_up()),
        })
    }

    /// Shares of a time constant.
    pub(super) fn shares(self, tau: f32, dt: f64) -> Shares {
        let tau = f64::from(tau);
        match self {
            Leak::Exponential => Shares { left: (-dt / tau).exp(), taken: -(-dt / tau).exp_m1() },
            Leak::Euler => Shares { left: 1.0 - 1.0 / tau, taken: 1.0 / tau },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_of_writing_a_leak_becomes_the_time_constant_of_both_models() {
        // nine tenths are left in a step: by beta, by w, by tau in steps, and by 1 / tau in 1/s with steps of 1 ms
        for (quantity, x) in [
            (Quantity::Decay, 0.9),
            (Quantity::Logit, (0.1f64 / 0.9).ln()),
            (Quantity::Steps, 10.0),
            (Quantity::InverseSeconds, 100.0),
        ] {
            let tau = Leak::Exponential.tau(quantity, x, 1.0).unwrap();
            assert!((tau - 9.491_221).abs() < 2e-6, "{quantity}: {tau}");
            let tau = Leak::Euler.tau(quantity, x, 1.0).unwrap();
            assert!((tau - 10.0).abs() < 2e-6, "{quantity}: {tau}");
        }
        let tau = Leak::Exponential.tau(Quantity::InverseSeconds, 100.0, 0.5).unwrap();
        assert!((f64::from(tau) + 0.5 / 0.95f64.ln()).abs() < 1e-6, "{tau}");
    }

    #[test]
    fn what_goes_in_comes_out() {
        for leak in [Leak::Exponential, Leak::Euler] {
            for quantity in [Quantity::Decay, Quantity::Logit, Quantity::Steps, Quantity::InverseSeconds] {
                for decay in [1e-3, 0.3, 0.5, 0.9, 0.99, 0.999_99] {
                    let x = quantity.of_shares(Shares { left: decay, taken: 1.0 - decay }, 0.25).unwrap();
                    let tau = leak.tau(quantity, x, 0.25).unwrap();
                    let back = quantity.of_shares(leak.shares(tau, 0.25), 0.25).unwrap();
                    assert!((back - x).abs() < 3e-7 * x.abs().max(1.0), "{leak:?} {quantity} {decay}: {back} {x}");
                }
            }
        }
    }

    #[test]
    fn no_leak_and_no_memory_are_so_in_single_precision() {
        for (decay, expected) in [(1.0, 1.0), (0.0, 0.0), (1.3, 1.0)] {
            let tau = Leak::Exponential.tau(Quantity::Decay, decay, 1.0).unwrap();
            assert_eq!((-1.0 / tau).exp(), expected);
        }
        assert!(Leak::Euler.tau(Quantity::Decay, 0.0, 1.0).unwrap() > 1.0);
        let error = Leak::Euler.tau(Quantity::Steps, 0.5, 1.0).unwrap_err();
        assert!(error.contains("leaves -1 of the potential"), "{error}");
        assert!(Leak::Euler.tau(Quantity::Steps, f64::NAN, 1.0).is_err());
    }
}
