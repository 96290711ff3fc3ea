//! Scores of populations of neurons.

use crate::registry::BadSetting;
use burn::tensor::Tensor;

/// `(x + bias) * scale`, where `x` is summed over populations of `pop_size` neighbours.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Populations {
    pub(super) pop_size: usize,
    pub(super) bias: f32,
    pub(super) scale: f32,
}

impl Populations {
    pub(super) fn check(self) -> Result<(), BadSetting> {
        if self.pop_size == 0 {
            return Err(BadSetting::of("pop_size", "is 0; expected the number of neurons of a class, at least 1"));
        }
        if !self.bias.is_finite() {
            return Err(BadSetting::of("bias", format!("is {}; expected a finite number", self.bias)));
        }
        if !(self.scale.is_finite() && self.scale != 0.0) {
            return Err(BadSetting::of("scale", format!("is {}; expected a finite number, not 0", self.scale)));
        }
        Ok(())
    }

    /// Number of populations.
    pub(super) fn count(self, neurons: usize) -> Result<usize, String> {
        match neurons.checked_rem(self.pop_size) {
            Some(0) => Ok(neurons / self.pop_size),
            _ => Err(format!(
                "has populations of {} neurons, the last layer {neurons}; make it a multiple",
                self.pop_size
            )),
        }
    }

    /// `[1, B, N]` to `[1, B, populations]`.
    pub(super) fn pool(self, x: Tensor<3>) -> Tensor<3> {
        let [one, batch, neurons] = x.dims();
        let x = match self.pop_size {
            1 => x,
            size => x.reshape([one, batch, neurons / size, size]).sum_dim(3).squeeze_dim(3),
        };
        let x = if self.bias == 0.0 { x } else { x + self.bias };
        if self.scale == 1.0 { x } else { x * self.scale }
    }
}

/// The settings of a decoder with populations, and the methods of `Decode` that follow from them.
macro_rules! populations {
    ($decoder:ident) => {
        /// Populations of one neuron, nothing added, scale 1.
        impl Default for $decoder {
            fn default() -> Self {
                $decoder { pop_size: 1, bias: 0.0, scale: 1.0 }
            }
        }

        impl $decoder {
            fn populations(self) -> super::populations::Populations {
                let $decoder { pop_size, bias, scale } = self;
                super::populations::Populations { pop_size, bias, scale }
            }
        }
    };
}
pub(super) use populations;
