//! The query of a request: names and values, some of them several times.

use crate::Error;
use std::str::FromStr;

/// Names and values of a query, in its order.
pub(crate) struct Params(pub(crate) Vec<(String, String)>);

impl Params {
    /// The value of this name, if there is one.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The value of this name.
    pub(crate) fn need(&self, name: &str) -> Result<&str, Error> {
        self.get(name).ok_or_else(|| Error::Request(format!("the request has no `{name}`")))
    }

    /// All values of this name.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Names that begin so, without that, and their values.
    pub(crate) fn with_prefix<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        self.0.iter().filter_map(move |(key, value)| Some((key.strip_prefix(prefix)?, value.as_str())))
    }

    /// The number of this name, or `default` if it is not given.
    pub(crate) fn number<T: FromStr>(&self, name: &str, default: T) -> Result<T, Error> {
        match self.get(name).map(str::trim).filter(|text| !text.is_empty()) {
            None => Ok(default),
            Some(text) => text.parse().map_err(|_| {
                let shown: String = text.chars().take(40).collect();
                Error::Request(format!("`{name}` is `{shown}`; expected a number"))
            }),
        }
    }
}
