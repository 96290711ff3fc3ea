//! Numbers on the command line.

use std::str::FromStr;

/// A whole number, 0 or more.
pub(crate) fn whole<T: FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| "expected a whole number, 0 or more".to_string())
}
