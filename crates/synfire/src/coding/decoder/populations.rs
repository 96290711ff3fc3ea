//! Scores of populations of neurons.

use crate::registry::BadSetting;
use burn::tensor::Tensor;

/// Sums over populations of `pop_size` neighbours, shifted and scaled: `(x + bias) scale`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Populations {
    pub(super) pop_size: usize,
    pub(super) bias: f32,
    pub(super) scale: f32,
}

impl Populations {
    pub(super) fn check(self) -> Result<(), BadSetting> {
        let Populations { pop_size, bias, scale } = self;
        BadSetting::unless(pop_size > 0, "pop_size", pop_size, "the number of neurons of a class, at least 1")?;
        BadSetting::unless(bias.is_finite(), "bias", bias, "a finite number")?;
        BadSetting::unless(scale.is_finite() && scale != 0.0, "scale", scale, "a finite number, not 0")
    }

    /// Number of populations among the neurons.
    pub(super) fn count(self, neurons: usize) -> Result<usize, String> {
        match neurons.checked_rem(self.pop_size) {
            Some(0) => Ok(neurons / self.pop_size),
            _ => Err(format!(
                "has populations of {} neurons, the last layer {neurons}; make it a multiple",
                self.pop_size
            )),
        }
    }

    /// Scores of the populations, `[1, B, N]` to `[1, B, populations]`.
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

/// Defaults of a decoder whose settings are those of [`Populations`], and the way to these.
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
