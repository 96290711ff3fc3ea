//! A parameter's configuration as files write it: a number, a list or a table.

use super::{ParameterConfig, ParameterValue, Per};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use serde_json::Value;

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Value(ParameterValue),
    Table(Table),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    value: Option<ParameterValue>,
    learn: Option<bool>,
    per: Option<Per>,
    range: Option<[f32; 2]>,
}

const EXPECTED: &str = "expected a number, a list with a number per neuron, or a table \
    { value = 1.0, learn = true, per = \"neuron\", range = [0.5, 2.0] } with `per` one of \"layer\", \"channel\", \"neuron\"";

impl ParameterConfig {
    /// Reads what a file says; the message goes on after the name of the parameter.
    pub(super) fn read(value: &Value) -> Result<Self, String> {
        let written = serde_json::from_value(value.clone()).map_err(|_| format!("is {value}; {EXPECTED}"))?;
        match written {
            Written::Value(value) => Ok(value.into()),
            Written::Table(Table { value: Some(ParameterValue::Each(_)), per: Some(Per::Layer), .. }) => {
                Err(format!("is {value}; a list goes with `per = \"neuron\"` or `per = \"channel\"`"))
            }
            Written::Table(Table { value, learn, per, range }) => Ok(ParameterConfig { value, learn, per, range }),
        }
    }
}

impl<'de> Deserialize<'de> for ParameterConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::read(&Value::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl Serialize for ParameterConfig {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ParameterConfig { value, learn, per, range } = self;
        if let (Some(value), None, None, None) = (value, learn, per, range) {
            return value.serialize(serializer);
        }
        let mut table = serializer.serialize_map(None)?;
        if let Some(value) = value {
            table.serialize_entry("value", value)?;
        }
        if let Some(learn) = learn {
            table.serialize_entry("learn", learn)?;
        }
        if let Some(per) = per {
            table.serialize_entry("per", per)?;
        }
        if let Some(range) = range {
            table.serialize_entry("range", range)?;
        }
        table.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_say_what_rust_says() {
        for (config, json) in [
            (2.1.into(), "2.1"),
            ([3.0, 6.0].into(), "[3.0,6.0]"),
            (ParameterConfig::new(), "{}"),
            (ParameterConfig::fixed(2.0), r#"{"value":2.0,"learn":false}"#),
            (ParameterConfig::learnable(2.0).per_channel(), r#"{"value":2.0,"learn":true,"per":"channel"}"#),
            (ParameterConfig::new().learn().within(1.5, 50.0), r#"{"learn":true,"range":[1.5,50.0]}"#),
        ] {
            assert_eq!(serde_json::to_string(&config).unwrap(), json);
            assert_eq!(serde_json::from_str::<ParameterConfig>(json).unwrap(), config);
        }
        let wrong = serde_json::from_str::<ParameterConfig>(r#"{"rang":[1.0,2.0]}"#).unwrap_err().to_string();
        assert!(wrong.contains("rang") && wrong.contains("range = [0.5, 2.0]"), "{wrong}");
    }
}
