//! Things that have names: what configuration files, checkpoints and the command line choose from.
//!
//! Encoders, decoders, losses, generators, actions and rewards are all chosen alike: by a name and settings. A
//! kind is a trait; what is of that kind implements it and [`Named`], and stands in the kind's list.

use crate::Error;
use core::fmt::{self, Debug};
use core::ops::Deref;
use core::str::FromStr;
use serde::de::{DeserializeOwned, Error as _};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Something with a name. Its fields are its settings in configuration files, with `Default` for what is not
/// given there.
pub trait Named: Debug + Default + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// Name in configuration files, lower case.
    const NAME: &'static str;
    /// What it is, in a few words.
    const ABOUT: &'static str;
    /// Other names it is known by.
    const ALIASES: &'static [&'static str] = &[];
}

/// A kind of things that have names: a trait object, such as `dyn Encode`.
pub trait Kind: Send + Sync + 'static {
    /// What one of them is called, `encoder`.
    const WORD: &'static str;
    /// All of them.
    fn registry() -> &'static Registry<Self>;
}

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

/// One thing by its name: what is known of it, and how its settings are read.
pub struct Entry<K: ?Sized> {
    /// Name in configuration files.
    pub name: &'static str,
    /// What it is, in a few words.
    pub about: &'static str,
    /// Other names it is known by.
    pub aliases: &'static [&'static str],
    settings: fn() -> Map<String, Value>,
    read: Read<K>,
}

type Read<K> = fn(Value) -> Result<Arc<K>, serde_json::Error>;

impl<K: ?Sized> Clone for Entry<K> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K: ?Sized> Copy for Entry<K> {}

impl<K: ?Sized> Debug for Entry<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("name", &self.name).finish_non_exhaustive()
    }
}

impl<K: ?Sized + Kind> Entry<K> {
    /// The entry of `P`.
    pub(crate) fn of<P: Named>(read: Read<K>) -> Self {
        let settings = || settings_of(&P::default());
        Entry { name: P::NAME, about: P::ABOUT, aliases: P::ALIASES, settings, read }
    }

    /// Its settings with their defaults, as a configuration file writes them.
    #[must_use]
    pub fn settings(&self) -> Map<String, Value> {
        (self.settings)()
    }

    /// Its name, and after it the others it is known by.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<K> {
        core::iter::once(self.name).chain(self.aliases.iter().copied())
    }

    /// One with these settings; those not given take their default.
    fn choose(&self, given: Map<String, Value>) -> Result<Choice<K>, String> {
        let mut settings = self.settings();
        for (key, value) in given {
            let Some(setting) = settings.get_mut(&key) else {
                let known: Vec<String> = settings.keys().map(|key| format!("`{key}`")).collect();
                let known = if known.is_empty() { "none".to_string() } else { known.join(", ") };
                return Err(format!("`{}` has no setting `{key}`; it has {known}", self.name));
            };
            *setting = value;
        }
        let part = (self.read)(Value::Object(settings.clone())).map_err(|error| format!("`{}`: {error}", self.name))?;
        Ok(Choice { name: self.name, settings, part })
    }
}

/// By way of text, where 0.05 in single precision is 0.05.
fn settings_of<P: Serialize>(part: &P) -> Map<String, Value> {
    serde_json::to_string(part).and_then(|text| serde_json::from_str(&text)).unwrap_or_default()
}

/// All things of a kind, built in and made known by users.
pub struct Registry<K: ?Sized> {
    built_in: fn() -> Vec<Entry<K>>,
    entries: RwLock<Option<BTreeMap<&'static str, Entry<K>>>>,
}

impl<K: ?Sized> Debug for Registry<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry").finish_non_exhaustive()
    }
}

impl<K: ?Sized + Kind> Registry<K> {
    pub(crate) const fn new(built_in: fn() -> Vec<Entry<K>>) -> Self {
        Registry { built_in, entries: RwLock::new(None) }
    }

    fn with<T>(&self, f: impl FnOnce(&mut BTreeMap<&'static str, Entry<K>>) -> T) -> T {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        let built_in = || (self.built_in)().into_iter().map(|entry| (entry.name, entry)).collect();
        f(entries.get_or_insert_with(built_in))
    }

    /// All of them, by name.
    #[must_use]
    pub fn all(&self) -> Vec<Entry<K>> {
        self.with(|entries| entries.values().copied().collect())
    }

    /// The one of that name or alias, in any case.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`], with the closest name.
    pub fn find(&self, name: &str) -> Result<Entry<K>, Error> {
        let all = self.all();
        let is = |known: &str| known.eq_ignore_ascii_case(name);
        all.iter().find(|entry| entry.names().any(is)).copied().ok_or_else(|| {
            let known = all.iter().map(|entry| entry.name.to_string());
            let aliases = all.iter().flat_map(|entry| entry.aliases).map(ToString::to_string);
            Error::unknown_or_alias(K::WORD, name, "the network", known, aliases)
        })
    }

    pub(crate) fn add(&self, new: Entry<K>) -> Result<(), Error> {
        match new.names().find(|name| self.find(name).is_ok()) {
            Some(taken) => Err(Error::NameTaken { kind: K::WORD, name: taken.to_string() }),
            None => {
                self.with(|entries| entries.insert(new.name, new));
                Ok(())
            }
        }
    }
}

/// One thing of a kind, with its settings: what a configuration file says.
///
/// In TOML its name, `encoder = "poisson"`, or a table, `encoder = { name = "poisson", unit_conversion = 0.5 }`;
/// what is left out takes its default.
pub struct Choice<K: ?Sized> {
    name: &'static str,
    settings: Map<String, Value>,
    part: Arc<K>,
}

impl<K: ?Sized + Kind> Choice<K> {
    /// `part` with its type forgotten; each kind has a `From` that calls this.
    pub(crate) fn of<P: Named>(part: Arc<P>, forget: impl FnOnce(Arc<P>) -> Arc<K>) -> Self {
        Choice { name: P::NAME, settings: settings_of(&*part), part: forget(part) }
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
impl<K: ?Sized + Kind> FromStr for Choice<K> {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        if !text.trim_start().starts_with('{') {
            return Self::named(text.trim());
        }
        let refuse = |error: toml::de::Error| Error::config(format!("{} `{text}`", K::WORD), error.message());
        text.trim().parse::<toml::Value>().and_then(toml::Value::try_into).map_err(refuse)
    }
}

impl<K: ?Sized> Deref for Choice<K> {
    type Target = K;

    fn deref(&self) -> &K {
        &self.part
    }
}

impl<K: ?Sized> Clone for Choice<K> {
    fn clone(&self) -> Self {
        Choice { name: self.name, settings: self.settings.clone(), part: self.part.clone() }
    }
}

impl<K: ?Sized> Debug for Choice<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple(self.name).field(&self.settings).finish()
    }
}

impl<K: ?Sized> PartialEq for Choice<K> {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.settings == other.settings
    }
}

impl<K: ?Sized> Serialize for Choice<K> {
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

impl<'de, K: ?Sized + Kind> Deserialize<'de> for Choice<K> {
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

/// Makes a trait a kind: its registry, its list of what is built in, and `register` for users' own.
macro_rules! kind {
    ($word:literal, $kind:ident, [$($part:ty),+ $(,)?]) => {
        static REGISTRY: $crate::registry::Registry<dyn $kind> =
            $crate::registry::Registry::new(|| vec![$(entry::<$part>()),+]);

        fn entry<P: $kind + $crate::registry::Named>() -> $crate::registry::Entry<dyn $kind> {
            $crate::registry::Entry::of::<P>(|settings| {
                let part: P = serde_json::from_value(settings)?;
                Ok(::std::sync::Arc::new(part) as ::std::sync::Arc<dyn $kind>)
            })
        }

        impl $crate::registry::Kind for dyn $kind {
            const WORD: &'static str = $word;

            fn registry() -> &'static $crate::registry::Registry<Self> {
                &REGISTRY
            }
        }

        impl<P: $kind + $crate::registry::Named> From<P> for $crate::registry::Choice<dyn $kind> {
            fn from(part: P) -> Self {
                $crate::registry::Choice::of(::std::sync::Arc::new(part), |part| part as ::std::sync::Arc<dyn $kind>)
            }
        }

        /// All of them, by name.
        #[must_use]
        pub fn all() -> Vec<$crate::registry::Entry<dyn $kind>> {
            REGISTRY.all()
        }

        #[doc = concat!("Makes a ", $word, " of your own usable by its name, in configuration files and checkpoints.")]
        ///
        /// # Errors
        ///
        /// [`Error::NameTaken`](crate::Error::NameTaken) if its name or one of its aliases is taken.
        pub fn register<P: $kind + $crate::registry::Named>() -> Result<(), $crate::Error> {
            REGISTRY.add(entry::<P>())
        }
    };
}
pub(crate) use kind;
