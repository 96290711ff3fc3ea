//! A layer of neurons as a configuration file writes it.

use super::{Neuron, NeuronConfig, ParameterConfig, Per};
use crate::Error;
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use synfire_dynamics::{FieldInfo, Fields};

/// Settings, parameters and initial states of a layer, as in a configuration file.
pub type Settings = BTreeMap<String, Value>;

/// The ways of writing a number of a layer.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Number(f32),
    List(Vec<f32>),
    Table(Table),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    value: Option<OneOrEach>,
    learn: Option<bool>,
    per: Option<Per>,
    range: Option<[f32; 2]>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrEach {
    One(f32),
    Each(Vec<f32>),
}

const EXPECTED: &str = "expected a number, a list with a number per neuron, or a table \
    { value = 1.0, learn = true, per = \"neuron\", range = [0.5, 2.0] } with `per` one of \"layer\", \"channel\", \"neuron\"";

impl Written {
    /// What is said of a number, and its list if it has one.
    fn read(value: &Value) -> Result<(ParameterConfig, Option<Vec<f32>>), String> {
        let written = serde_json::from_value(value.clone()).map_err(|_| format!("is {value}; {EXPECTED}"))?;
        let Table { value: number, learn, per, range } = match written {
            Written::Number(value) => Table { value: Some(OneOrEach::One(value)), learn: None, per: None, range: None },
            Written::List(list) => Table { value: Some(OneOrEach::Each(list)), learn: None, per: None, range: None },
            Written::Table(table) => table,
        };
        let (value, list) = match number {
            Some(OneOrEach::Each(_)) if per == Some(Per::Layer) => {
                return Err(format!("is {value}; a list goes with `per = \"neuron\"` or `per = \"channel\"`"));
            }
            Some(OneOrEach::Each(list)) => (None, Some(list)),
            Some(OneOrEach::One(value)) => (Some(value), None),
            None => (None, None),
        };
        let per = per.unwrap_or(if list.is_some() { Per::Neuron } else { Per::Layer });
        Ok((ParameterConfig { value, learn, per, range }, list))
    }
}

/// What is said of the fields of a record, and their lists by name.
struct Group {
    prefix: &'static str,
    infos: &'static [FieldInfo],
    configs: Vec<ParameterConfig>,
    lists: BTreeMap<String, Vec<f32>>,
}

impl Group {
    fn new(prefix: &'static str, infos: &'static [FieldInfo]) -> Self {
        Group { prefix, infos, configs: vec![ParameterConfig::default(); infos.len()], lists: BTreeMap::new() }
    }

    /// Takes a number in, if there is a field of that name.
    fn take(&mut self, key: &str, value: &Value) -> Option<Result<(), String>> {
        let i = self.infos.iter().position(|info| info.name == key)?;
        Some(Written::read(value).map(|(config, list)| {
            self.configs[i] = config;
            self.lists.extend(list.map(|list| (format!("{}{key}", self.prefix), list)));
        }))
    }

    /// Takes a table of numbers in, by the names of the fields.
    fn take_all(&mut self, table: &Value, place: &str, refuse: impl Fn(String, String) -> Error) -> Result<(), Error> {
        let example = "{ v = { value = 0.0, learn = true } }";
        let Some(table) = table.as_object() else {
            return Err(refuse("initial".to_string(), format!("is {table}; expected a table by state, {example}")));
        };
        for (key, value) in table {
            match self.take(key, value) {
                Some(taken) => taken.map_err(|problem| refuse(format!("{}{key}", self.prefix), problem))?,
                None => return Err(Error::unknown("state", key, &format!("`initial` of {place}"), self.names())),
            }
        }
        Ok(())
    }

    fn names(&self) -> impl Iterator<Item = String> {
        self.infos.iter().map(|info| info.name.to_string())
    }
}

impl<D: Neuron> NeuronConfig<D> {
    /// Reads settings, parameters and initial states as a configuration file writes them, side by side.
    pub(super) fn from_settings(layer: &str, settings: &Settings, dt: f32) -> Result<Self, Error> {
        let mut parameters = Group::new("", <D::Params<f32> as Fields<f32>>::INFO);
        let mut initial = Group::new("initial.", <D::State<f32> as Fields<f32>>::INFO);
        // what is not said has its default, whether or not the model's `Deserialize` knows that
        let mut model = serde_json::to_value(D::default()).unwrap_or_default();
        let known: Vec<String> = model.as_object().into_iter().flat_map(|map| map.keys().cloned()).collect();
        let name = format!("`{}`", D::NAME);
        let place = if layer == name { name } else { format!("{layer} ({name})") };
        for (key, value) in settings {
            let refuse = |key: String, problem: String| Error::Setting { layer: layer.to_string(), key, problem };
            if let Some(taken) = parameters.take(key, value) {
                taken.map_err(|problem| refuse(key.clone(), problem))?;
            } else if key == "initial" {
                initial.take_all(value, &place, refuse)?;
            } else if known.contains(key) {
                model[key] = value.clone();
                serde_json::from_value::<D>(model.clone())
                    .map_err(|error| refuse(key.clone(), format!("is {value}: {error}")))?;
            } else {
                let known = parameters.names().chain(known).chain(["initial".to_string()]);
                return Err(Error::unknown("setting", key, &place, known));
            }
        }
        let model = serde_json::from_value(model)
            .map_err(|error| Error::Parameters { model: D::NAME.to_string(), problem: error.to_string() })?;
        let lists = parameters.lists.into_iter().chain(initial.lists).collect();
        Ok(NeuronConfig {
            model,
            parameters: Fields::from_fn(|i| parameters.configs[i]),
            initial: Fields::from_fn(|i| initial.configs[i]),
            lists,
            dt,
        })
    }
}
