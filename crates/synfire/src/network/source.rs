//! Generators in a network.

use super::precision::Precision;
use crate::Error;
use crate::coding::{Generator, Window};
use burn::module::{Module, ModuleDisplay};
use burn::tensor::{Device, Tensor};

/// A layer that a generator drives.
#[derive(Module, Debug)]
#[module(custom_display)]
pub struct Source {
    #[module(skip)]
    generator: Generator,
    #[module(skip)]
    neurons: usize,
}

impl ModuleDisplay for Source {}

impl Source {
    pub(super) fn new(generator: Generator, neurons: usize) -> Self {
        Source { generator, neurons }
    }

    /// What drives it.
    #[must_use]
    pub fn generator(&self) -> &Generator {
        &self.generator
    }

    /// Number of its outputs.
    #[must_use]
    pub fn neurons(&self) -> usize {
        self.neurons
    }
}

/// What drives neurons besides their connections, `[T or 1, B, N]`.
pub(super) fn generate(
    generator: &Generator,
    window: Window,
    [batch, neurons]: [usize; 2],
    seed: u64,
    precision: Precision,
    device: &Device,
) -> Result<Tensor<3>, Error> {
    let values = precision.of(generator.generate(window, batch, neurons, seed, device)?.values);
    let steps = values.dims()[0];
    Ok(values.expand([steps, batch, neurons]))
}
