//! The fate of each tensor and of each parameter.

use super::assign::Assigned;
use super::imported::RANDOM;
use crate::exchange::Framework;
use crate::exchange::StateDict;
use crate::parameters::{NamedParameter, ParameterKind};
use core::fmt;
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// Account of an import: every parameter of the network and every tensor of the state dict.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImportReport {
    /// Framework by whose rules the modules were paired.
    pub framework: Framework,
    /// Parameters and tensors, in the order of the network.
    pub entries: Vec<ImportEntry>,
    /// Facts that the state dict does not hold and that the two programs may see differently.
    pub notes: Vec<String>,
}

/// A parameter or a tensor in an [`ImportReport`].
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImportEntry {
    /// Its fate.
    pub status: ImportStatus,
    /// The parameter of the network, `layers.1.tau_m`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parameter: Option<String>,
    /// The tensor of the state dict, `lif1.beta`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// Shape of the tensor, or of the parameter where there is none.
    pub shape: Vec<usize>,
    /// Conversion of its values, or the reason why it was left out.
    pub note: String,
}

/// The fate of a parameter or a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ImportStatus {
    /// The tensor became the parameter.
    Matched,
    /// No tensor became the parameter: it is as the description of the network has it.
    Missing,
    /// The tensor has no place in the network.
    LeftOver,
    /// The tensor needs no place: nothing would differ, or the map drops it.
    Dropped,
}

impl fmt::Display for ImportStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            ImportStatus::Matched => "matched",
            ImportStatus::Missing => "missing",
            ImportStatus::LeftOver => "left over",
            ImportStatus::Dropped => "dropped",
        })
    }
}

impl ImportReport {
    /// Entries of a status.
    pub fn of(&self, status: ImportStatus) -> impl Iterator<Item = &ImportEntry> {
        self.entries.iter().filter(move |entry| entry.status == status)
    }
}

/// A tensor that needs no place in the network.
#[derive(Clone, Debug)]
pub(super) struct Dropped {
    key: String,
    reason: &'static str,
}

impl Dropped {
    pub(super) fn of(key: &str, reason: &'static str) -> Self {
        Dropped { key: key.to_string(), reason }
    }
}

/// The account of an import, from the parameters of the network and what was assigned to them.
pub(super) fn of(
    framework: Framework,
    state: &StateDict,
    parameters: &[NamedParameter],
    assigned: &[Assigned<'_>],
    dropped: &[Dropped],
    notes: Vec<String>,
) -> ImportReport {
    let by_name: HashMap<String, &Assigned<'_>> = assigned.iter().map(|one| (one.assignment.name(), one)).collect();
    let known: HashSet<&str> = parameters.iter().map(|parameter| parameter.name.as_str()).collect();
    let used: HashSet<&str> = by_name
        .iter()
        .filter(|(name, _)| known.contains(name.as_str()))
        .map(|(_, one)| one.tensor.key.as_str())
        .collect();
    let reasons: HashMap<&str, &str> = dropped.iter().map(|one| (one.key.as_str(), one.reason)).collect();
    let parameter = |p: &NamedParameter| match by_name.get(&p.name) {
        Some(one) => ImportEntry {
            status: ImportStatus::Matched,
            parameter: Some(p.name.clone()),
            key: Some(one.tensor.key.clone()),
            shape: one.tensor.shape.clone(),
            note: one.note(),
        },
        None => ImportEntry {
            status: ImportStatus::Missing,
            parameter: Some(p.name.clone()),
            key: None,
            shape: p.shape.clone(),
            note: match p.kind {
                ParameterKind::Neuron { .. } => "as described".to_string(),
                ParameterKind::Weight | ParameterKind::Bias => RANDOM.to_string(),
            },
        },
    };
    let rest = state.tensors().iter().filter(|tensor| !used.contains(tensor.key.as_str())).map(|tensor| {
        let reason = reasons.get(tensor.key.as_str());
        ImportEntry {
            status: if reason.is_some() { ImportStatus::Dropped } else { ImportStatus::LeftOver },
            parameter: None,
            key: Some(tensor.key.clone()),
            shape: tensor.shape.clone(),
            note: reason.map_or_else(String::new, |reason| (*reason).to_string()),
        }
    });
    ImportReport { framework, entries: parameters.iter().map(parameter).chain(rest).collect(), notes }
}
