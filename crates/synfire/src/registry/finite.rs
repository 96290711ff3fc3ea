//! Values of configuration files, which JSON can hold: TOML has `inf` and `nan` too.

use core::fmt;
use serde::Deserializer;
use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Reads a value of any type. A number that is not finite is refused with the key under which it stands.
pub(crate) fn finite<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    Under("").deserialize(deserializer)
}

/// A value under a key.
struct Under<'a>(&'a str);

impl<'de> DeserializeSeed<'de> for Under<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Under<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number, a text, true or false, a list or a table")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        if value.is_finite() {
            return Ok(value.into());
        }
        let key = if self.0.is_empty() { String::new() } else { format!("`{}` is ", self.0) };
        Err(E::custom(format!("{key}{value}; expected a finite number")))
    }

    fn visit_f32<E: Error>(self, value: f32) -> Result<Value, E> {
        self.visit_f64(value.into())
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(Under(self.0))? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut table: A) -> Result<Value, A::Error> {
        let mut values = Map::new();
        while let Some(key) = table.next_key::<String>()? {
            let path = if self.0.is_empty() { key.clone() } else { format!("{}.{key}", self.0) };
            values.insert(key, table.next_value_seed(Under(&path))?);
        }
        Ok(Value::Object(values))
    }
}

#[cfg(test)]
mod tests {
    use crate::coding::Encoder;
    use crate::network::LayerConfig;

    #[test]
    fn numbers_that_are_not_finite_are_named_with_their_key() {
        for (layer, words) in [
            ("neuron = \"lif\"\ntau_m = inf", "`tau_m` is inf; expected a finite number"),
            ("neuron = \"lif\"\ntau_m = { value = nan }", "`tau_m.value` is NaN; expected a finite number"),
            ("neuron = \"lif\"\ntau_m = [1.0, -inf]", "`tau_m` is -inf; expected a finite number"),
        ] {
            let error = toml::from_str::<LayerConfig>(layer).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
        let encoder = "{ name = \"poisson\", unit_conversion = inf }".parse::<Encoder>().unwrap_err().to_string();
        assert!(encoder.contains("`unit_conversion` is inf"), "{encoder}");
        let layer = "neuron = \"lif\"\ntau_m = { value = 2.1, learn = true, per = \"neuron\" }";
        let json = r#"{"neuron":"lif","tau_m":{"value":2.1,"learn":true,"per":"neuron"}}"#;
        assert_eq!(toml::from_str::<LayerConfig>(layer).unwrap(), serde_json::from_str(json).unwrap());
    }
}
