//! Spike trains smoothed by a Gaussian, with or without the time of spikes inside their step.

use super::smooth::Smoother;
use super::{Activations, Complex, Decode, Decoded, Reads};
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

/// Output smoothed by a Gaussian, at every step: correlated with `exp(-(3 t / W)^2)`, `t` from `-W` to
/// `W = time_window / 2` in ms. (SPAIC's source, by a slip in the shape of its kernel, sums over the batch.)
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct SpikeConv {
    /// Length of the kernel in ms, above 0.
    pub time_window: f32,
}

/// Output smoothed by a Gaussian `f` at the spikes' own times, at every step: `re * f + dt re im * f'` with
/// `f' = (6 t / W) f`; else as [`SpikeConv`].
///
/// Spikes are read as [complex](super::Complex) values: `re` is the output, `im` the time in steps by which a spike
/// precedes the end of its step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComplexConv {
    /// Length of the kernel in ms, above 0.
    pub time_window: f32,
}

impl Default for SpikeConv {
    fn default() -> Self {
        SpikeConv { time_window: 80.0 }
    }
}

impl Default for ComplexConv {
    fn default() -> Self {
        ComplexConv { time_window: 80.0 }
    }
}

impl Named for SpikeConv {
    const NAME: &'static str = "spike_conv";
    const ABOUT: &'static str = "output smoothed by a Gaussian, at every step";
}

impl Named for ComplexConv {
    const NAME: &'static str = "complex_conv";
    const ABOUT: &'static str = "output smoothed by a Gaussian at the spikes' own times, at every step";
}

/// Smoothers with the Gaussian and with its slope.
fn smoothers(time_window: f32, activations: &Activations) -> [Smoother; 2] {
    let (half, dt, steps) = (time_window / 2.0, activations.dt, activations.steps());
    let taps = (activations.grid().in_steps(time_window.into()).ceil() as usize).max(1);
    let scaled = |tap: usize| (tap as f32 * dt - half) / half;
    let gaussian = |tap| (-9.0 * scaled(tap) * scaled(tap)).exp();
    let device = activations.values.device();
    let kernel = Smoother::new(taps, gaussian, steps, &device);
    [kernel, Smoother::new(taps, |tap| 6.0 * scaled(tap) * gaussian(tap), steps, &device)]
}

impl Decode for SpikeConv {
    fn check(&self) -> Result<(), BadSetting> {
        BadSetting::unless_above_zero("time_window", self.time_window, "a time in ms")
    }

    fn every_step(&self) -> bool {
        true
    }

    fn read(&self, activations: &Activations, _: &[Tensor<1>]) -> Decoded {
        let [kernel, _] = smoothers(self.time_window, activations);
        kernel.smooth(activations.values.clone()).into()
    }
}

impl Decode for ComplexConv {
    fn check(&self) -> Result<(), BadSetting> {
        BadSetting::unless_above_zero("time_window", self.time_window, "a time in ms")
    }

    fn reads(&self) -> Reads {
        Reads::SpikeTimes
    }

    fn every_step(&self) -> bool {
        true
    }

    fn read(&self, activations: &Activations, _: &[Tensor<1>]) -> Decoded {
        let [kernel, slope] = smoothers(self.time_window, activations);
        let Complex { re, im } = activations.complex();
        (kernel.smooth(re.clone()) + slope.smooth(re * im * activations.dt)).into()
    }
}
