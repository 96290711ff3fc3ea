//! A part of a split that has the classes' proportions.

use crate::{DataError, Split, order::shuffled};
use std::borrow::Cow;

/// Indices of a split's samples: those to learn from and those held out.
///
/// The two are disjoint, ascending, and together name every sample.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holdout {
    /// Indices to train on.
    pub train: Vec<usize>,
    /// Indices to validate on; empty if the fraction was 0.
    pub validation: Vec<usize>,
}

/// Makes a validation part no other use of the same seed has.
const PURPOSE: &[u8; 16] = b"synfire split v1";

impl Holdout {
    /// Sets a part of a split aside; see [`Dataset::train_validation`](crate::Dataset::train_validation).
    pub(super) fn of(split: &Split, fraction: f64, seed: u64) -> Result<Self, DataError> {
        let refused = || DataError::Fraction { fraction, samples: split.len() };
        if !(0.0..1.0).contains(&fraction) {
            return Err(refused());
        }
        let parts = stratified(&labels(split), fraction, 0, seed);
        if fraction > 0.0 && parts.validation.is_empty() { Err(refused()) } else { Ok(parts) }
    }

    /// Sets a part of a split aside for testing, with a sample of each class that has at least two.
    pub(super) fn for_testing(split: &Split, fraction: f64) -> Result<Self, DataError> {
        let parts = stratified(&labels(split), fraction, 1, 0);
        if parts.validation.is_empty() { Err(DataError::NoTest { samples: split.len() }) } else { Ok(parts) }
    }
}

/// Class of each sample; the same for all where samples have none of their own.
fn labels(split: &Split) -> Cow<'_, [u16]> {
    split.labels().map_or_else(|| vec![0; split.len()].into(), Cow::from)
}

/// Gives `round(fraction × its samples)` of each class to the second part, at least `least`, but not all.
fn stratified(labels: &[u16], fraction: f64, least: usize, seed: u64) -> Holdout {
    let classes = labels.iter().max().map_or(0, |&label| usize::from(label) + 1);
    let mut by_class = vec![Vec::new(); classes];
    for (index, &label) in labels.iter().enumerate() {
        by_class[usize::from(label)].push(index);
    }
    let (mut train, mut validation) = (Vec::with_capacity(labels.len()), Vec::new());
    for (class, members) in by_class.into_iter().enumerate() {
        let mut members = shuffled(members, seed, class as u64, PURPOSE);
        let wanted = ((fraction * members.len() as f64).round() as usize).max(least);
        let kept = members.len() - wanted.min(members.len().saturating_sub(1));
        validation.extend(members.drain(kept..));
        train.extend(members);
    }
    train.sort_unstable();
    validation.sort_unstable();
    Holdout { train, validation }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class_counts(labels: &[u16], indices: &[usize]) -> [usize; 3] {
        let mut counts = [0; 3];
        indices.iter().for_each(|&index| counts[usize::from(labels[index])] += 1);
        counts
    }

    #[test]
    fn every_class_gives_its_share_and_keeps_one() {
        // 10 of class 0, 5 of class 1, 1 of class 2, interleaved.
        let labels = [0, 1, 0, 2, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 0, 0];
        for (fraction, validation) in [
            (0.0, [0, 0, 0]),
            (0.1, [1, 1, 0]), // 0.5 rounds up
            (0.2, [2, 1, 0]),
            (0.5, [5, 3, 0]), // 2.5 rounds up; the only sample of class 2 stays
            (0.99, [9, 4, 0]),
        ] {
            let parts = stratified(&labels, fraction, 0, 1);
            assert_eq!(class_counts(&labels, &parts.validation), validation, "{fraction}");
            let mut all = [parts.train.clone(), parts.validation.clone()].concat();
            assert!(parts.train.is_sorted() && parts.validation.is_sorted());
            all.sort_unstable();
            assert_eq!(all, (0..labels.len()).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_choice_depends_on_the_seed_alone() {
        let labels: Vec<u16> = (0..300).map(|index| index % 3).collect();
        let choose = |seed| stratified(&labels, 0.2, 0, seed);
        assert_eq!(choose(5), choose(5));
        assert_ne!(choose(5), choose(6));
        // Classes have orders of their own: the same positions in each class
        // would tie the parts together where samples come in groups.
        let parts = choose(5);
        let of = |class: usize| -> Vec<usize> {
            let members = parts.validation.iter().filter(|&&index| index % 3 == class);
            members.map(|index| index / 3).collect()
        };
        assert_ne!(of(0), of(1));
    }

    #[test]
    fn unusable_fractions_are_refused() {
        for fraction in [-0.1, 1.0, 2.0, f64::NAN, f64::INFINITY, 0.001] {
            let split = Split::from_features([0.0f32; 4], 1, [0, 1, 0, 1]).unwrap();
            let error = Holdout::of(&split, fraction, 0).unwrap_err();
            assert!(error.to_string().contains(&format!("hold out {fraction} of 4")), "{error}");
        }
    }

    #[test]
    fn a_sample_of_each_class_with_two_is_for_testing() {
        let parts = |labels: &[u8]| {
            let split = Split::from_features(vec![0.0f32; labels.len()], 1, labels.to_vec()).unwrap();
            Holdout::for_testing(&split, 0.2).map(|parts| parts.validation.len())
        };
        assert_eq!(parts(&[0, 0, 1, 1, 2]).unwrap(), 2);
        let error = parts(&[0, 1, 2]).unwrap_err().to_string();
        assert!(error.contains("3 samples and no class with two") && error.contains("`train` and `test`"), "{error}");
    }
}
