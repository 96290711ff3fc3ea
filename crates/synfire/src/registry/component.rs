//! A choice by name, with settings.

use super::entry::settings_of;
use super::{ComponentKind, Named};
use crate::Error;
use core::fmt::{self, Debug};
use core::ops::Deref;
use core::str::FromStr;
use serde::de::Error as _;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use std::sync::Arc;

/// One thing of a kind, with its settings: what a configuration file says.
///
/// In TOML its name, `encoder = "poisson"`, or a table, `encoder = { name = "poisson", unit_conversion = 0.5 }`;
/// what is left out takes its default.
pub struct Component<K: ?Sized> {
    pub(super) name: &'static str,
    pub(super) settings: Map<String, Value>,
    pub(super) part: Arc<K>,
}

impl<K: ?Sized + ComponentKind> Component<K> {
    /// `part` with its type forgotten; each kind has a `From` that calls this.
    pub(crate) fn of<P: Named>(part: Arc<P>, forget: impl FnOnce(Arc<P>) -> Arc<K>) -> Self {
        Component { name: P::NAME, settings: settings_of(&*part), part: forget(part) }
    }

    /// The one of that name or alias with its default settings.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`], with the closest name.
    pub fn named(name: &str) -> Result<Self, Error> {
        let entry = K::registry().find(name)?;
        entry.choose(Map::new()).map_err(|problem| Error::config(K::WORD, problem))
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Its settings, as a configuration file writes them.
    #[must_use]
    pub fn settings(&self) -> &Map<String, Value> {
        &self.settings
    }
}

/// From its name, or from an inline table of TOML: `{ name = "poisson", unit_conversion = 0.5 }`.
///
/// ```
/// use synfire::coding::Encoder;
///
/// let encoder: Encoder = r#"{ name = "poisson", unit_conversion = 0.5 }"#.parse()?;
/// assert_eq!(encoder.settings()["unit_conversion"], 0.5);
/// assert_eq!("poisson".parse::<Encoder>()?.name(), "poisson");
/// # Ok::<(), synfire::Error>(())
/// ```
impl<K: ?Sized + ComponentKind> FromStr for Component<K> {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if !text.trim_start().starts_with('{') {
            return Self::named(text.trim());
        }
        let refuse = |error: toml::de::Error| Error::config(format!("{} `{text}`", K::WORD), error.message());
        text.trim().parse::<toml::Value>().and_then(toml::Value::try_into).map_err(refuse)
    }
}

impl<K: ?Sized> Deref for Component<K> {
    type Target = K;

    fn deref(&self) -> &K {
        &self.part
    }
}

impl<K: ?Sized> Clone for Component<K> {
    fn clone(&self) -> Self {
        Component { name: self.name, settings: self.settings.clone(), part: self.part.clone() }
    }
}

impl<K: ?Sized> Debug for Component<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple(self.name).field(&self.settings).finish()
    }
}

impl<K: ?Sized> PartialEq for Component<K> {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.settings == other.settings
    }
}

impl<K: ?Sized> Serialize for Component<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.settings.is_empty() {
            return serializer.serialize_str(self.name);
        }
        let mut map = serializer.serialize_map(Some(1 + self.settings.len()))?;
        map.serialize_entry("name", self.name)?;
        // TOML has no null: a setting that is not given is left out
        for (key, value) in self.settings.iter().filter(|(_, value)| !value.is_null()) {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl<'de, K: ?Sized + ComponentKind> Deserialize<'de> for Component<K> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (name, settings) = match Value::deserialize(deserializer)? {
            Value::String(name) => (name, Map::new()),
            Value::Object(mut settings) => match settings.remove("name") {
                Some(Value::String(name)) => (name, settings),
                _ => return Err(D::Error::custom(format!("a {} needs a `name = \"..\"`", K::WORD))),
            },
            other => {
                let word = K::WORD;
                let problem = format!("`{other}`: expected the name of a {word}, or a table with its `name`");
                return Err(D::Error::custom(problem));
            }
        };
        K::registry().find(&name).map_err(D::Error::custom)?.choose(settings).map_err(D::Error::custom)
    }
}
