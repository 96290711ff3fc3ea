//! Differences of configurations.

use crate::Error;
use crate::folder::Folder;
use crate::overview::compare::MOST;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use toml::Value;

/// A key whose value is not the same in all runs.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Difference {
    pub(crate) key: String,
    /// The value in each run, as it is written; empty where it has none.
    pub(crate) values: Vec<String>,
}

/// Keys in which the configurations of some runs differ.
pub(crate) fn differences(folder: &Folder, ids: &[String]) -> Result<Vec<Difference>, Error> {
    if ids.len() > MOST {
        return Err(Error::Request(format!("{} runs are chosen; expected at most {MOST}", ids.len())));
    }
    let keys = |id: &String| {
        let path = folder.run(id)?.path.join("config.toml");
        let refuse = |problem: String| Error::Path { path: path.clone(), problem };
        let text = std::fs::read_to_string(&path).map_err(|error| refuse(format!("could not be read: {error}")))?;
        let table: toml::Table = toml::from_str(&text).map_err(|error| refuse(error.to_string()))?;
        let mut keys = BTreeMap::new();
        flatten(String::new(), &Value::Table(table), &mut keys);
        Ok(keys)
    };
    Ok(between(&ids.iter().map(keys).collect::<Result<Vec<_>, Error>>()?))
}

fn between(runs: &[BTreeMap<String, String>]) -> Vec<Difference> {
    let all: BTreeSet<&String> = runs.iter().flat_map(BTreeMap::keys).collect();
    let values = |key: &String| runs.iter().map(|run| run.get(key).cloned().unwrap_or_default()).collect();
    let all = all.into_iter().map(|key| Difference { key: key.clone(), values: values(key) });
    all.filter(|difference| difference.values.windows(2).any(|pair| pair[0] != pair[1])).collect()
}

/// Adds the keys of a value: `network.layers.1.tau_m.value`.
fn flatten(path: String, value: &Value, keys: &mut BTreeMap<String, String>) {
    let under = |name: &str| if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
    match value {
        Value::Table(table) => table.iter().for_each(|(name, value)| flatten(under(name), value, keys)),
        Value::Array(items) if items.iter().any(Value::is_table) => {
            items.iter().enumerate().for_each(|(i, value)| flatten(under(&i.to_string()), value, keys));
        }
        Value::String(word) => {
            keys.insert(path, word.clone());
        }
        other => {
            keys.insert(path, other.to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_differ_are_named_with_their_values() {
        let read = |text: &str| {
            let mut keys = BTreeMap::new();
            flatten(String::new(), &Value::Table(toml::from_str(text).unwrap()), &mut keys);
            keys
        };
        let found = between(&[
            read("a = 1\n[[layers]]\nlinear = 3\n[[layers]]\nneuron = \"lif\"\ntau_m = 2.0"),
            read("a = 1\n[[layers]]\nlinear = 4\n[[layers]]\nneuron = \"lif\""),
        ]);
        let of =
            |key: &str, values: [&str; 2]| Difference { key: key.into(), values: values.map(String::from).to_vec() };
        assert_eq!(found, [of("layers.0.linear", ["3", "4"]), of("layers.1.tau_m", ["2.0", ""])]);
    }
}
