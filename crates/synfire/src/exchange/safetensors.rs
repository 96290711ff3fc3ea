//! Safetensors files as state dicts.

use super::StateTensor;
use super::element::Element;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use std::collections::HashMap;

/// The length of a header of JSON, then the header.
pub(super) fn recognises(bytes: &[u8]) -> bool {
    bytes.get(8) == Some(&b'{')
}

pub(super) fn decode(bytes: &[u8]) -> Result<Vec<StateTensor>, String> {
    let file = SafeTensors::deserialize(bytes)
        .map_err(|error| format!("is a damaged safetensors file ({error}); download or save it again"))?;
    let tensor = |(key, view): (String, TensorView<'_>)| {
        let element = element(view.dtype()).ok_or_else(|| {
            format!("holds `{key}` in {:?}; expected floating point numbers, integers or booleans", view.dtype())
        })?;
        Ok(StateTensor { values: element.values(view.data()), shape: view.shape().to_vec(), key })
    };
    let mut tensors: Vec<StateTensor> = file.tensors().into_iter().map(tensor).collect::<Result<_, String>>()?;
    // the format keeps no order of its own: as names with numbers in them are counted
    tensors.sort_by_cached_key(|tensor| natural(&tensor.key));
    Ok(tensors)
}

pub(super) fn encode(tensors: &[StateTensor]) -> Option<Vec<u8>> {
    let bytes: Vec<Vec<u8>> =
        tensors.iter().map(|t| t.values.iter().flat_map(|&x| (x as f32).to_le_bytes()).collect()).collect();
    let views: HashMap<String, TensorView<'_>> = tensors
        .iter()
        .zip(&bytes)
        .map(|(t, bytes)| Some((t.key.clone(), TensorView::new(Dtype::F32, t.shape.clone(), bytes).ok()?)))
        .collect::<Option<_>>()?;
    (views.len() == tensors.len()).then(|| safetensors::serialize(views, None).ok())?
}

fn element(dtype: Dtype) -> Option<Element> {
    Some(match dtype {
        Dtype::F64 => Element::F64,
        Dtype::F32 => Element::F32,
        Dtype::F16 => Element::F16,
        Dtype::BF16 => Element::BF16,
        Dtype::I64 => Element::I64,
        Dtype::I32 => Element::I32,
        Dtype::I16 => Element::I16,
        Dtype::I8 => Element::I8,
        Dtype::U8 => Element::U8,
        Dtype::BOOL => Element::Bool,
        _ => return None,
    })
}

/// A name in parts that compare as people count: `fc2` before `fc10`.
fn natural(name: &str) -> Vec<(u64, String)> {
    let mut parts = vec![];
    let mut rest = name;
    while !rest.is_empty() {
        let text = rest.find(|c: char| c.is_ascii_digit()).unwrap_or(rest.len());
        let (word, after) = rest.split_at(text);
        let digits = after.find(|c: char| !c.is_ascii_digit()).unwrap_or(after.len());
        let (number, after) = after.split_at(digits);
        parts.push((0, word.to_string()));
        parts.push((number.parse().unwrap_or(u64::MAX), number.to_string()));
        rest = after;
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_as_people_count() {
        let mut names = ["layers.10.weight", "fc10.w", "layers.2.weight", "fc2.w", "fc.w", "layers.2.bias"];
        names.sort_by_key(|name| natural(name));
        assert_eq!(names, ["fc2.w", "fc10.w", "fc.w", "layers.2.bias", "layers.2.weight", "layers.10.weight"]);
    }
}
