//! Smooth firing rates, and their distance from those of a target.

use super::smooth::Smoother;
use super::{Activations, Complex, Decode, Decoded, Reads};
use crate::coding::TimeGrid;
use crate::coding::precision::single;
use crate::registry::{BadSetting, Named};
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

/// Smooth firing rates at every step, and their distance from those of a target.
///
/// ```text
/// rate = re * f - im * g                         convolutions over time, a spike at the middle of the curves
/// f    = exp(-(x - 2)^2)                         x = 0, h, .. up to the first that is 6 or more
/// g    = 0.005 h (x - 2) exp(-(x - 1)^2)         h = 6 dt / filter_time
/// ```
///
/// The scores are the rates at every step; the [`distance`](Self::distance) is a loss for targets that are spike trains.
///
/// Spikes are read as [complex](super::Complex) values: `re` is the output, `im` the time in steps by which a spike
/// precedes the end of its step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ComplexTimingDistance {
    /// Length of the curve in ms, above 0.
    pub filter_time: f32,
}

/// Distance between two records of spikes, and the rates that it is computed from.
#[derive(Clone, Debug)]
pub struct TimingDistance {
    /// Mean squared difference of the rates, `[1]`.
    pub distance: Tensor<1>,
    /// Rates of the record, `[T, B, N]`.
    pub rate: Tensor<3>,
    /// Rates of the target, `[T, B, N]`.
    pub target_rate: Tensor<3>,
}

impl Default for ComplexTimingDistance {
    fn default() -> Self {
        ComplexTimingDistance { filter_time: 10.0 }
    }
}

impl ComplexTimingDistance {
    /// Distance of the activity of a layer from the spike trains `target`, `[T, B, N]`.
    #[must_use]
    pub fn distance(&self, activations: &Activations, target: Tensor<3>) -> TimingDistance {
        let activations = &activations.in_single();
        let rate = self.rate(activations);
        let [of_spikes, _] = self.smoothers(activations.dt, activations.steps(), &target.device());
        let target_rate = of_spikes.smooth(single(target));
        let distance = (rate.clone() - target_rate.clone()).square().mean();
        TimingDistance { distance, rate, target_rate }
    }

    fn rate(&self, activations: &Activations) -> Tensor<3> {
        let Complex { re, im } = activations.complex();
        let [of_spikes, of_times] = self.smoothers(activations.dt, activations.steps(), &re.device());
        of_spikes.smooth(re) - of_times.smooth(im)
    }

    /// Smoothers with the curve of a spike and with the change of it by the time inside the step.
    fn smoothers(&self, dt: f32, steps: usize, device: &Device) -> [Smoother; 2] {
        let unit = 6.0 * dt / self.filter_time;
        let taps = TimeGrid { steps, dt }.in_steps(self.filter_time.into()).ceil() as usize;
        let taps = taps.saturating_add(1);
        let spike = |x: f32| (-(x - 2.0).powi(2)).exp();
        let time = |x: f32| 0.005 * unit * (x - 2.0) * (-(x - 1.0).powi(2)).exp();
        let of_spikes = Smoother::new(taps, |tap| spike(tap as f32 * unit), steps, device);
        [of_spikes, Smoother::new(taps, |tap| time(tap as f32 * unit), steps, device)]
    }
}

impl Named for ComplexTimingDistance {
    const NAME: &'static str = "complex_timing_distance";
    const ABOUT: &'static str = "smooth firing rates, at every step";
}

impl Decode for ComplexTimingDistance {
    fn check(&self) -> Result<(), BadSetting> {
        BadSetting::unless_above_zero("filter_time", self.filter_time, "a time in ms")
    }

    fn reads(&self) -> Reads {
        Reads::SpikeTimes
    }

    fn unit(&self, _: bool) -> &'static str {
        "mean rate"
    }

    fn every_step(&self) -> bool {
        true
    }

    fn read(&self, activations: &Activations, _: &[Tensor<1>]) -> Decoded {
        self.rate(activations).into()
    }
}
