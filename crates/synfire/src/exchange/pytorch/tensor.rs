//! Tensors of a pickle.

use super::archive::Archive;
use super::callee::Callee;
use super::value::{Description, Heap, Value};

/// Number of values that may still be read. Tensors may share a storage, as tied weights do, but not so often that a
/// small file becomes large in memory.
pub(super) struct Budget(usize);

impl Budget {
    pub(super) fn of(file: &[u8]) -> Self {
        Budget(file.len())
    }

    fn spend(&mut self, count: usize) -> Result<(), String> {
        self.0 = self.0.checked_sub(count).ok_or("needs more values than the file has; save it with `.clone()`")?;
        Ok(())
    }
}

/// A tensor by the arguments `(storage, offset, shape, strides, ..)` of the function that would make it.
pub(super) fn rebuild(heap: &Heap, arguments: Value) -> Result<Description, String> {
    let Some(&[storage, offset, shape, strides, ref rest @ ..]) = heap.items(arguments) else {
        return Err("makes a tensor of too few arguments".to_string());
    };
    let sizes = |value: Value| heap.items(value)?.iter().map(|size| size_of(*size)).collect::<Option<Vec<usize>>>();
    let (Value::Storage(storage), Some(offset)) = (storage, size_of(offset)) else {
        return Err("makes a tensor of something that is no storage".to_string());
    };
    let (Some(shape), Some(strides)) = (sizes(shape), sizes(strides)) else {
        return Err("makes a tensor of a shape that is none".to_string());
    };
    if shape.len() != strides.len() || shape.len() > MOST_AXES {
        return Err(format!("makes a tensor of {} axes with {} strides", shape.len(), strides.len()));
    }
    // version 3 names the type of the elements after `requires_grad` and `backward_hooks`
    let element = match rest.get(2) {
        Some(Value::Callee(Callee::Element(element))) => Some(*element),
        _ => storage.element,
    };
    Ok(Description { element, storage, offset, shape, strides })
}

/// Most axes of a tensor that is read.
const MOST_AXES: usize = 8;

fn size_of(value: Value) -> Option<usize> {
    match value {
        Value::Int(size) => usize::try_from(size).ok(),
        _ => None,
    }
}

/// The values of a tensor. Messages go on after its name.
pub(super) fn values(
    tensor: &Description,
    heap: &Heap,
    archive: &mut Archive<'_>,
    budget: &mut Budget,
) -> Result<Vec<f64>, String> {
    let Some(element) = tensor.element else {
        return Err("is of a type that is not read; expected floating point numbers, integers or booleans".to_string());
    };
    let count = tensor.shape.iter().try_fold(1usize, |product, size| product.checked_mul(*size));
    let count = count.ok_or_else(|| format!("has the impossible shape {:?}", tensor.shape))?;
    if count == 0 {
        return Ok(vec![]);
    }
    budget.spend(count)?;
    let storage = archive.storage(heap.key(tensor.storage))?;
    let available = storage.len() / element.size();
    let reach = tensor.shape.iter().zip(&tensor.strides).try_fold(tensor.offset, |reach, (size, stride)| {
        (size - 1).checked_mul(*stride).and_then(|along| reach.checked_add(along))
    });
    if reach.is_none_or(|last| last >= available) {
        return Err(format!(
            "of shape {:?} reaches beyond its storage of {available} values; the file is damaged",
            tensor.shape
        ));
    }
    let bytes = |first: usize, count: usize| &storage[first * element.size()..(first + count) * element.size()];
    if tensor.strides == contiguous(&tensor.shape) {
        return Ok(element.values(bytes(tensor.offset, count)));
    }
    let mut values = Vec::with_capacity(count);
    let mut index = vec![0; tensor.shape.len()];
    for _ in 0..count {
        let at: usize = index.iter().zip(&tensor.strides).map(|(i, stride)| i * stride).sum();
        values.extend(element.values(bytes(tensor.offset + at, 1)));
        for axis in (0..index.len()).rev() {
            index[axis] += 1;
            if index[axis] < tensor.shape[axis] {
                break;
            }
            index[axis] = 0;
        }
    }
    Ok(values)
}

/// Strides of a tensor whose values lie one after the other.
fn contiguous(shape: &[usize]) -> Vec<usize> {
    let mut strides = vec![1; shape.len()];
    for axis in (1..shape.len()).rev() {
        strides[axis - 1] = strides[axis] * shape[axis];
    }
    strides
}
