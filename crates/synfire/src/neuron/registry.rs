//! Neuron models by name.

pub use super::model::Entry;
use super::{Neuron, models};
use crate::Error;
use crate::registry::{Registered, Registry};

static MODELS: Registry<Entry> = Registry::new(models::built_in);

impl Registered for Entry {
    const WORD: &'static str = "neuron model";

    fn name(&self) -> &'static str {
        self.info.name
    }

    fn aliases(&self) -> &'static [&'static str] {
        self.info.aliases
    }
}

/// Makes a model of your own usable by its name, in configuration files and checkpoints.
///
/// # Errors
///
/// [`Error::NameTaken`] if a model has its name or one of its aliases.
pub fn register<D: Neuron>() -> Result<(), Error> {
    MODELS.add(Entry::of::<D>())
}

/// All models, in the order of their names.
#[must_use]
pub fn models() -> Vec<Entry> {
    MODELS.all()
}

/// The model with this name or alias; case does not matter.
///
/// # Errors
///
/// [`Error::Unknown`], with the closest name or alias.
pub fn find(name: &str) -> Result<Entry, Error> {
    MODELS.find(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_name_and_alias_is_of_one_model() {
        let mut seen = BTreeSet::new();
        for entry in models() {
            for name in entry.names() {
                assert!(seen.insert(name.to_ascii_lowercase()), "two models are called {name}");
                for written in [name.to_string(), name.to_uppercase()] {
                    assert_eq!(find(&written).unwrap().info.name, entry.info.name);
                }
            }
        }
    }
}
