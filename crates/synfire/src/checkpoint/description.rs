//! The description of a model in a file.

use super::{SampleRange, checksum};
use crate::Error;
use crate::network::NetworkConfig;
use crate::train::{BuildModel, is_plain};
use serde::{Deserialize, Serialize};
use std::path::Path;
use synfire_data::{DataOptions, TargetKind};

/// Version of the descriptions that are written. Versions from 1 on are read, others are refused.
pub const SCHEMA: u32 = 3;
const OLDEST: u32 = 1;
/// The first version with the weights of linear layers in PyTorch's order.
const PYTORCH_ORDER: u32 = 3;
/// The first version that has a checksum.
const CHECKED: u32 = 3;

/// Key of the description in the metadata of both formats.
pub(super) const KEY: &str = "synfire";

/// The description of the model in a file, with its settings of type `C`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Description<C = NetworkConfig> {
    /// Version of the description.
    pub schema: u32,
    /// Version of Synfire that wrote it.
    pub synfire: String,
    /// Name of the settings, `network` of Synfire's networks.
    #[serde(default = "network")]
    pub kind: String,
    /// Settings of the model.
    #[serde(alias = "network")]
    pub model: C,
    /// Shape of a sample.
    pub input: Vec<usize>,
    /// Number of classes, or of values of a target vector.
    #[serde(alias = "classes")]
    pub outputs: usize,
    /// Meaning of the outputs, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub task: Option<TaskKind>,
    /// Options by which the samples were read that it learned from, with the names of their classes.
    #[serde(default, skip_serializing_if = "is_plain")]
    pub data: DataOptions,
    /// Range of the values of the samples that it learned from, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub samples: Option<SampleRange>,
}

/// Kind of task that a model was trained for: the meaning of its outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TaskKind {
    /// An output for each class.
    Classification,
    /// An output for each value of a target vector.
    Regression,
}

impl TaskKind {
    /// The task of targets of this kind.
    #[must_use]
    pub fn of(targets: TargetKind) -> Self {
        match targets {
            TargetKind::Class | TargetKind::ClassPerStep { .. } => TaskKind::Classification,
            TargetKind::Vector { .. } => TaskKind::Regression,
        }
    }
}

fn network() -> String {
    "network".to_string()
}

/// The version alone, which is read first.
#[derive(Deserialize)]
struct Head {
    schema: u32,
    #[serde(default = "network")]
    kind: String,
    #[serde(default)]
    sha256: Option<String>,
}

/// Whether a file of the newest schema must have a checksum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Checksum {
    /// It must: nobody else writes such files.
    Required,
    /// It need not: other programs write such files too.
    Optional,
}

/// A description as files have it: with a place for the checksum of the file.
#[derive(Serialize)]
struct Written<'a, C> {
    #[serde(flatten)]
    description: &'a Description<C>,
    sha256: &'static str,
}

impl<C: BuildModel> Description<C> {
    pub(super) fn of(model: C, input: Vec<usize>, outputs: usize) -> Self {
        let synfire = env!("CARGO_PKG_VERSION").to_string();
        Description {
            schema: SCHEMA,
            synfire,
            kind: C::name(),
            model,
            input,
            outputs,
            task: None,
            data: DataOptions::default(),
            samples: None,
        }
    }

    /// The description as JSON, with a blank checksum.
    pub(super) fn to_json(&self) -> Result<String, String> {
        let written = Written { description: self, sha256: checksum::BLANK };
        serde_json::to_string(&written).map_err(|error| error.to_string())
    }

    /// The description out of its JSON, if it is of a known schema and of this model, and the file `bytes` is as it
    /// was written; and whether its file keeps the weights of linear layers as `[inputs, outputs]`, as those of schemas
    /// 1 and 2 do.
    pub(super) fn parse(json: &str, bytes: &[u8], checksum: Checksum, origin: &Path) -> Result<(Self, bool), Error> {
        let damaged = |error: serde_json::Error| Error::file(origin, format!("its description is damaged: {error}"));
        let Head { schema, kind, sha256 } = serde_json::from_str(json).map_err(damaged)?;
        if !(OLDEST..=SCHEMA).contains(&schema) {
            return Err(Error::file(
                origin,
                format!(
                    "was written in schema {schema}, this version reads schemas {OLDEST} to {SCHEMA}; export it again with the version that wrote it"
                ),
            ));
        }
        let whole = match sha256 {
            Some(sum) => checksum::is_right(bytes, &sum),
            None => schema < CHECKED || checksum == Checksum::Optional,
        };
        if !whole {
            let by_hand = match checksum {
                Checksum::Required => "",
                Checksum::Optional => {
                    " (if it was changed on purpose, remove `sha256` from the description in its metadata)"
                }
            };
            let problem =
                "is damaged: its content does not match its checksum; copy the file again, or use another one";
            return Err(Error::file(origin, format!("{problem}{by_hand}")));
        }
        if kind != C::name() {
            let problem = format!("holds a model of `{kind}`; expected one of `{}`", C::name());
            return Err(Error::file(origin, problem));
        }
        let description = serde_json::from_str(json).map_err(damaged)?;
        Ok((Description { schema: SCHEMA, ..description }, schema < PYTORCH_ORDER))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parse(json: serde_json::Value) -> Result<(Description, bool), Error> {
        let json = json.to_string();
        Description::parse(&json, json.as_bytes(), Checksum::Required, Path::new("a.bpk"))
    }

    #[test]
    fn old_networks_are_read_and_newer_schemas_refused_by_version() {
        let network = NetworkConfig::two_layers("lif", 5, 3);
        let old = |schema: u32| json!({ "schema": schema, "synfire": "0.1.0", "network": network, "input": [8, 8], "classes": 10 });
        let (read, transposed) = parse(old(1)).unwrap();
        assert!(transposed);
        assert_eq!((read.kind.as_str(), read.model, read.outputs), ("network", network.clone(), 10));
        let error = parse(old(4)).unwrap_err().to_string();
        assert!(error.contains("written in schema 4, this version reads schemas 1 to 3"), "{error}");
        let mut other = serde_json::to_value(old(2)).unwrap();
        other["kind"] = json!("NetConfig");
        assert!(parse(other).unwrap_err().to_string().contains("expected one of `network`"));
    }

    #[test]
    fn since_schema_3_a_description_has_the_checksum_of_its_file() {
        let new = Description::of(NetworkConfig::two_layers("lif", 5, 3), vec![8, 8], 10);
        let whole = checksum::seal(new.to_json().unwrap().into_bytes()).unwrap();
        let parse = |bytes: &[u8], checksum| {
            Description::<NetworkConfig>::parse(std::str::from_utf8(bytes).unwrap(), bytes, checksum, Path::new("a"))
        };
        let read = |bytes: &[u8]| parse(bytes, Checksum::Required);
        assert_eq!(read(&whole).unwrap(), (new.clone(), false));
        let changed = String::from_utf8(whole.clone()).unwrap().replace("\"steps\":3", "\"steps\":4");
        assert_ne!(changed.as_bytes(), whole);
        let without = serde_json::to_string(&new).unwrap();
        assert_eq!(parse(without.as_bytes(), Checksum::Optional).unwrap(), (new, false));
        assert!(parse(changed.as_bytes(), Checksum::Optional).unwrap_err().to_string().contains("remove `sha256`"));
        for damaged in [changed, without] {
            let error = read(damaged.as_bytes()).unwrap_err().to_string();
            assert!(error.contains("does not match its checksum; copy the file again"), "{error}");
        }
    }
}
