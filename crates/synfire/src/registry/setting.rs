//! What is wrong with a setting.

use crate::Error;
use core::fmt;

/// A setting out of its range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadSetting {
    /// Its name.
    pub key: &'static str,
    /// What is wrong with it and what was expected.
    pub problem: String,
}

impl BadSetting {
    /// The setting `key` has this problem.
    #[must_use]
    pub fn of(key: &'static str, problem: impl Into<String>) -> Self {
        BadSetting { key, problem: problem.into() }
    }

    /// Refuses a setting that is not a finite number above 0; `what` is what it should be, "a time in ms".
    ///
    /// # Errors
    ///
    /// The setting, and what was expected.
    pub fn unless_above_zero(key: &'static str, value: f32, what: &str) -> Result<(), Self> {
        match value > 0.0 && value.is_finite() {
            true => Ok(()),
            false => Err(BadSetting::of(key, format!("is {value}; expected {what} above 0"))),
        }
    }

    /// Nothing if it `fits`; else the problem that it is `value`, and what was expected.
    ///
    /// # Errors
    ///
    /// If it does not fit.
    pub fn unless(fits: bool, key: &'static str, value: impl fmt::Display, expected: &str) -> Result<(), Self> {
        if fits { Ok(()) } else { Err(BadSetting::of(key, format!("is {value}; expected {expected}"))) }
    }

    /// As an error in a configuration, `place` being where the settings stand.
    #[must_use]
    pub fn at(self, place: &str) -> Error {
        Error::config(format!("{place}.{}", self.key), self.problem)
    }

    /// As an error of what was made with this setting, and used.
    pub(crate) fn used(self, kind: &'static str, name: &'static str) -> Error {
        Error::Unsuited { kind, name, problem: format!("has a bad setting: `{}` {}", self.key, self.problem) }
    }
}
