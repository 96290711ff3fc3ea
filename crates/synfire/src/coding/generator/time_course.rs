//! A function of time, for each sample and neuron.

use super::Values;
use crate::Error;
use crate::coding::{ActiveInterval, Signal, TimeGrid};
use crate::registry::BadSetting;
use burn::tensor::Device;
use core::ops::Range;

/// Where and when a generator is on.
pub(super) struct TimeCourse {
    generator: &'static str,
    grid: TimeGrid,
    /// The steps in which it is on.
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
        match grid.is_one() && batch > 0 && neurons > 0 {
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

    /// Number of samples that these settings tell apart, if they fit.
    pub(super) fn samples(&self, values: &[(&'static str, &Values)]) -> Result<usize, Error> {
        for (key, values) in values {
            settings(self.generator, values.fit(key, self.batch, self.neurons))?;
        }
        Ok(values.iter().map(|(_, values)| values.samples()).max().unwrap_or(1))
    }

    /// `f` of the time in ms, the sample and the neuron; zero where it is off.
    pub(super) fn signal(&self, samples: usize, device: &Device, f: impl Fn(f64, usize, usize) -> f64) -> Signal {
        self.steps(self.grid.steps, samples, device, f)
    }

    /// `f` of the sample and the neuron; one step where it is always on.
    pub(super) fn constant(&self, samples: usize, device: &Device, f: impl Fn(usize, usize) -> f64) -> Signal {
        let steps = if self.on == (0..self.grid.steps) { 1 } else { self.grid.steps };
        self.steps(steps, samples, device, |_, sample, n| f(sample, n))
    }

    fn steps(&self, steps: usize, samples: usize, device: &Device, f: impl Fn(f64, usize, usize) -> f64) -> Signal {
        let mut values = Vec::with_capacity(steps * samples * self.neurons);
        for step in 0..steps {
            let (on, ms) = (self.on.contains(&step), step as f64 * self.grid.dt_written());
            for sample in 0..samples {
                values.extend((0..self.neurons).map(|n| if on { f(ms, sample, n) as f32 } else { 0.0 }));
            }
        }
        Signal::of(values, [steps, samples, self.neurons], device)
    }
}

/// A setting that is out of its range or does not fit, as an error.
pub(super) fn settings(generator: &str, check: Result<(), BadSetting>) -> Result<(), Error> {
    check.map_err(|bad| Error::Setting {
        layer: format!("generator `{generator}`"),
        key: bad.key.to_string(),
        problem: bad.problem,
    })
}
