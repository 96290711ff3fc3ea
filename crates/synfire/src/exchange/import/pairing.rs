//! Pairs of modules and layers.

use super::modules::Module;
use crate::Error;
use crate::exchange::StateDict;
use crate::exchange::framework::{Kind, Use};
use crate::exchange::leak::Quantity;
use crate::network::{LayerConfig, NetworkConfig};
use std::collections::HashMap;

/// A tensor for a parameter.
#[derive(Clone, Debug)]
pub(super) struct Assignment {
    /// Index of the layer.
    pub(super) layer: usize,
    /// `tau_m`
    pub(super) parameter: String,
    pub(super) key: String,
    pub(super) quantity: Quantity,
    /// Whether it is a rule's, and not one of a map file.
    pub(super) by_rule: bool,
}

impl Assignment {
    /// `layers.1.tau_m`
    pub(super) fn name(&self) -> String {
        format!("layers.{}.{}", self.layer, self.parameter)
    }
}

/// A module and its layer, by index.
#[derive(Debug)]
pub(super) struct Pair<'a> {
    pub(super) module: Module<'a>,
    pub(super) layer: usize,
}

impl Pair<'_> {
    /// Parameters that the module's tensors become.
    pub(super) fn assignments(&self) -> impl Iterator<Item = Assignment> {
        self.module.tensors.iter().filter_map(|(tensor, becomes)| match becomes {
            Use::Parameter(parameter, quantity) => Some(Assignment {
                layer: self.layer,
                parameter: (*parameter).to_string(),
                key: tensor.key.clone(),
                quantity: *quantity,
                by_rule: true,
            }),
            Use::Reset | Use::One | Use::Drop => None,
        })
    }
}

/// Kind of a layer; none of layers without parameters.
pub(super) fn kind(layer: &LayerConfig) -> Option<Kind> {
    match layer.kind.name() {
        "linear" | "conv1d" | "conv2d" | "conv_transpose2d" => Some(Kind::Connection),
        "batch_norm" | "layer_norm" | "group_norm" => Some(Kind::Norm),
        "neuron" => Some(Kind::Neurons),
        _ => None,
    }
}

/// Pairs modules with layers of their kind: those of the same name, and the rest in order. Layers of the indices `taken`
/// are left out.
pub(super) fn pairs<'a>(
    state: &StateDict,
    modules: Vec<Module<'a>>,
    config: &NetworkConfig,
    taken: &[usize],
) -> Result<Vec<Pair<'a>>, Error> {
    let mut pairs = vec![];
    let (named, rest): (Vec<_>, Vec<_>) =
        modules.into_iter().partition(|module| layer_of_name(config, module).is_some());
    for module in named {
        if let Some(layer) = layer_of_name(config, &module) {
            pairs.push(Pair { module, layer });
        }
    }
    let free = |i: &usize| !taken.contains(i) && !pairs.iter().any(|pair: &Pair<'_>| pair.layer == *i);
    let free: Vec<usize> = (0..config.layers.len()).filter(free).collect();
    for of in [Kind::Connection, Kind::Norm, Kind::Neurons] {
        let layers: Vec<usize> = free.iter().copied().filter(|&i| kind(&config.layers[i]) == Some(of)).collect();
        let modules: Vec<Module<'a>> = rest.iter().filter(|module| module.kind == of).cloned().collect();
        if modules.is_empty() {
            continue;
        }
        if modules.len() != layers.len() {
            return Err(state.refuse(format!(
                "has {} {} ({}), the network has {} for them ({}); give its layers the names of the modules, `name = \"{}\"`, \
                 or pair them in a map file",
                modules.len(),
                of.plural(),
                list(modules.iter().map(|module| module.name.to_string())),
                layers.len(),
                list(layers.iter().map(|i| format!("layers.{i}"))),
                modules[0].name,
            )));
        }
        if !state.is_ordered() {
            refuse_unordered(state, &modules)?;
        }
        pairs.extend(modules.into_iter().zip(layers).map(|(module, layer)| Pair { module, layer }));
    }
    Ok(pairs)
}

fn layer_of_name(config: &NetworkConfig, module: &Module<'_>) -> Option<usize> {
    let named = |layer: &LayerConfig| layer.name.as_deref() == Some(module.name) && kind(layer) == Some(module.kind);
    config.layers.iter().position(named)
}

/// Refuses modules that only the order of a file would tell apart, where the file has none: those with weights of the same
/// shape, unless their names are numbered.
fn refuse_unordered(state: &StateDict, modules: &[Module<'_>]) -> Result<(), Error> {
    let shape =
        |module: &Module<'_>| module.tensors.iter().map(|(tensor, _)| tensor.shape.clone()).max_by_key(Vec::len);
    let stem = |name: &str| name.trim_end_matches(|c: char| c.is_ascii_digit()).to_string();
    let mut first = HashMap::new();
    for module in modules {
        let other: &str = first.entry(shape(module)).or_insert(module.name);
        if stem(other) != stem(module.name) {
            return Err(state.refuse(format!(
                "is sorted by name, and `{other}` and `{}` have the same shapes: their order is not known; give the layers \
                 of the network the names of the modules, `name = \"{other}\"`",
                module.name
            )));
        }
    }
    Ok(())
}

fn list(names: impl Iterator<Item = String>) -> String {
    let names: Vec<String> = names.collect();
    match names.len() {
        0 => "none".to_string(),
        1..=8 => names.join(", "),
        more => format!("{}, and {} more", names[..8].join(", "), more - 8),
    }
}
