//! Spellings and messages of configuration files for people.

use super::finite;
use serde::Deserializer;
use serde::de::{DeserializeOwned, Error};
use serde_json::{Map, Value};

/// Reads a table with a `name`, or the name alone: `"adam"` is `{ name = "adam" }`.
pub(crate) fn word_or_table<'de, T: DeserializeOwned, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let table = match finite(deserializer)? {
        Value::String(name) => Map::from_iter([("name".to_string(), Value::String(name))]),
        Value::Object(table) if table.contains_key("name") => table,
        other => {
            let problem = format!("{other}: expected a name, or a table {{ name = \"..\", .. }} with settings");
            return Err(D::Error::custom(problem));
        }
    };
    serde_json::from_value(Value::Object(table)).map_err(|error| D::Error::custom(plain(&error.to_string())))
}

/// Names that messages of serde have for types, and what people call them.
const TYPES: &[(&str, &str)] = &[
    ("expected usize", "expected a whole number, 0 or more"),
    ("expected u64", "expected a whole number, 0 or more"),
    ("expected u32", "expected a whole number, 0 or more"),
    ("expected u16", "expected a whole number, 0 or more"),
    ("expected i64", "expected a whole number"),
    ("expected f32", "expected a number"),
    ("expected f64", "expected a number"),
    ("expected a boolean", "expected true or false"),
    ("expected a sequence", "expected a list"),
    ("expected a map", "expected a table"),
    ("expected unit", "expected nothing"),
    ("invalid type: floating point `", "`"),
    ("invalid type: integer `", "`"),
    ("invalid type: boolean `", "`"),
    ("invalid type: string \"", "\""),
    ("invalid value: integer `", "`"),
    ("invalid value: floating point `", "`"),
    ("invalid value: string \"", "\""),
    ("invalid type: map", "a table"),
    ("invalid type: sequence", "a list"),
];

/// A message of serde in plain words: `expected usize` becomes `expected a whole number, 0 or more`.
#[must_use]
pub fn plain(message: &str) -> String {
    let mut plain =
        TYPES.iter().fold(message.to_string(), |message, (type_name, words)| message.replace(type_name, words));
    // `expected struct NetworkConfig`: people know tables, not structs
    for kind in ["expected struct ", "expected internally tagged enum ", "expected enum "] {
        while let Some(at) = plain.find(kind) {
            let name = plain[at + kind.len()..].find(|c: char| !c.is_alphanumeric() && c != '_');
            let end = name.map_or(plain.len(), |name| at + kind.len() + name);
            plain.replace_range(at..end, "expected a table");
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::plain;
    use crate::train::{Optimizer, Schedule, TrainingConfig};

    #[test]
    fn types_are_called_what_people_call_them() {
        let say = |toml: &str| plain(&toml::from_str::<TrainingConfig>(toml).unwrap_err().to_string());
        for (toml, words) in [
            ("epochs = 2.5", "`2.5`, expected a whole number, 0 or more"),
            ("epochs = -1", "`-1`, expected a whole number, 0 or more"),
            ("learning_rate = \"fast\"", "\"fast\", expected a number"),
            ("freeze = \"a\"", "\"a\", expected a list"),
            ("optimizer = 3", "3: expected a name, or a table { name = \"..\", .. }"),
            ("schedule = \"cosinus\"", "unknown variant `cosinus`, expected one of `constant`, `cosine`, `step`"),
        ] {
            let said = say(toml);
            assert!(said.contains(words), "{toml}: {said}");
        }
        assert_eq!(
            plain("invalid type: integer `3`, expected struct NetworkConfig at line 1"),
            "`3`, expected a table at line 1"
        );
    }

    #[test]
    fn words_stand_for_tables() {
        let read = |toml: &str| toml::from_str::<TrainingConfig>(toml).unwrap();
        for (word, table) in [
            ("optimizer = \"adam\"", "optimizer = { name = \"adam\" }"),
            ("optimizer = \"adamw\"", "optimizer = { name = \"adam_w\" }"),
            ("optimizer = \"sgd\"", "optimizer = { name = \"sgd\", momentum = 0.0 }"),
            ("schedule = \"constant\"", "schedule = { name = \"constant\" }"),
            ("schedule = \"cosine\"", "schedule = { name = \"cosine\", minimum = 0.0 }"),
        ] {
            assert_eq!(read(word), read(table), "{word}");
        }
        assert_eq!(read("optimizer = \"sgd\"").optimizer, Optimizer::Sgd { momentum: 0.0 });
        assert_eq!(read("schedule = \"cosine\"").schedule, Schedule::Cosine { minimum: 0.0 });
    }
}
