//! The parameters of a layer in a checkpoint.

use crate::checkpoint::{Checkpoint, StoredParameter};
use crate::exchange::StateTensor;

/// A layer of a checkpoint.
#[derive(Clone, Copy)]
pub(super) struct Stored<'a> {
    checkpoint: &'a Checkpoint,
    layer: usize,
}

impl<'a> Stored<'a> {
    pub(super) fn new(checkpoint: &'a Checkpoint, layer: usize) -> Self {
        Stored { checkpoint, layer }
    }

    /// The parameter of this name, `tau_m`.
    pub(super) fn get(self, name: &str) -> Option<&'a StoredParameter> {
        let name = format!("layers.{}.{name}", self.layer);
        self.checkpoint.parameters.iter().find(|parameter| parameter.name == name)
    }

    /// Its values; none of a parameter that the layer does not have.
    pub(super) fn values(self, name: &str) -> &'a [f32] {
        self.get(name).map_or(&[], |parameter| &parameter.values)
    }
}

/// A tensor of a module.
pub(super) fn tensor(module: &str, name: &str, shape: &[usize], values: impl IntoIterator<Item = f64>) -> StateTensor {
    StateTensor { key: format!("{module}.{name}"), shape: shape.to_vec(), values: values.into_iter().collect() }
}
