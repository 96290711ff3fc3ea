//! What is known by a name, and all that is.

use super::{Component, ComponentKind, Named};
use crate::Error;
use core::fmt::{self, Debug};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

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

impl<K: ?Sized + ComponentKind> Entry<K> {
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
    pub(super) fn choose(&self, given: Map<String, Value>) -> Result<Component<K>, String> {
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
        Ok(Component { name: self.name, settings, part })
    }
}

/// By way of text, where 0.05 in single precision is 0.05.
pub(super) fn settings_of<P: Serialize>(part: &P) -> Map<String, Value> {
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

impl<K: ?Sized + ComponentKind> Registry<K> {
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
