//! Components: one of a kind, with its settings.

use super::entry::settings_of;
use super::{ComponentKind, Named, finite};
use crate::Error;
use core::fmt::{self, Debug};
use core::ops::Deref;
use core::str::FromStr;
use serde::de::Error as _;
use serde::ser::{Error as _, SerializeMap};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use std::sync::Arc;

/// A component of a kind `K` with its settings, such as the encoder that a configuration file chooses.
///
/// In TOML it is its name, `encoder = "poisson"`, or a table, `encoder = { name = "poisson", unit_conversion = 0.5 }`;
/// settings that are left out take their default. Where its name is a key, `conv2d = 12`, it is read by
/// [`from_keys`](Self::from_keys).
pub struct Component<K: ?Sized> {
    pub(super) name: &'static str,
    pub(super) settings: Map<String, Value>,
    pub(super) inner: Arc<K>,
    /// Whether no file can describe it.
    pub(super) opaque: bool,
}

impl<K: ?Sized + ComponentKind> Component<K> {
    /// Erases the type of `component`; each kind has a `From` that calls this.
    pub(crate) fn of<P: Named>(component: Arc<P>, erase: impl FnOnce(Arc<P>) -> Arc<K>) -> Self {
        Component { name: P::NAME, settings: settings_of(&*component), inner: erase(component), opaque: false }
    }

    /// A component that was made in Rust and has no form in files; `name` is what messages call it. Writing it to a
    /// file is an error that says how to give it a name.
    #[must_use]
    pub fn opaque(name: &'static str, component: Arc<K>) -> Self {
        Component { name, settings: Map::new(), inner: component, opaque: true }
    }

    /// The component with this name or alias and its default settings.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`], with the closest name.
    pub fn named(name: &str) -> Result<Self, Error> {
        Self::with_settings(name, Map::new())
    }

    /// The component with this name or alias and these settings; those that are not given take their default.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] for the name; [`Error::Config`] for a setting that it does not have or that has a value of
    /// the wrong type.
    pub fn with_settings(name: &str, settings: Map<String, Value>) -> Result<Self, Error> {
        let entry = K::registry().find(name)?;
        entry.component(settings).map_err(|problem| Error::config(K::WORD, problem))
    }

    /// Name in configuration files.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Settings, as a configuration file writes them; null where one without a default is not given.
    #[must_use]
    pub fn settings(&self) -> &Map<String, Value> {
        &self.settings
    }

    /// Whether it was made in Rust and no file can describe it.
    #[must_use]
    pub fn is_opaque(&self) -> bool {
        self.opaque
    }

    /// Refuses to write an opaque one.
    pub(super) fn refuse_opaque(&self) -> Result<(), String> {
        let (word, name) = (K::WORD, self.name);
        match self.opaque {
            true => Err(format!(
                "the {word} `{name}` was put in from Rust, which no file can describe; make it a {word} of its own \
                 (implement `Named`), `register` it, and use it by its name"
            )),
            false => Ok(()),
        }
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
        &self.inner
    }
}

impl<K: ?Sized> Clone for Component<K> {
    fn clone(&self) -> Self {
        let (inner, settings) = (self.inner.clone(), self.settings.clone());
        Component { name: self.name, settings, inner, opaque: self.opaque }
    }
}

impl<K: ?Sized> Debug for Component<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple(self.name).field(&self.settings).finish()
    }
}

/// Equal by name and settings; opaque ones only if they are the same.
impl<K: ?Sized> PartialEq for Component<K> {
    fn eq(&self, other: &Self) -> bool {
        match self.opaque || other.opaque {
            true => Arc::ptr_eq(&self.inner, &other.inner),
            false => self.name == other.name && self.settings == other.settings,
        }
    }
}

impl<K: ?Sized + ComponentKind> Serialize for Component<K> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.refuse_opaque().map_err(S::Error::custom)?;
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
        let (name, settings) = match finite(deserializer)? {
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
        K::registry().find(&name).map_err(D::Error::custom)?.component(settings).map_err(D::Error::custom)
    }
}
