//! Groups of named values, as HDF5 files have them.

use crate::{Array, Element};
use std::collections::BTreeMap;

/// A group of an HDF5 file: values, groups and attributes by name. Metadata are one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// Groups inside.
    pub groups: BTreeMap<String, Group>,
    /// Values inside.
    pub values: BTreeMap<String, Value>,
    /// Attributes of the group itself. Files of recorded activity have them, those of graphs have none.
    pub attributes: BTreeMap<String, Value>,
}

/// A value in a [`Group`].
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// One text.
    Text(String),
    /// Texts of a shape, in row-major order.
    Texts(Vec<usize>, Vec<String>),
    /// Numbers.
    Numbers(Array),
}

impl Group {
    /// Whether there is nothing inside.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty() && self.values.is_empty() && self.attributes.is_empty()
    }

    /// The same group with a value more.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.values.insert(name.to_string(), value.into());
        self
    }
}

impl Value {
    /// Kind, element type and shape, for messages.
    #[must_use]
    pub fn describe(&self) -> String {
        match self {
            Value::Text(text) => format!("the text {:?}", shortened(text)),
            Value::Texts(shape, _) => format!("texts of shape {shape:?}"),
            Value::Numbers(array) => match (array.shape(), array.element()) {
                ([], _) => format!("the number {}", array.values()[0]),
                (shape, Element::I64) => format!("integers of shape {shape:?}"),
                (shape, _) => format!("numbers of shape {shape:?}"),
            },
        }
    }
}

/// The beginning of a text that may be of any length.
pub(crate) fn shortened(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}..", &text[..end]),
        None => text.to_string(),
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::Text(text.to_string())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Value::Text(text)
    }
}

impl From<Array> for Value {
    fn from(array: Array) -> Self {
        Value::Numbers(array)
    }
}
