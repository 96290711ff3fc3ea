//! Functions of time, for each sample and neuron.

use super::NeuronValues;
use crate::Error;
use crate::coding::{Activations, ActiveInterval, TimeGrid};
use crate::registry::BadSetting;
use burn::tensor::Device;
use core::ops::Range;

/// The grid, the interval, the batch and the neurons that a generator is asked for.
pub(super) struct TimeCourse {
    generator: &'static str,
    grid: TimeGrid,
    /// Steps in which it is on.
    pub on: Range<usize>,
    batch: usize,
    neurons: usize,
}

impl TimeCourse {
    pub(super) fn new(
        generator: &'static str,
        grid: TimeGrid,
        active: ActiveInterval,
        batch: usize,
        neurons: usize,
    ) -> Result<Self, Error> {
        match grid.is_valid() && batch > 0 && neurons > 0 {
            true => Ok(TimeCourse { generator, grid, on: active.steps(grid), batch, neurons }),
            false => Err(Error::config(
                format!("generator `{generator}`"),
                format!(
                    "was asked for {} steps of {} ms, {batch} samples and {neurons} neurons; expected at least one of each",
                    grid.steps, grid.dt
                ),
            )),
        }
    }

    /// Number of samples that these settings tell apart; refuses settings that do not fit.
    pub(super) fn samples(&self, values: &[(&'static str, &NeuronValues)]) -> Result<usize, Error> {
        for (key, values) in values {
            settings(self.generator, values.fit(key, self.batch, self.neurons))?;
        }
        Ok(values.iter().map(|(_, values)| values.samples()).max().unwrap_or(1))
    }

    /// The current `f` of the time in ms, the sample and the neuron; zero where it is off.
    pub(super) fn current(&self, samples: usize, device: &Device, f: impl Fn(f64, usize, usize) -> f64) -> Activations {
        self.steps(self.grid.steps, samples, device, f)
    }

    /// The current `f` of the sample and the neuron; one step where it is always on.
    pub(super) fn constant(&self, samples: usize, device: &Device, f: impl Fn(usize, usize) -> f64) -> Activations {
        let steps = if self.on == (0..self.grid.steps) { 1 } else { self.grid.steps };
        self.steps(steps, samples, device, |_, sample, n| f(sample, n))
    }

    fn steps(
        &self,
        steps: usize,
        samples: usize,
        device: &Device,
        f: impl Fn(f64, usize, usize) -> f64,
    ) -> Activations {
        let mut values = Vec::with_capacity(steps * samples * self.neurons);
        for step in 0..steps {
            let (on, ms) = (self.on.contains(&step), step as f64 * self.grid.dt_written());
            for sample in 0..samples {
                values.extend((0..self.neurons).map(|n| if on { f(ms, sample, n) as f32 } else { 0.0 }));
            }
        }
        Activations::from_host(values, [steps, samples, self.neurons], self.grid.dt, device)
    }
}

/// Refuses a setting that is out of its range or does not fit.
pub(super) fn settings(generator: &str, check: Result<(), BadSetting>) -> Result<(), Error> {
    check.map_err(|bad| Error::Setting {
        layer: format!("generator `{generator}`"),
        key: bad.key.to_string(),
        problem: bad.problem,
    })
}
