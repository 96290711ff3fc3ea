//! A function of time, for each sample and neuron.

use super::Values;
use crate::Error;
use crate::coding::{Signal, Window};
use burn::tensor::Device;
use core::ops::Range;

/// Where and when a generator is on.
pub(super) struct Course {
    /// Generator, for messages.
    pub generator: &'static str,
    pub window: Window,
    /// The steps in which it is on.
    pub on: Range<usize>,
    pub batch: usize,
    pub neurons: usize,
}

impl Course {
    /// Number of samples that these settings tell apart, if they fit.
    pub(super) fn samples(&self, settings: &[(&'static str, &Values)]) -> Result<usize, Error> {
        for (key, values) in settings {
            values.fit(key, self.batch, self.neurons).map_err(|bad| Error::Setting {
                layer: format!("generator `{}`", self.generator),
                key: bad.key.to_string(),
                problem: bad.problem,
            })?;
        }
        Ok(settings.iter().map(|(_, values)| values.samples()).max().unwrap_or(1))
    }

    /// `f` of the step, sample and neuron; zero where it is off.
    pub(super) fn signal(
        &self,
        steps: usize,
        samples: usize,
        device: &Device,
        f: impl Fn(usize, usize, usize) -> f64,
    ) -> Signal {
        let mut values = Vec::with_capacity(steps * samples * self.neurons);
        for step in 0..steps {
            let on = self.on.contains(&step);
            for sample in 0..samples {
                values.extend((0..self.neurons).map(|n| if on { f(step, sample, n) as f32 } else { 0.0 }));
            }
        }
        Signal::of(values, [steps, samples, self.neurons], device)
    }
}
