//! Writing HDF5 as h5py does: arrays in one compressed chunk, single values and texts as they are.

use crate::{Array, Element, Group, NirError, Value};
use hdf5_writer::{AttributeBuilder, DatasetBuilder, FILTER_DEFLATE, FilterDescription, Hdf5Builder, WriteOptions};

/// Level of compression.
const LEVEL: u32 = 4;

/// The bytes of a file with all of a group.
pub(crate) fn encode(group: &Group) -> Result<Vec<u8>, NirError> {
    let mut file = Hdf5Builder::new();
    for (name, value) in &group.attributes {
        file = file.attribute(attribute(name, value)?);
    }
    let file = members(group, "", file)?;
    let plan = file.into_plan().map_err(refused)?;
    plan.encode(WriteOptions::default()).map_err(refused)
}

fn refused(error: hdf5_writer::Error) -> NirError {
    NirError::damaged(format!("cannot be written as HDF5: {error}"))
}

fn members(group: &Group, path: &str, mut file: Hdf5Builder) -> Result<Hdf5Builder, NirError> {
    for (name, value) in &group.values {
        file = file.dataset(dataset(format!("{path}{name}"), value)?);
    }
    for (name, inner) in &group.groups {
        let place = format!("{path}{name}");
        for (name, value) in &inner.attributes {
            file = file.group_attribute(place.clone(), attribute(name, value)?);
        }
        file = members(inner, &format!("{place}/"), file)?;
    }
    Ok(file)
}

fn dataset(name: String, value: &Value) -> Result<DatasetBuilder, NirError> {
    match value {
        Value::Text(text) => DatasetBuilder::vlen_string_data(name, [], &[text]).map_err(refused),
        Value::Texts(shape, texts) => DatasetBuilder::vlen_string_data(name, wide(shape), texts).map_err(refused),
        Value::Numbers(array) => numbers(name, array).map_err(refused),
    }
}

fn numbers(name: String, array: &Array) -> Result<DatasetBuilder, hdf5_writer::Error> {
    let (shape, values) = (wide(array.shape()), array.values());
    let dataset = match array.element() {
        Element::F32 => DatasetBuilder::typed_data(name, shape.clone(), &array.to_f32())?,
        Element::F64 => DatasetBuilder::typed_data(name, shape.clone(), values)?,
        Element::I64 => {
            let values: Vec<i64> = values.iter().map(|&value| value as i64).collect();
            DatasetBuilder::typed_data(name, shape.clone(), &values)?
        }
    };
    // a chunk must have a size
    if shape.is_empty() || array.is_empty() {
        return Ok(dataset);
    }
    let deflate = FilterDescription { id: FILTER_DEFLATE, name: None, client_data: vec![LEVEL] };
    Ok(dataset.chunked(shape).filter(deflate))
}

fn attribute(name: &str, value: &Value) -> Result<AttributeBuilder, NirError> {
    let built = match value {
        Value::Text(text) => Ok(AttributeBuilder::fixed_string(name, text)),
        Value::Texts(_, texts) => AttributeBuilder::vlen_strings(name, texts),
        Value::Numbers(array) => match (array.shape(), array.element(), array.values()) {
            ([], Element::I64, [value]) => AttributeBuilder::scalar(name, *value as i64),
            ([], _, [value]) => AttributeBuilder::scalar(name, *value),
            (_, _, values) => AttributeBuilder::vector(name, values),
        },
    };
    built.map_err(refused)
}

fn wide(shape: &[usize]) -> Vec<u64> {
    shape.iter().map(|&size| size as u64).collect()
}
