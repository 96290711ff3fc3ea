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

/// Makes a model of your own usable by its name, in configuration files and checkpoints.
///
/// # Errors
///
/// [`Error::NameTaken`] if a model of that name exists.
pub fn register<D: Neuron>() -> Result<(), Error> {
    with_models(|models| match models.contains_key(D::NAME) {
        true => Err(Error::NameTaken { kind: "neuron model", name: D::NAME.to_string() }),
        false => {
            models.insert(D::NAME.to_string(), Entry::of::<D>());
            Ok(())
        }
    })
}

/// All models, by name.
#[must_use]
pub fn models() -> Vec<Entry> {
    with_models(|models| models.values().copied().collect())
}

/// The model of that name, in any case.
///
/// # Errors
///
/// [`Error::Unknown`], with the closest name.
pub fn find(name: &str) -> Result<Entry, Error> {
    with_models(|models| {
        models
            .get(&name.to_ascii_lowercase())
            .copied()
            .ok_or_else(|| Error::unknown("neuron model", name, "the network", models.keys().cloned()))
    })
}
