//! Modules of a state dict: tensors by the names in front of theirs.

use crate::exchange::framework::{Framework, Kind, Use, prefix};
use crate::exchange::{StateDict, StateTensor};
use std::collections::HashMap;

/// A module with the tensors that a rule knows.
#[derive(Clone, Debug)]
pub(super) struct Module<'a> {
    /// `lif1`; empty for a state dict of one module.
    pub(super) name: &'a str,
    pub(super) kind: Kind,
    pub(super) tensors: Vec<(&'a StateTensor, Use)>,
}

impl Framework {
    /// The modules of a state dict, in its order. Tensors that no rule knows are in none.
    pub(super) fn modules(self, state: &StateDict) -> Vec<Module<'_>> {
        let mut modules: Vec<Module<'_>> = vec![];
        let mut places = HashMap::new();
        for tensor in state.tensors() {
            let Some((name, kind, becomes)) = self.place(state, tensor) else { continue };
            let place = *places.entry((name, kind)).or_insert(modules.len());
            if place == modules.len() {
                modules.push(Module { name, kind, tensors: vec![] });
            }
            modules[place].tensors.push((tensor, becomes));
        }
        modules
    }

    /// Name and kind of a tensor's module, and what becomes of the tensor.
    fn place<'a>(self, state: &StateDict, tensor: &'a StateTensor) -> Option<(&'a str, Kind, Use)> {
        [Kind::Neurons, Kind::Norm, Kind::Connection].into_iter().find_map(|kind| {
            self.rules(kind).iter().find_map(|rule| {
                let name = prefix(&tensor.key, rule.end)?;
                self.is_kind(state, name, kind).then_some((name, kind, rule.becomes))
            })
        })
    }

    /// Whether the module of this name is of a kind, by what else it has.
    fn is_kind(self, state: &StateDict, module: &str, kind: Kind) -> bool {
        let get = |end: &str| match module {
            "" => state.get(end),
            _ => state.get(&format!("{module}.{end}")),
        };
        match kind {
            // by a parameter that only neurons have
            Kind::Neurons => {
                let own = |end: &&str| get(end).is_some();
                ["beta", "threshold", "w", "tau_mem_inv", "v_th", "recurrent_weights"].iter().any(own)
                    && get("running_mean").is_none()
            }
            Kind::Norm => get("running_mean").is_some() || get("weight").is_some_and(|w| w.shape.len() == 1),
            Kind::Connection => {
                let axes = |end: &str| get(end).map_or(0, |weight| weight.shape.len());
                axes("weight") > 1 || axes("input_weights") > 1
            }
        }
    }
}
