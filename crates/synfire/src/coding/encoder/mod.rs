//! Encoders: from samples to the inputs of the first layer at each step.

mod bernoulli;
mod constant;
mod constant_current;
mod delta;
mod event_list;
mod events;
mod host_samples;
mod late;
mod latency;
mod once;
mod over_time;
mod phase;
mod poisson;
mod population;
mod rank_order;
mod relative_latency;
mod series;
mod shaped;
mod source;
mod spike_times;
mod trains;
mod uniform;

pub use bernoulli::Bernoulli;
pub use constant::Constant;
pub use constant_current::ConstantCurrent;
pub use delta::Delta;
pub use event_list::Events;
pub use events::EventsEncoder;
pub use host_samples::HostSamples;
pub use late::Late;
pub use latency::Latency;
pub use phase::Phase;
pub use poisson::Poisson;
pub use population::Population;
pub use rank_order::RankOrder;
pub use relative_latency::RelativeLatency;
pub use series::SeriesEncoder;
pub use source::Source;
pub use spike_times::SpikeTimesEncoder;
pub use uniform::Uniform;

use super::{Activations, TimeGrid};
use crate::Error;
use crate::registry::{BadSetting, Component, kind};
use core::fmt::Debug;
use once::Once;
use synfire_dynamics::Spikes;
use trains::Trains;

/// An encoder with its settings: it turns samples into inputs over time.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use synfire::coding::{Encode, Encoder, Latency, TimeGrid};
///
/// let pixels = Tensor::<2>::from_floats([[1.0, 0.5, 0.0]], &Device::default());
/// let encoder = Encoder::from(Latency::default());
/// let inputs = encoder.encode(pixels.into(), TimeGrid { steps: 5, dt: 1.0 }, 0)?;
/// let spikes: Vec<f32> = inputs.values.into_data().try_into_vec().unwrap();
/// // [T, B, F]: the bright pixel first, the grey one in the middle, the dark one never
/// assert_eq!(spikes, [1., 0., 0.,  0., 0., 0.,  0., 1., 0.,  0., 0., 0.,  0., 0., 0.]);
/// # Ok::<(), synfire::Error>(())
/// ```
pub type Encoder = Component<dyn Encode>;

kind!(
    "encoder",
    Encode,
    [
        Bernoulli,
        Constant,
        ConstantCurrent,
        Delta,
        Latency,
        EventsEncoder,
        SeriesEncoder,
        Phase,
        Poisson,
        Population,
        RankOrder,
        RelativeLatency,
        SpikeTimesEncoder,
        Uniform
    ]
);

impl Default for Encoder {
    fn default() -> Self {
        Constant {}.into()
    }
}

/// The work of an encoder; implement it with [`Named`](crate::registry::Named) for one of your own, and [`register`] it
/// to use it by name.
pub trait Encode: Debug + Send + Sync {
    /// Refuses settings out of their range.
    ///
    /// # Errors
    ///
    /// The setting, its value and what was expected.
    fn check(&self) -> Result<(), BadSetting> {
        Ok(())
    }

    /// Shape of the inputs at a step for samples of a shape: the `..` of samples `[B, ..]` and of activations
    /// `[T, B, ..]`. Flat samples are of shape `[F]`.
    ///
    /// # Errors
    ///
    /// Why there cannot be samples of that shape.
    fn shape(&self, sample: &[usize], grid: TimeGrid) -> Result<Vec<usize>, String> {
        let _ = grid;
        Ok(sample.to_vec())
    }

    /// Number of inputs of the first layer for samples of `features` values: the size of their [shape](Self::shape).
    ///
    /// # Errors
    ///
    /// Why there cannot be samples of that size.
    fn inputs(&self, features: usize, grid: TimeGrid) -> Result<usize, String> {
        Ok(self.shape(&[features], grid)?.iter().product())
    }

    /// Whether an input spikes once at most, so that neurons must remember it.
    fn sparse(&self) -> bool {
        false
    }

    /// Steps of the network that a series of `length` steps lasts; none where samples are not over time.
    fn duration(&self, length: usize) -> Option<usize> {
        let _ = length;
        None
    }

    /// Encodes a batch. Random encoders draw from `seed`, the same on every backend.
    ///
    /// # Shapes
    ///
    /// - samples `[B, F]`
    /// - values `[T, B, I]`, or `[1, B, I]` where they are the same at every step; `I` is [`inputs`](Self::inputs) of
    ///   `F`
    ///
    /// # Errors
    ///
    /// [`Error::Source`] for samples that it cannot encode.
    fn encode(&self, source: Source, grid: TimeGrid, seed: u64) -> Result<Activations, Error>;

    /// As [`encode`](Self::encode), but as bits on the host, for connections that multiply by spikes alone: where every
    /// value is 0 or 1 and the device of the activations is a CPU. None where there is no way that saves work.
    ///
    /// # Errors
    ///
    /// As [`encode`](Self::encode).
    fn encode_bits(&self, source: &Source, grid: TimeGrid, seed: u64) -> Result<Option<Spikes>, Error> {
        let _ = (source, grid, seed);
        Ok(None)
    }
}

/// Refuses settings that nobody has checked before.
fn settings(encoder: &'static str, check: Result<(), BadSetting>) -> Result<(), Error> {
    check.map_err(|bad| Error::Source {
        encoder,
        problem: format!("has a wrong setting: `{}` {}", bad.key, bad.problem),
    })
}
