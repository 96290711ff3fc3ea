//! Models by name.

pub use super::model::Entry;
use super::{Neuron, models};
use crate::Error;
use std::collections::BTreeMap;
use std::sync::{PoisonError, RwLock};

static MODELS: RwLock<Option<BTreeMap<String, Entry>>> = RwLock::new(None);

fn with_models<T>(f: impl FnOnce(&mut BTreeMap<String, Entry>) -> T) -> T {
    let mut models = MODELS.write().unwrap_or_else(PoisonError::into_inner);
    f(models.get_or_insert_with(|| {
        models::built_in().into_iter().map(|entry| (entry.info.name.to_string(), entry)).collect()
    }))
}

/// The model with this name or alias, in any case.
fn named(models: &BTreeMap<String, Entry>, name: &str) -> Option<Entry> {
    let is = |known: &&str| known.eq_ignore_ascii_case(name);
    models.values().find(|entry| entry.info.names().any(|known| is(&known))).copied()
}

/// Makes a model of your own usable by its name, in configuration files and checkpoints.
///
/// # Errors
///
/// [`Error::NameTaken`] if a model has its name or one of its aliases.
pub fn register<D: Neuron>() -> Result<(), Error> {
    let entry = Entry::of::<D>();
    with_models(|models| match entry.info.names().find(|name| named(models, name).is_some()) {
        Some(taken) => Err(Error::NameTaken { kind: "neuron model", name: taken.to_string() }),
        None => {
            models.insert(D::NAME.to_string(), entry);
            Ok(())
        }
    })
}

/// All models, by name.
#[must_use]
pub fn models() -> Vec<Entry> {
    with_models(|models| models.values().copied().collect())
}

/// The model of that name or alias, in any case.
///
/// # Errors
///
/// [`Error::Unknown`], with the closest name or alias.
pub fn find(name: &str) -> Result<Entry, Error> {
    with_models(|models| {
        named(models, name).ok_or_else(|| {
            let aliases = models.values().flat_map(|entry| entry.info.aliases).map(ToString::to_string);
            Error::unknown_or_alias("neuron model", name, "the network", models.keys().cloned(), aliases)
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_name_and_alias_is_of_one_model() {
        let mut seen = BTreeSet::new();
        for entry in models() {
            for name in entry.info.names() {
                assert!(seen.insert(name.to_ascii_lowercase()), "two models are called {name}");
                for written in [name.to_string(), name.to_uppercase()] {
                    assert_eq!(find(&written).unwrap().info.name, entry.info.name);
                }
            }
        }
    }
}
