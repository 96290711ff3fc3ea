//! Map files: which tensor becomes which parameter, where the built-in rules do not know.

use crate::Error;
use crate::exchange::Framework;
use crate::exchange::leak::Quantity;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// A map from the tensors of a state dict to the parameters of a network. What it does not name is paired by the rules
/// of the framework.
///
/// ```
/// use synfire::exchange::StateMap;
///
/// let map: StateMap = toml::from_str(r#"
///     from = "torch"                                             # told by the names in the file if not given
///     drop = ["aux.*"]                                           # tensors that are left out, by pattern
///
///     [parameters]
///     "layers.0.weight" = "encoder.fc.weight"
///     "layers.1.tau_m" = { key = "membrane.beta", as = "decay" } # value, decay, logit, steps or inverse_seconds
/// "#).unwrap();
/// assert_eq!(map.parameters["layers.1.tau_m"].key(), "membrane.beta");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct StateMap {
    /// Framework whose rules hold for the rest; told by the names in the state dict if not given.
    pub from: Option<Framework>,
    /// Patterns of tensors that are left out.
    pub drop: Vec<String>,
    /// Tensors by the name of the parameter that they become.
    pub parameters: BTreeMap<String, Source>,
}

/// The tensor that becomes a parameter.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(
    untagged,
    expecting = "expected the name of a tensor, or a table { key = \"lif1.beta\", as = \"decay\" } with `as` \
    one of value, decay, logit, steps, inverse_seconds"
)]
pub enum Source {
    /// Its name; the values are those of the parameter.
    Key(String),
    /// Its name, and the meaning of its values.
    As(SourceAs),
}

/// A tensor and the meaning of its values.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceAs {
    /// Name of the tensor.
    pub key: String,
    /// Meaning of its values.
    #[serde(rename = "as", default)]
    pub quantity: Quantity,
}

impl Source {
    /// Name of the tensor.
    #[must_use]
    pub fn key(&self) -> &str {
        match self {
            Source::Key(key) | Source::As(SourceAs { key, .. }) => key,
        }
    }

    /// Meaning of its values.
    #[must_use]
    pub fn quantity(&self) -> Quantity {
        match self {
            Source::Key(_) => Quantity::Value,
            Source::As(SourceAs { quantity, .. }) => *quantity,
        }
    }
}

impl StateMap {
    /// Reads a map file.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if it is not there, or no map.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let text = std::fs::read_to_string(path)
            .map_err(|error| Error::file(path, format!("could not be read: {error}; expected a map in TOML")))?;
        toml::from_str(&text).map_err(|error| Error::file(path, error.to_string()))
    }
}
