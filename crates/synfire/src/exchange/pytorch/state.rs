//! The state dict among what a pickle holds.

use super::machine::Program;
use super::value::{Description, Heap, Value};
use std::collections::HashMap;

/// Most names around a tensor: `{"model": {"net": {"fc1.weight": ..}}}`.
const DEEPEST: usize = 4;

/// Tensors by name: those of the dict that the pickle is, or of the one dict in it that has some.
pub(super) fn entries(program: &Program) -> Result<Vec<(String, Description)>, String> {
    let Program { heap, result } = program;
    let mut dict = match *result {
        Value::Dict(dict) => dict,
        Value::Other => {
            let cure = "save its `state_dict()`";
            return Err(format!("holds a whole module, which cannot be read without running its code; {cure}"));
        }
        _ => return Err(NO_TENSORS.to_string()),
    };
    let is_state_dict: Vec<bool> =
        heap.dicts().iter().map(|pairs| pairs.iter().any(|(_, value)| heap.tensor(*value).is_some())).collect();
    let leads = |pairs: &[(Value, Value)]| {
        pairs.iter().any(|(_, value)| matches!(value, Value::Dict(inner) if is_state_dict[*inner]))
    };
    let leads: Vec<bool> =
        heap.dicts().iter().zip(&is_state_dict).map(|(pairs, itself)| *itself || leads(pairs)).collect();
    for _ in 0..DEEPEST {
        let pairs = &heap.dicts()[dict];
        if is_state_dict[dict] {
            return Ok(tensors(heap, pairs));
        }
        let mut inner = pairs.iter().filter_map(|(key, value)| match value {
            Value::Dict(inner) if leads[*inner] => Some((heap.text(*key)?, *inner)),
            _ => None,
        });
        match (inner.next(), inner.next()) {
            (Some((_, only)), None) => dict = only,
            (Some((a, _)), Some((b, _))) => {
                return Err(format!(
                    "holds several state dicts, `{a}` and `{b}`; save the one that is wanted by itself"
                ));
            }
            (None, _) => break,
        }
    }
    Err(NO_TENSORS.to_string())
}

const NO_TENSORS: &str = "holds no tensors by name; save the `state_dict()` of a module";

/// Tensors of a dict; the last one of each name.
fn tensors(heap: &Heap, pairs: &[(Value, Value)]) -> Vec<(String, Description)> {
    let (mut places, mut found) = (HashMap::new(), vec![]);
    for (key, value) in pairs {
        let (Some(key), Some(tensor)) = (heap.text(*key), heap.tensor(*value)) else { continue };
        let place = *places.entry(key).or_insert(found.len());
        match place == found.len() {
            true => found.push((key.to_string(), tensor.clone())),
            false => found[place].1 = tensor.clone(),
        }
    }
    found
}
