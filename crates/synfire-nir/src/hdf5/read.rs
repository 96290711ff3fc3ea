//! Reading HDF5 within the bounds of the file's own size.

use super::SIGNATURE;
use super::number::Number;
use crate::{Group, NirError, Value};
use hdf5_reader::{Attribute, Dataset, Datatype, Hdf5File, OpenOptions};
use std::collections::BTreeMap;

/// Most bytes that deflate makes of one.
const INFLATED: usize = 1032;
/// Fewest bytes that an object takes in a file: an object has a header, and a name in its group.
const OBJECT: usize = 32;
/// Groups inside groups, at most. A group that contains itself would have no end.
const DEPTH: usize = 64;

/// All that is in a file.
///
/// Links may name the same object many times, and a dataset that is mostly absent may claim any size: the values and the
/// objects of the whole file are counted, and no more are read than a file of this size can hold.
pub(crate) fn decode(bytes: Vec<u8>) -> Result<Group, NirError> {
    if !bytes.starts_with(SIGNATURE) {
        return Err(NirError::damaged("does not start as HDF5 files do, with the bytes `\\x89HDF`"));
    }
    let most = bytes.len().saturating_mul(INFLATED);
    let mut budget = Budget { bytes: most, objects: bytes.len() / OBJECT };
    // a file is read once: nothing need be kept in a cache
    let options = OpenOptions::default().with_max_read_bytes(most).with_max_chunk_bytes(most).with_chunk_cache_bytes(0);
    let file = Hdf5File::from_vec_with_options(bytes, options).map_err(NirError::damaged)?;
    group(&file.root_group().map_err(NirError::damaged)?, &mut budget, DEPTH)
}

/// Memory that reading may still take, in bytes.
struct Budget {
    bytes: usize,
    objects: usize,
}

impl Budget {
    fn take_bytes(&mut self, bytes: usize) -> Result<(), NirError> {
        let left = self.bytes.checked_sub(bytes);
        self.bytes = left.ok_or_else(|| NirError::damaged("claims to hold more values than a file of its size can"))?;
        Ok(())
    }

    fn take_object(&mut self) -> Result<(), NirError> {
        let left = self.objects.checked_sub(1);
        self.objects =
            left.ok_or_else(|| NirError::damaged("claims to hold more objects than a file of its size can"))?;
        Ok(())
    }
}

fn group(source: &hdf5_reader::group::Group, budget: &mut Budget, depth: usize) -> Result<Group, NirError> {
    budget.take_object()?;
    let Some(depth) = depth.checked_sub(1) else {
        return Err(NirError::damaged(format!("has more than {DEPTH} groups inside each other")));
    };
    let (groups, datasets) = source.members().map_err(NirError::damaged)?;
    let mut result = Group { attributes: attributes(source, budget)?, ..Group::default() };
    for inner in groups {
        result.groups.insert(inner.name().to_string(), group(&inner, budget, depth)?);
    }
    for dataset in datasets {
        let name = dataset.name().rsplit('/').next().unwrap_or_default().to_string();
        let read = value(&dataset, budget);
        result.values.insert(name, read.map_err(|error| NirError::damaged(format!("`{}`: {error}", dataset.name())))?);
    }
    Ok(result)
}

fn value(dataset: &Dataset, budget: &mut Budget) -> Result<Value, NirError> {
    budget.take_object()?;
    let shape = sizes(dataset.shape())?;
    budget.take_bytes(dataset.raw_byte_len().map_err(NirError::damaged)?)?;
    if let Some(number) = Number::of(dataset.dtype()) {
        let bytes = dataset.read_raw_bytes().map_err(NirError::damaged)?;
        return number.array(shape, &bytes).map(Value::Numbers);
    }
    let texts = match dataset.dtype() {
        Datatype::String { size: hdf5_reader::StringSize::Fixed(_), .. } => {
            dataset.read_strings().map_err(NirError::damaged)?
        }
        Datatype::String { .. } | Datatype::VarLen { .. } => long_texts(dataset, budget)?,
        other => return Err(NirError::damaged(format!("holds elements of type {}", kind(other)))),
    };
    Ok(match (&shape[..], texts.len()) {
        ([], 1) => Value::Text(texts.into_iter().next().unwrap_or_default()),
        _ => Value::Texts(shape, texts),
    })
}

/// Texts of variable length, each in a heap of the file; many may be the same one.
fn long_texts(dataset: &Dataset, budget: &mut Budget) -> Result<Vec<String>, NirError> {
    let references = dataset.read_raw_bytes().map_err(NirError::damaged)?;
    let text = |reference: &[u8]| {
        let bytes = dataset.resolve_vlen_reference_bytes(reference, 1).map_err(NirError::damaged)?;
        budget.take_bytes(bytes.len())?;
        // C's strings may have their end in the file
        let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
        let text = std::str::from_utf8(&bytes[..end]);
        text.map(str::to_string).map_err(|_| NirError::damaged("holds a text that is not UTF-8"))
    };
    references.chunks_exact(dataset.vlen_reference_size().max(1)).map(text).collect()
}

fn attributes(source: &hdf5_reader::group::Group, budget: &mut Budget) -> Result<BTreeMap<String, Value>, NirError> {
    let attributes = source.attributes().map_err(NirError::damaged)?;
    attributes
        .into_iter()
        .map(|attribute| {
            budget.take_bytes(attribute.raw_data.len())?;
            let read = attribute_value(&attribute);
            let read = read.map_err(|error| NirError::damaged(format!("attribute `{}`: {error}", attribute.name)))?;
            Ok((attribute.name, read))
        })
        .collect()
}

fn attribute_value(attribute: &Attribute) -> Result<Value, NirError> {
    if let Some(number) = Number::of(&attribute.datatype) {
        return number.array(sizes(&attribute.shape)?, &attribute.raw_data).map(Value::Numbers);
    }
    match attribute.datatype {
        Datatype::String { .. } | Datatype::VarLen { .. } => {
            attribute.read_string().map(Value::Text).map_err(NirError::damaged)
        }
        ref other => Err(NirError::damaged(format!("is of type {}", kind(other)))),
    }
}

fn sizes(shape: &[u64]) -> Result<Vec<usize>, NirError> {
    let size =
        |&size: &u64| usize::try_from(size).map_err(|_| NirError::damaged(format!("claims the shape {shape:?}")));
    shape.iter().map(size).collect()
}

/// Name of a type, for messages.
fn kind(datatype: &Datatype) -> String {
    let name = format!("{datatype:?}");
    name.split([' ', '{', '(']).next().unwrap_or_default().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Array, Element};

    #[test]
    fn what_is_no_hdf5_is_refused() {
        for bytes in [&b""[..], b"PK\x03\x04", SIGNATURE, &[SIGNATURE, &[0; 200]].concat()] {
            let error = decode(bytes.to_vec()).unwrap_err().to_string();
            assert!(error.contains("expected a whole HDF5 file of NIR"), "{error}");
        }
    }

    #[test]
    fn arrays_keep_shape_and_type() {
        let array = Array::new([2, 2], vec![1.0, 2.0, 3.0, 4.5], Element::F64).unwrap();
        let group = Group::default().with("a", array).with("b", "text").with("c", Array::integer(-7));
        let bytes = crate::hdf5::encode(&group).unwrap();
        assert_eq!(decode(bytes).unwrap(), group);
    }
}
