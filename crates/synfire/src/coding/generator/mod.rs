//! Generators: currents and spikes that do not come from samples.

mod constant_current;
mod cosine;
mod neuron_values;
mod poisson;
mod ramp;
mod sin;
mod time_course;
mod timed_poisson;
mod wave;

pub use constant_current::ConstantCurrentGenerator;
pub use cosine::CosineGenerator;
pub use neuron_values::NeuronValues;
pub use poisson::PoissonGenerator;
pub use ramp::RampGenerator;
pub use sin::SinGenerator;
pub use timed_poisson::TimedPoissonGenerator;
pub use wave::Wave;

use super::{Activations, TimeGrid};
use crate::Error;
use crate::registry::{BadSetting, Component, kind};
use burn::tensor::Device;
use core::fmt::Debug;
use synfire_dynamics::CounterRng;
use time_course::{TimeCourse, settings};

/// A generator with its settings: an additional input of neurons.
///
/// ```
/// use burn::tensor::Device;
/// use synfire::coding::{ConstantCurrentGenerator, CounterRng, Generate, Generator, TimeGrid};
///
/// let generator = Generator::from(ConstantCurrentGenerator { amplitude: 0.5.into(), ..Default::default() });
/// let current = generator.generate(TimeGrid { steps: 10, dt: 1.0 }, 4, 3, &CounterRng::new(0), &Device::default())?;
/// // the same at every step and for every sample
/// assert_eq!(current.values.dims(), [1, 1, 3]);
/// # Ok::<(), synfire::Error>(())
/// ```
pub type Generator = Component<dyn Generate>;

kind!(
    "generator",
    Generate,
    [ConstantCurrentGenerator, CosineGenerator, PoissonGenerator, TimedPoissonGenerator, RampGenerator, SinGenerator]
);

/// The work of a generator; implement it with [`Named`](crate::registry::Named) for one of your own, and [`register`] it
/// to use it by name.
pub trait Generate: Debug + Send + Sync {
    /// Refuses settings out of their range.
    ///
    /// # Errors
    ///
    /// The setting, its value and what was expected.
    fn check(&self) -> Result<(), BadSetting> {
        Ok(())
    }

    /// Inputs of the neurons at every step. Random generators draw from `rng`, which knows the samples.
    ///
    /// # Shapes
    ///
    /// Values `[T, B, N]`. The first axis is 1 where they are the same at every step, the second where they are the same
    /// for every sample: they broadcast.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] if a setting is out of its range, or is a list that has not one value for each neuron or
    /// sample; [`Error::Config`] if there are no steps, samples or neurons.
    fn generate(
        &self,
        grid: TimeGrid,
        batch: usize,
        neurons: usize,
        rng: &CounterRng,
        device: &Device,
    ) -> Result<Activations, Error>;
}
