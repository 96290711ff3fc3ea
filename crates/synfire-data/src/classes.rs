//! Classes: from labels as files have them to numbers from 0 on.

use crate::raw::Labels;
use crate::{DataError, DataOptions, MAX_CLASSES, Targets};
use std::collections::{BTreeSet, HashMap};

/// Names of the classes in the order of their numbers.
#[derive(Clone, Debug)]
pub(crate) struct Classes {
    names: Vec<String>,
}

impl Classes {
    /// The classes of training samples: those of the options, those that files name, or those that there are, sorted.
    ///
    /// # Errors
    /// If there are more than a data set may have.
    pub(crate) fn of(labels: &Labels, known: &[String], options: &DataOptions) -> Result<Self, DataError> {
        let names = match (&options.classes, labels) {
            (Some(classes), _) => classes.clone(),
            (None, Labels::Numbers(_)) if !known.is_empty() => known.to_vec(),
            (None, Labels::Numbers(numbers)) => {
                BTreeSet::from_iter(numbers).into_iter().map(ToString::to_string).collect()
            }
            (None, Labels::Names(names)) => sorted(names),
            (None, Labels::PerStep { .. } | Labels::Vectors { .. }) => vec![],
        };
        match names.len() {
            0..=MAX_CLASSES => Ok(Classes { names }),
            found => Err(DataError::ClassCount { found, most: MAX_CLASSES }),
        }
    }

    /// The names, none where they are the numbers from 0 on.
    pub(crate) fn names(self) -> Option<Vec<String>> {
        let plain = self.names.iter().enumerate().all(|(i, name)| *name == i.to_string());
        (!plain).then_some(self.names)
    }

    /// Targets of these labels. `part` is the name of the part of the data, for messages.
    pub(crate) fn targets(&self, labels: Labels, known: &[String], part: &'static str) -> Result<Targets, DataError> {
        let numbers: HashMap<&str, i64> =
            self.names.iter().zip(0..).map(|(name, number)| (name.as_str(), number)).collect();
        let find = |(index, name): (usize, &str)| {
            numbers.get(name).copied().ok_or_else(|| DataError::UnknownClass {
                part,
                index,
                class: name.chars().take(60).collect(),
                classes: shortened(&self.names),
            })
        };
        Ok(Targets::Classes(match labels {
            Labels::Names(names) => names.iter().map(String::as_str).enumerate().map(find).collect::<Result<_, _>>()?,
            Labels::Numbers(labels) => {
                let name = |label: &i64| match usize::try_from(*label).ok().and_then(|label| known.get(label)) {
                    Some(name) => name.clone(),
                    None => label.to_string(),
                };
                labels.iter().enumerate().map(|(i, label)| find((i, &name(label)))).collect::<Result<_, _>>()?
            }
            Labels::PerStep { classes, steps } => return Ok(Targets::ClassPerStep { classes, steps }),
            Labels::Vectors { values, len } => return Ok(Targets::Vectors { values, len }),
        }))
    }
}

/// All names once: in the order of the numbers if all are whole ones, or else in that of letters.
fn sorted(names: &[String]) -> Vec<String> {
    let distinct: BTreeSet<&String> = names.iter().collect();
    let mut names: Vec<String> = distinct.into_iter().cloned().collect();
    if names.iter().all(|name| name.parse::<i64>().is_ok()) {
        names.sort_by_key(|name| name.parse::<i64>().unwrap_or_default());
    }
    names
}

fn shortened(names: &[String]) -> String {
    let more = if names.len() > 20 { ", .." } else { "" };
    names.iter().take(20).map(String::as_str).collect::<Vec<_>>().join(", ") + more
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(train: Labels, test: Labels, known: &[&str]) -> (Option<Vec<String>>, Result<Targets, String>) {
        let known: Vec<String> = known.iter().map(ToString::to_string).collect();
        let classes = Classes::of(&train, &known, &DataOptions::default()).unwrap();
        let targets = classes.targets(test, &known, "test").map_err(|error| error.to_string());
        (classes.names(), targets)
    }

    #[test]
    fn labels_become_numbers_from_0_on_and_keep_their_names() {
        let letters = targets(Labels::Numbers(vec![2, 1, 26]), Labels::Numbers(vec![26, 1]), &[]);
        assert_eq!(letters, (Some(["1", "2", "26"].map(String::from).to_vec()), Ok(Targets::Classes(vec![2, 0]))));
        let words = |words: &[&str]| Labels::Names(words.iter().map(ToString::to_string).collect());
        let folders = targets(words(&["10", "9", "9"]), words(&["10"]), &[]);
        assert_eq!(folders, (Some(["9", "10"].map(String::from).to_vec()), Ok(Targets::Classes(vec![1]))));
        let plain = targets(Labels::Numbers(vec![0, 2, 1]), Labels::Numbers(vec![2]), &[]);
        assert_eq!(plain, (None, Ok(Targets::Classes(vec![2]))));
        let named = targets(Labels::Numbers(vec![1, 0]), Labels::Numbers(vec![1]), &["cat", "dog"]);
        assert_eq!(named, (Some(vec!["cat".into(), "dog".into()]), Ok(Targets::Classes(vec![1]))));
        let many = Classes::of(&Labels::Numbers((0..3000).collect()), &[], &DataOptions::default());
        assert!(many.unwrap_err().to_string().contains("3000 classes, expected 2 to 1000"));
        let (_, unknown) = targets(words(&["a", "b"]), words(&["b", "c"]), &[]);
        let unknown = unknown.unwrap_err();
        assert!(
            unknown.contains("sample 1 of the test part has the class `c`") && unknown.contains("a, b"),
            "{unknown}"
        );
    }
}
