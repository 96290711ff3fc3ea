//! Encoders: from samples to what the first layer receives at each step.

mod bernoulli;
mod constant;
mod constant_current;
mod delta;
mod latency;
mod mstb;
mod null;
mod phase;
mod poisson;
mod population;
mod rank_order;
mod relative_latency;
mod source;
mod sstb;
mod uniform;

pub use super::signal::{Signal, Window};
pub use bernoulli::Bernoulli;
pub use constant::Constant;
pub use constant_current::ConstantCurrent;
pub use delta::Delta;
pub use latency::Latency;
pub use mstb::Mstb;
pub use null::NullEncoder;
pub use phase::Phase;
pub use poisson::Poisson;
pub use population::Population;
pub use rank_order::RankOrder;
pub use relative_latency::RelativeLatency;
pub use source::{Events, Source};
pub use sstb::Sstb;
pub use uniform::Uniform;

use crate::Error;
use crate::registry::{BadSetting, Choice, kind};
use burn::tensor::Tensor;
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

kind!(
    "encoder",
    Encode,
    [
        Bernoulli,
        Constant,
        ConstantCurrent,
        Delta,
        Latency,
        Mstb,
        NullEncoder,
        Phase,
        Poisson,
        Population,
        RankOrder,
        RelativeLatency,
        Sstb,
        Uniform,
    ]
);

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

/// A spike in the step that each number `[1, B, I]` says, `[T, B, I]`; none for numbers that are no step.
fn one_hot(at: Tensor<3>, steps: usize) -> Tensor<3> {
    Tensor::cat((0..steps).map(|step| at.clone().equal_scalar(step as f32).float()).collect(), 0)
}

/// 1 for the steps in `start..=end` ms and 0 for the others, step `k` being at `(k + 1) dt`; nothing if there is
/// no limit.
pub(super) fn is_on(start: Option<f32>, end: Option<f32>, window: Window) -> Option<Vec<f32>> {
    let limits = start.is_some() || end.is_some();
    let [first, last] = [start.unwrap_or(0.0) / window.dt, end.unwrap_or(f32::INFINITY) / window.dt];
    let on = |k: usize| f32::from(u8::from(k as f32 >= first && k as f32 <= last));
    limits.then(|| (1..=window.steps).map(on).collect())
}

/// Refuses times that are no interval.
pub(super) fn check_times(start: Option<f32>, end: Option<f32>) -> Result<(), BadSetting> {
    let [from, to] = [start.unwrap_or(0.0), end.unwrap_or(f32::MAX)];
    match from >= 0.0 && to >= from && from.is_finite() {
        true => Ok(()),
        false => {
            let problem = format!("is {from}, `end_time` {to}; expected times in ms from 0 on, the later one last");
            Err(BadSetting::of("start_time", problem))
        }
    }
}
