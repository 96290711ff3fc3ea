//! The description of a model in a file.

use crate::Error;
use crate::network::NetworkConfig;
use crate::train::BuildModel;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Version of the descriptions that are written. Versions from 1 on are read, others are refused.
pub const SCHEMA: u32 = 3;
const OLDEST: u32 = 1;

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
}

impl<C: BuildModel> Description<C> {
    pub(super) fn of(model: C, input: Vec<usize>, outputs: usize) -> Self {
        let synfire = env!("CARGO_PKG_VERSION").to_string();
        Description { schema: SCHEMA, synfire, kind: C::name(), model, input, outputs }
    }

    /// The description out of its JSON, if it is of a known schema and of this model, and whether its file keeps the
    /// weights of linear layers as `[inputs, outputs]`, as those of schemas 1 and 2 do.
    pub(super) fn parse(json: &str, origin: &Path) -> Result<(Self, bool), Error> {
        let damaged = |error: serde_json::Error| Error::file(origin, format!("its description is damaged: {error}"));
        let Head { schema, kind } = serde_json::from_str(json).map_err(damaged)?;
        if !(OLDEST..=SCHEMA).contains(&schema) {
            return Err(Error::file(
                origin,
                format!(
                    "was written in schema {schema}, this version reads schemas {OLDEST} to {SCHEMA}; export it again with the version that wrote it"
                ),
            ));
        }
        if kind != C::name() {
            let problem = format!("holds a model of `{kind}`; expected one of `{}`", C::name());
            return Err(Error::file(origin, problem));
        }
        let description = serde_json::from_str(json).map_err(damaged)?;
        Ok((Description { schema: SCHEMA, ..description }, schema < 3))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn parse(json: serde_json::Value) -> Result<(Description, bool), Error> {
        Description::parse(&json.to_string(), Path::new("a.bpk"))
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
        let new = Description::of(network, vec![8, 8], 10);
        assert_eq!(parse(serde_json::to_value(&new).unwrap()).unwrap(), (new.clone(), false));
        let mut other = serde_json::to_value(&new).unwrap();
        other["kind"] = json!("NetConfig");
        assert!(parse(other).unwrap_err().to_string().contains("expected one of `network`"));
    }
}
