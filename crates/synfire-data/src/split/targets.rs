//! Summary of all targets of a split: their kind and their classes.

use super::MAX_CLASSES;
use crate::{DataError, Samples, Target, TargetKind};

/// Kind of the targets and the classes among them.
#[derive(Debug)]
pub(super) struct Summary {
    pub(super) kind: TargetKind,
    /// Class of each sample; empty where targets are vectors or classes per step.
    pub(super) labels: Vec<u16>,
    /// Largest class and the index of the first sample that has it.
    pub(super) largest: Option<(u16, usize)>,
}

impl Summary {
    /// Reads and checks all targets.
    pub(super) fn of(samples: &dyn Samples) -> Result<Self, DataError> {
        let target = |index| samples.target(index).map_err(|error| error.within(format!("sample {index}")));
        let mut summary = Self { kind: target(0)?.kind_in(samples.shape()), labels: vec![], largest: None };
        for index in 0..samples.len() {
            summary.add(index, target(index)?)?;
        }
        Ok(summary)
    }

    fn add(&mut self, index: usize, target: Target) -> Result<(), DataError> {
        if !self.kind.admits(&target) {
            let mixed = DataError::TargetKind { expected: self.kind, found: target.kind() };
            return Err(mixed.within(format!("sample {index}")));
        }
        match target {
            Target::Class(label) => {
                let label = self.class(index, label)?;
                self.labels.push(label);
            }
            Target::ClassPerStep(labels) => {
                for label in labels {
                    self.class(index, label)?;
                }
            }
            Target::Vector(values) => {
                if let Some(element) = values.iter().position(|value| !value.is_finite()) {
                    return Err(DataError::TargetNotFinite { sample: index, element, value: values[element] });
                }
            }
        }
        Ok(())
    }

    fn class(&mut self, index: usize, label: i64) -> Result<u16, DataError> {
        const MOST: u16 = MAX_CLASSES as u16 - 1;
        let class = u16::try_from(label).ok().filter(|&class| class <= MOST);
        let class = class.ok_or(DataError::BadLabel { index, label, most: MOST })?;
        if self.largest.is_none_or(|(largest, _)| class > largest) {
            self.largest = Some((class, index));
        }
        Ok(class)
    }
}
