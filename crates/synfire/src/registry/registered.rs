//! Tables of everything that has a name.

use crate::Error;
use core::fmt::{self, Debug};
use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

/// An entry of a [`Registry`]: a name in files, and the names it is also known by.
pub trait Registered: Copy + Send + Sync + 'static {
    /// Word for one of them in messages, `encoder`.
    const WORD: &'static str;

    /// Name in configuration files, lower case.
    fn name(&self) -> &'static str;

    /// Other names it is known by.
    fn aliases(&self) -> &'static [&'static str];

    /// Its name, and after it the other ones.
    fn names(&self) -> impl Iterator<Item = &'static str> {
        core::iter::once(self.name()).chain(self.aliases().iter().copied())
    }
}

/// All entries of a kind by name, those that come with the library and those that users register.
pub struct Registry<E> {
    built_in: fn() -> Vec<E>,
    /// Empty until it is first read.
    entries: RwLock<Option<BTreeMap<&'static str, E>>>,
}

impl<E> Debug for Registry<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry").finish_non_exhaustive()
    }
}

impl<E: Registered> Registry<E> {
    pub(crate) const fn new(built_in: fn() -> Vec<E>) -> Self {
        Registry { built_in, entries: RwLock::new(None) }
    }

    fn with<T>(&self, f: impl FnOnce(&mut BTreeMap<&'static str, E>) -> T) -> T {
        let mut entries = self.entries.write().unwrap_or_else(PoisonError::into_inner);
        let built_in = || (self.built_in)().into_iter().map(|entry| (entry.name(), entry)).collect();
        f(entries.get_or_insert_with(built_in))
    }

    /// All entries, in the order of their names.
    #[must_use]
    pub fn all(&self) -> Vec<E> {
        self.with(|entries| entries.values().copied().collect())
    }

    /// The entry with this name or alias; case does not matter.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`], with the closest name.
    pub fn find(&self, name: &str) -> Result<E, Error> {
        self.with(|entries| {
            known(entries, name).ok_or_else(|| {
                let names = entries.keys().map(ToString::to_string);
                let aliases = entries.values().flat_map(|entry| entry.aliases()).map(ToString::to_string);
                Error::unknown_or_alias(E::WORD, name, "the network", names, aliases)
            })
        })
    }

    pub(crate) fn add(&self, new: E) -> Result<(), Error> {
        self.with(|entries| match new.names().find(|name| known(entries, name).is_some()) {
            Some(taken) => Err(Error::NameTaken { kind: E::WORD, name: taken.to_string() }),
            None => {
                entries.insert(new.name(), new);
                Ok(())
            }
        })
    }
}

fn known<E: Registered>(entries: &BTreeMap<&'static str, E>, name: &str) -> Option<E> {
    entries.values().find(|entry| entry.names().any(|known| known.eq_ignore_ascii_case(name))).copied()
}
