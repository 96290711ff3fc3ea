//! Values that a pickle makes.

use super::callee::Callee;
use crate::exchange::element::Element;

/// A value. Containers and texts are places in a [`Heap`]: copying a value is cheap, and values that contain each other
/// do no harm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value {
    /// The beginning of the arguments of an operation.
    Mark,
    None,
    Bool(bool),
    Int(i64),
    Text(usize),
    /// A tuple or a list.
    List(usize),
    Dict(usize),
    /// A function or class.
    Callee(Callee),
    Storage(Storage),
    Tensor(usize),
    /// An object of a class that is of no interest here.
    Other,
}

/// Values of tensors in an entry of the archive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Storage {
    /// Type of the elements; none for bytes of any type.
    pub(super) element: Option<Element>,
    /// Name of the entry, a text.
    pub(super) key: usize,
}

/// A tensor: a part of a storage.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Description {
    pub(super) element: Option<Element>,
    pub(super) storage: Storage,
    /// Elements of the storage before it.
    pub(super) offset: usize,
    pub(super) shape: Vec<usize>,
    pub(super) strides: Vec<usize>,
}

/// Texts, containers and tensors.
#[derive(Debug, Default)]
pub(super) struct Heap {
    texts: Vec<String>,
    lists: Vec<Vec<Value>>,
    dicts: Vec<Vec<(Value, Value)>>,
    tensors: Vec<Description>,
}

impl Heap {
    fn push<T>(of: &mut Vec<T>, value: T) -> usize {
        of.push(value);
        of.len() - 1
    }

    pub(super) fn new_text(&mut self, text: String) -> Value {
        Value::Text(Self::push(&mut self.texts, text))
    }

    pub(super) fn new_list(&mut self, values: Vec<Value>) -> Value {
        Value::List(Self::push(&mut self.lists, values))
    }

    pub(super) fn new_dict(&mut self) -> Value {
        Value::Dict(Self::push(&mut self.dicts, vec![]))
    }

    pub(super) fn new_tensor(&mut self, tensor: Description) -> Value {
        Value::Tensor(Self::push(&mut self.tensors, tensor))
    }

    pub(super) fn text(&self, value: Value) -> Option<&str> {
        match value {
            Value::Text(i) => Some(&self.texts[i]),
            _ => None,
        }
    }

    /// Name of the entry of a storage.
    pub(super) fn key(&self, storage: Storage) -> &str {
        &self.texts[storage.key]
    }

    /// Items of a list or a tuple.
    pub(super) fn items(&self, value: Value) -> Option<&[Value]> {
        match value {
            Value::List(i) => Some(&self.lists[i]),
            _ => None,
        }
    }

    pub(super) fn tensor(&self, value: Value) -> Option<&Description> {
        match value {
            Value::Tensor(i) => Some(&self.tensors[i]),
            _ => None,
        }
    }

    /// All dicts, by their places.
    pub(super) fn dicts(&self) -> &[Vec<(Value, Value)>] {
        &self.dicts
    }

    /// Appends to a list; nothing happens to an object that is of no interest.
    pub(super) fn append(&mut self, list: Value, items: impl IntoIterator<Item = Value>) {
        if let Value::List(i) = list {
            self.lists[i].extend(items);
        }
    }

    /// Sets items of a dict, likewise.
    pub(super) fn insert(&mut self, dict: Value, pairs: impl IntoIterator<Item = (Value, Value)>) {
        if let Value::Dict(i) = dict {
            self.dicts[i].extend(pairs);
        }
    }
}
