//! Type of the values between layers.

use crate::Error;
use burn::tensor::{DType, Device, FloatDType, Tensor};
use serde::{Deserialize, Serialize};

/// The type of currents and spikes, and of the products with weights. Weights, parameters, the state of
/// neurons and scores are in single precision whatever this is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Precision {
    /// Single precision.
    #[default]
    F32,
    /// Half precision: half the memory traffic, on devices that have it. Gradients are scaled up on
    /// their way, so that small ones do not vanish.
    F16,
    /// Half the size with the range of single precision, on devices that have it.
    Bf16,
}

impl Precision {
    /// Its name in configuration files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Precision::F32 => "f32",
            Precision::F16 => "f16",
            Precision::Bf16 => "bf16",
        }
    }

    /// The type of this name.
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`], with the closest name.
    pub fn named(name: &str) -> Result<Self, Error> {
        let all = [Precision::F32, Precision::F16, Precision::Bf16];
        let found = all.into_iter().find(|precision| precision.name() == name);
        found.ok_or_else(|| Error::unknown("precision", name, "the network", all.map(|p| p.name().to_string())))
    }

    pub(super) fn is_single(&self) -> bool {
        *self == Precision::F32
    }

    /// Factor of the loss while its gradients are taken; they are divided by it after.
    pub(crate) fn loss_scale(self) -> f32 {
        match self {
            Precision::F16 => 1024.0,
            Precision::F32 | Precision::Bf16 => 1.0,
        }
    }

    pub(in crate::network) fn check(self, device: &Device) -> Result<(), Error> {
        let dtype = match self {
            Precision::F32 => return Ok(()),
            Precision::F16 => FloatDType::F16,
            Precision::Bf16 => FloatDType::BF16,
        };
        if device.supports_dtype(dtype) {
            return Ok(());
        }
        let name = self.name();
        Err(Error::config(
            "network.precision",
            format!("the device does not have `{name}`; use `f32`, or a device that lists {name} in `synfire devices`"),
        ))
    }

    /// The type of what flows between the layers.
    pub(in crate::network) fn dtype(self) -> DType {
        match self {
            Precision::F32 => DType::F32,
            Precision::F16 => DType::F16,
            Precision::Bf16 => DType::BF16,
        }
    }
}

/// Casts a tensor; returns it unchanged if it has the type already.
pub(crate) fn cast<const N: usize>(values: Tensor<N>, dtype: DType) -> Tensor<N> {
    if values.dtype() == dtype { values } else { values.cast(dtype) }
}
