//! The parameters of a network by stable, readable names.

use super::Network;
use crate::Error;
use crate::parameters::{self, NamedParameter};
use burn::tensor::TensorData;

impl Network {
    /// Every parameter, learnable or not.
    #[must_use]
    pub fn parameters(&self) -> Vec<NamedParameter> {
        parameters::parameters(self)
    }

    /// Makes the parameters learn for which `chosen` says so, and freezes the others.
    #[must_use]
    pub fn with_active(self, chosen: impl FnMut(&NamedParameter) -> bool) -> Self {
        parameters::set_active(self, chosen)
    }

    /// The range that the parameter of this name is kept in, if it has one.
    #[must_use]
    pub fn range(&self, name: &str) -> Option<[f32; 2]> {
        self.parameters().into_iter().find(|p| p.name == name)?.range
    }

    /// Every parameter's values in the model's units: for people and other programs.
    ///
    /// Axes are in PyTorch's order: the weight of a linear layer is `[outputs, inputs]`.
    #[must_use]
    pub fn values(&self) -> Vec<(NamedParameter, TensorData)> {
        parameters::values(self)
    }

    /// Replaces the values of a parameter, in the model's unit, axes in PyTorch's order.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] if there is no parameter of this name; [`Error::Config`] if the count differs.
    pub fn with_value(self, name: &str, values: &[f32]) -> Result<Self, Error> {
        parameters::with_value(self, name, values)
    }
}
