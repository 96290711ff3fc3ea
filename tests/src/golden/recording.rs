//! The recorded cases of everything that is no neuron: encoders, decoders, networks and the like.

use super::files::{Array, Index};
use super::folder;
use crate::{absolute_error, numbers, tensor};
use burn::tensor::{Device, Tensor};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// One recorded run.
pub struct Recording {
    /// SPAIC's name of the class.
    pub name: String,
    /// Which run of it.
    pub tag: String,
    /// What the index says of it: `dt`, `T`, `params` and more.
    pub facts: Value,
    arrays: BTreeMap<String, Array>,
    tolerances: BTreeMap<String, f64>,
}

/// Everything recorded of a kind.
///
/// # Panics
///
/// If the files are missing or damaged.
#[must_use]
pub fn recordings(kind: &str) -> Vec<Recording> {
    let read = || -> Result<Vec<Recording>, String> {
        let mut all = vec![];
        for recorded in Index::read(&folder())?.of_kind::<Value>(kind)? {
            let file = recorded.arrays()?;
            for (tag, facts) in &recorded.cases {
                let of_case = |name: &str| name.strip_prefix(tag)?.strip_prefix('/').map(ToString::to_string);
                // what has no tag is shared by all cases
                let own = |name: &str| of_case(name).or_else(|| (!name.contains('/')).then(|| name.to_string()));
                all.push(Recording {
                    name: recorded.name.clone(),
                    tag: tag.clone(),
                    facts: facts.clone(),
                    arrays: file.0.iter().filter_map(|(name, array)| Some((own(name)?, array.clone()))).collect(),
                    tolerances: recorded.tolerance_atol.iter().filter_map(|(name, t)| Some((own(name)?, *t))).collect(),
                });
            }
        }
        Ok(all)
    };
    read().unwrap_or_else(|problem| panic!("{problem}"))
}

impl Recording {
    /// `decoder/a` for messages.
    #[must_use]
    pub fn what(&self) -> String {
        format!("{}/{}", self.name, self.tag)
    }

    /// The class's settings in this run.
    #[must_use]
    pub fn params(&self) -> Map<String, Value> {
        self.facts.get("params").and_then(Value::as_object).cloned().unwrap_or_default()
    }

    /// A number that the index says of it.
    ///
    /// # Panics
    ///
    /// If it does not.
    #[must_use]
    pub fn fact(&self, name: &str) -> f64 {
        self.facts[name].as_f64().unwrap_or_else(|| panic!("{}: index.json does not say `{name}`", self.what()))
    }

    /// Length of a step in ms.
    #[must_use]
    pub fn dt(&self) -> f32 {
        self.fact("dt") as f32
    }

    /// Number of steps.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.fact("T") as usize
    }

    /// Names of its arrays.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.arrays.keys().map(String::as_str)
    }

    /// Shape and numbers of an array.
    #[must_use]
    pub fn find(&self, name: &str) -> Option<(&[usize], &[f32])> {
        self.arrays.get(name).map(|array| (array.shape.as_slice(), array.numbers.as_slice()))
    }

    /// The numbers of an array.
    ///
    /// # Panics
    ///
    /// If there is none of that name.
    #[must_use]
    pub fn numbers(&self, name: &str) -> &[f32] {
        self.find(name).unwrap_or_else(|| panic!("{}: no array `{name}`", self.what())).1
    }

    /// The numbers of an array in double precision.
    ///
    /// # Panics
    ///
    /// As [`numbers`](Self::numbers), or if it was not recorded so.
    #[must_use]
    pub fn doubles(&self, name: &str) -> &[f64] {
        let array = self.arrays.get(name).unwrap_or_else(|| panic!("{}: no array `{name}`", self.what()));
        assert!(!array.doubles.is_empty(), "{}: `{name}` is not in double precision", self.what());
        &array.doubles
    }

    /// The shape of an array.
    ///
    /// # Panics
    ///
    /// As [`numbers`](Self::numbers).
    #[must_use]
    pub fn shape(&self, name: &str) -> &[usize] {
        self.find(name).unwrap_or_else(|| panic!("{}: no array `{name}`", self.what())).0
    }

    /// An array as a tensor, whose rank may be higher: ones are put in front.
    ///
    /// # Panics
    ///
    /// As [`numbers`](Self::numbers), or if it has more axes.
    #[must_use]
    pub fn tensor<const N: usize>(&self, name: &str, device: &Device) -> Tensor<N> {
        let shape = self.shape(name);
        let mut dims = [1; N];
        dims[N - shape.len()..].copy_from_slice(shape);
        tensor(self.numbers(name).to_vec(), dims, device)
    }

    /// What is wrong if these are not the numbers of the array, within its tolerance and `slack` times that.
    #[must_use]
    pub fn difference(&self, name: &str, actual: &[f32], slack: f64) -> Option<String> {
        let expected = self.numbers(name);
        let Some(tolerance) = self.tolerances.get(name).map(|tolerance| tolerance * slack) else {
            return Some(format!("{}: index.json has no tolerance for `{name}`", self.what()));
        };
        if actual.len() != expected.len() {
            return Some(format!("{}: `{name}` has {} numbers, ours {}", self.what(), expected.len(), actual.len()));
        }
        let error = absolute_error(actual, expected);
        (error > tolerance).then(|| format!("{}: `{name}` is off by {error:e}, tolerance {tolerance:e}", self.what()))
    }

    /// Compares a tensor with the array.
    ///
    /// # Panics
    ///
    /// If it differs by more than the array's tolerance.
    pub fn check<const N: usize>(&self, name: &str, actual: &Tensor<N>) {
        self.check_numbers(name, &numbers(actual));
    }

    /// As [`check`](Self::check).
    ///
    /// # Panics
    ///
    /// As [`check`](Self::check).
    pub fn check_numbers(&self, name: &str, actual: &[f32]) {
        if let Some(problem) = self.difference(name, actual, 1.0) {
            panic!("{problem}");
        }
    }
}
