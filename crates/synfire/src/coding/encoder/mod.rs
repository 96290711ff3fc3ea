//! Encoders: from samples to what the first layer receives at each step.

mod constant;
mod latency;
mod poisson;
mod source;

pub use super::signal::{Signal, Window};
pub use constant::Constant;
pub use latency::Latency;
pub use poisson::Poisson;
pub use source::{Events, Source};

use crate::Error;
use crate::registry::{BadSetting, Choice, kind};
use core::fmt::Debug;

/// An encoder with its settings: how samples become input over time.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use synfire::coding::{Encode, Encoder, Latency, Window};
///
/// let pixels = Tensor::<2>::from_floats([[1.0, 0.5, 0.0]], &Device::default());
/// let encoder = Encoder::from(Latency::default());
/// let signal = encoder.encode(pixels.into(), Window { steps: 5, dt: 1.0 }, 0)?;
/// let spikes: Vec<f32> = signal.values.into_data().try_into_vec().unwrap();
/// // [T, B, F]: the bright pixel first, the grey one in the middle, the dark one never
/// assert_eq!(spikes, [1., 0., 0.,  0., 0., 0.,  0., 1., 0.,  0., 0., 0.,  0., 0., 0.]);
/// # Ok::<(), synfire::Error>(())
/// ```
pub type Encoder = Choice<dyn Encode>;

kind!("encoder", Encode, [Constant, Latency, Poisson]);

impl Default for Encoder {
    fn default() -> Self {
        Constant {}.into()
    }
}

/// What an encoder does; implement it with [`Named`](crate::registry::Named) for one of your own, and
/// [`register`] it to use it by name.
pub trait Encode: Debug + Send + Sync {
    /// Refuses settings out of their range.
    ///
    /// # Errors
    ///
    /// The setting, what is wrong with it and what was expected.
    fn check(&self) -> Result<(), BadSetting> {
        Ok(())
    }

    /// Number of inputs of the first layer for samples of `features` numbers.
    ///
    /// # Errors
    ///
    /// Why there cannot be samples of that size.
    fn inputs(&self, features: usize, window: Window) -> Result<usize, String> {
        let _ = window;
        Ok(features)
    }

    /// Encodes a batch. Random encoders draw from `seed`, the same numbers on every backend.
    ///
    /// # Shapes
    ///
    /// - samples `[B, F]`
    /// - signal `[T, B, I]`, or `[1, B, I]` where it is the same at every step; `I` is
    ///   [`inputs`](Self::inputs) of `F`
    ///
    /// # Errors
    ///
    /// [`Error::Source`] for samples that it cannot encode.
    fn encode(&self, source: Source, window: Window, seed: u64) -> Result<Signal, Error>;
}
