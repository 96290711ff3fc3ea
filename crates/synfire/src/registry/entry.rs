//! Entries of components: their documentation, their settings, and how they are made of settings.

use super::{Component, ComponentKind, Named, Registered, plain};
use core::fmt::{self, Debug};
use serde::Serialize;
use serde_json::{Map, Value};
use std::sync::Arc;

/// A component by its name: its documentation, the defaults of its settings, and how it is made of settings.
pub struct Entry<K: ?Sized> {
    /// Name in configuration files.
    pub name: &'static str,
    /// Description in a few words.
    pub about: &'static str,
    /// Other names it is known by.
    pub aliases: &'static [&'static str],
    /// The setting that the name itself carries where it stands as a key, see [`Named::PRINCIPAL`].
    pub principal: Option<&'static str>,
    /// Whether it takes settings that are not among its [defaults](Self::settings), see [`Named::OPEN`].
    pub open: bool,
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

impl<K: ?Sized + ComponentKind> Registered for Entry<K> {
    const WORD: &'static str = K::WORD;

    fn name(&self) -> &'static str {
        self.name
    }

    fn aliases(&self) -> &'static [&'static str] {
        self.aliases
    }
}

impl<K: ?Sized + ComponentKind> Entry<K> {
    /// The entry of `P`.
    pub(crate) fn of<P: Named>(read: Read<K>) -> Self {
        Entry {
            name: P::NAME,
            about: P::ABOUT,
            aliases: P::ALIASES,
            principal: P::PRINCIPAL,
            open: P::OPEN,
            settings: || settings_of(&P::default()),
            read,
        }
    }

    /// Its settings with their defaults, as a configuration file writes them; null where there is no default.
    #[must_use]
    pub fn settings(&self) -> Map<String, Value> {
        (self.settings)()
    }

    /// A component with these settings; those that are not given take their default.
    ///
    /// # Errors
    ///
    /// The setting that it does not have or that has a value of the wrong type, with what was expected.
    pub fn component(&self, given: Map<String, Value>) -> Result<Component<K>, String> {
        let mut settings = self.settings();
        if !self.open {
            self.refuse_unknown(&settings, &given)?;
        }
        settings.extend(given.clone());
        let inner = (self.read)(Value::Object(settings.clone())).map_err(|error| self.explain(&given, &error))?;
        Ok(Component { name: self.name, settings, inner, opaque: false })
    }

    fn refuse_unknown(&self, settings: &Map<String, Value>, given: &Map<String, Value>) -> Result<(), String> {
        let Some(unknown) = given.keys().find(|key| !settings.contains_key(*key)) else { return Ok(()) };
        let known: Vec<String> = settings.keys().map(|key| format!("`{key}`")).collect();
        let known = if known.is_empty() { "none".to_string() } else { known.join(", ") };
        Err(format!("`{}` has no setting `{unknown}`; it has {known}", self.name))
    }

    /// `error` with the setting that it is about: the one that is wrong by itself too.
    fn explain(&self, given: &Map<String, Value>, error: &serde_json::Error) -> String {
        let alone = |(key, value): (&String, &Value)| {
            let mut settings = self.settings();
            settings.insert(key.clone(), value.clone());
            let error = (self.read)(Value::Object(settings)).err()?;
            Some(format!("`{}`: `{key} = {value}`: {}", self.name, plain(&error.to_string())))
        };
        given.iter().find_map(alone).unwrap_or_else(|| format!("`{}`: {}", self.name, plain(&error.to_string())))
    }
}

/// Settings of a component as values of JSON: by way of text, where 0.05 in single precision is 0.05.
pub(super) fn settings_of<P: Serialize>(component: &P) -> Map<String, Value> {
    serde_json::to_string(component).and_then(|text| serde_json::from_str(&text)).unwrap_or_default()
}
