//! Recorded activity, `NIRGraphData`.

use crate::{Array, Group, NirError, Value, hdf5, save};
use std::collections::BTreeMap;
use std::path::Path;

/// Activity of the nodes of a network, as `nir.read_data` of the reference implementation takes it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recorded {
    /// Observables by name (`spikes`, `v`), by name of the node.
    pub nodes: BTreeMap<String, BTreeMap<String, Observable>>,
}

/// A quantity of a node over time.
#[derive(Clone, Debug, PartialEq)]
pub enum Observable {
    /// A value for every sample, step and neuron.
    Gridded {
        /// `[samples, steps, neurons]`
        data: Array,
        /// Time step in seconds.
        dt: f64,
    },
    /// Spikes as a list.
    Events {
        /// Neuron of each spike, `[spikes]`, or sample and neuron as the program that wrote it sees fit.
        index: Array,
        /// Time of each spike in seconds, `[spikes]`.
        time: Array,
        /// Value of each event, where they have one.
        value: Option<Array>,
        /// Number of neurons.
        neurons: usize,
        /// Length of the recording in seconds.
        duration: f64,
    },
}

const TYPE: &str = "__type__";
const GRAPH: &str = "NIRGraphData";
const NODE: &str = "NIRNodeData";

impl Recorded {
    /// Reads a file. Nodes of nested graphs are called `graph.node`.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or holds something else.
    pub fn read(path: &Path) -> Result<Self, NirError> {
        let bytes = std::fs::read(path).map_err(NirError::io("read", path))?;
        Recorded::from_bytes(bytes).map_err(|error| error.within(path))
    }

    /// As [`read`](Self::read), from the bytes of a file.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn from_bytes(bytes: Vec<u8>) -> Result<Self, NirError> {
        let mut recorded = Recorded::default();
        recorded.graph("", &hdf5::decode(bytes)?)?;
        Ok(recorded)
    }

    /// Writes a file, whole or not at all.
    ///
    /// # Errors
    ///
    /// If a name cannot stand in a file, or the file cannot be written.
    pub fn write(&self, path: &Path) -> Result<(), NirError> {
        let bytes = self.to_bytes().map_err(|error| error.within(path))?;
        save::whole(path, &bytes)
    }

    /// The bytes of a file.
    ///
    /// # Errors
    ///
    /// If a name cannot stand in a file.
    pub fn to_bytes(&self) -> Result<Vec<u8>, NirError> {
        let names = self.nodes.keys().chain(self.nodes.values().flat_map(BTreeMap::keys));
        if let Some(name) = names.into_iter().find(|name| name.is_empty() || name.contains('/')) {
            return Err(NirError::graph(name, "has a name that files cannot hold", "give it a name without `/`"));
        }
        let node = |observables: &BTreeMap<String, Observable>| {
            let groups = observables.iter().map(|(name, observable)| (name.clone(), observable.to_group())).collect();
            typed(NODE, [("observables", Group { groups, ..Group::default() })])
        };
        let groups = self.nodes.iter().map(|(name, observables)| (name.clone(), node(observables))).collect();
        hdf5::encode(&typed(GRAPH, [("nodes", Group { groups, ..Group::default() })]))
    }

    fn graph(&mut self, path: &str, group: &Group) -> Result<(), NirError> {
        expect_type(path.trim_end_matches('.'), group, &[GRAPH])?;
        for (name, node) in inside(path, group, "nodes")? {
            let place = format!("{path}{name}");
            if expect_type(&place, node, &[NODE, GRAPH])? == GRAPH {
                self.graph(&format!("{place}."), node)?;
                continue;
            }
            let observables = inside(&place, node, "observables")?;
            let read = observables.iter().map(|(name, group)| Ok((name.clone(), observable(&place, name, group)?)));
            self.nodes.insert(place.clone(), read.collect::<Result<_, NirError>>()?);
        }
        Ok(())
    }
}

impl Observable {
    fn to_group(&self) -> Group {
        let mut group = match self {
            Observable::Gridded { data, .. } => typed("TimeGriddedData", []).with("data", data.clone()),
            Observable::Events { index, time, value: None, .. } => {
                typed("EventData", []).with("idx", index.clone()).with("time", time.clone())
            }
            Observable::Events { index, time, value: Some(value), .. } => typed("ValuedEventData", [])
                .with("idx", index.clone())
                .with("time", time.clone())
                .with("value", value.clone()),
        };
        let numbers = match self {
            Observable::Gridded { dt, .. } => vec![("dt", Array::double(*dt))],
            Observable::Events { neurons, duration, .. } => {
                vec![("n_neurons", Array::integer(*neurons as i64)), ("t_max", Array::double(*duration))]
            }
        };
        group.attributes.extend(numbers.into_iter().map(|(name, number)| (name.to_string(), number.into())));
        group
    }
}

fn typed<const N: usize>(kind: &str, groups: [(&str, Group); N]) -> Group {
    let groups = groups.into_iter().map(|(name, group)| (name.to_string(), group)).collect();
    let attributes = BTreeMap::from([(TYPE.to_string(), kind.into())]);
    Group { groups, attributes, ..Group::default() }
}

fn place_of(place: &str) -> &str {
    if place.is_empty() { "graph" } else { place }
}

fn expect_type<'a>(place: &str, group: &'a Group, kinds: &[&str]) -> Result<&'a str, NirError> {
    match group.attributes.get(TYPE) {
        Some(Value::Text(kind)) if kinds.contains(&kind.as_str()) => Ok(kind),
        found => {
            let found = found.map_or("is missing".to_string(), |value| format!("is {}", value.describe()));
            let expected = format!("the attribute `{}`; is it a file of recorded activity?", kinds.join("` or `"));
            Err(NirError::field(place_of(place), TYPE, found, expected))
        }
    }
}

fn inside<'a>(place: &str, group: &'a Group, name: &str) -> Result<&'a BTreeMap<String, Group>, NirError> {
    let inner = group.groups.get(name).map(|inner| &inner.groups);
    inner.ok_or_else(|| NirError::field(place_of(place.trim_end_matches('.')), name, "is missing", "a group"))
}

fn observable(node: &str, name: &str, group: &Group) -> Result<Observable, NirError> {
    let numbers = |field: &str, value: Option<&Value>| match value {
        Some(Value::Numbers(array)) => Ok(array.clone()),
        other => {
            let found = other.map_or("is missing".to_string(), |value| format!("is {}", value.describe()));
            Err(NirError::field(node, format!("{name}.{field}"), found, "numbers"))
        }
    };
    let array = |field: &str| numbers(field, group.values.get(field));
    let number = |field: &str| match numbers(field, group.attributes.get(field))?.values() {
        [value] => Ok(*value),
        _ => Err(NirError::field(node, format!("{name}.{field}"), "is a list", "one number")),
    };
    let kind = expect_type(node, group, &["TimeGriddedData", "EventData", "ValuedEventData"])?;
    if kind == "TimeGriddedData" {
        return Ok(Observable::Gridded { data: array("data")?, dt: number("dt")? });
    }
    let neurons = number("n_neurons")?;
    if neurons.fract() != 0.0 || !(0.0..=1e15).contains(&neurons) {
        return Err(NirError::field(node, format!("{name}.n_neurons"), format!("is {neurons}"), "a number of neurons"));
    }
    let value = (kind == "ValuedEventData").then(|| array("value")).transpose()?;
    let (index, time) = (array("idx")?, array("time")?);
    if index.len() != time.len() || value.as_ref().is_some_and(|value| value.len() != time.len()) {
        let found = format!("has {} values for {} times", index.len(), time.len());
        return Err(NirError::field(node, format!("{name}.idx"), found, "one for each time"));
    }
    Ok(Observable::Events { index, time, value, neurons: neurons as usize, duration: number("t_max")? })
}
