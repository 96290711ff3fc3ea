//! Settings that are out of their range.

use crate::Error;
use core::fmt;

/// A setting out of its range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadSetting {
    /// Its name in configuration files.
    pub key: &'static str,
    /// The value that it has and the one that was expected: "is 2; expected a share in [0, 1]".
    pub problem: String,
}

impl BadSetting {
    /// The setting `key` with a problem that begins with its value: "is 0; expected at least 1".
    #[must_use]
    pub fn of(key: &'static str, problem: impl Into<String>) -> Self {
        BadSetting { key, problem: problem.into() }
    }

    /// Refuses a setting that is not finite and above 0; `expected` says what it should be, "a time in ms".
    ///
    /// # Errors
    ///
    /// The setting, its value, and what was expected.
    pub fn unless_above_zero(key: &'static str, value: f32, expected: &str) -> Result<(), Self> {
        match value > 0.0 && value.is_finite() {
            true => Ok(()),
            false => Err(BadSetting::of(key, format!("is {value}; expected {expected} above 0"))),
        }
    }

    /// Refuses a setting that does not `fit`.
    ///
    /// # Errors
    ///
    /// The setting, its value, and what was expected.
    pub fn unless(fits: bool, key: &'static str, value: impl fmt::Display, expected: &str) -> Result<(), Self> {
        if fits { Ok(()) } else { Err(BadSetting::of(key, format!("is {value}; expected {expected}"))) }
    }

    /// As an error in a configuration, where `place` has the settings: `network.encoder`.
    #[must_use]
    pub fn at(self, place: &str) -> Error {
        Error::config(format!("{place}.{}", self.key), self.problem)
    }

    /// As an error of the component `name` that was used although nobody had checked its settings.
    pub(crate) fn used(self, kind: &'static str, name: &'static str) -> Error {
        Error::Unsuited { kind, name, problem: format!("has a bad setting: `{}` {}", self.key, self.problem) }
    }
}
