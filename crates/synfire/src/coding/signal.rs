//! What a network receives over time, and when.

use crate::registry::BadSetting;
use burn::tensor::{Device, Tensor, TensorData};
use core::ops::Range;
use serde::{Deserialize, Serialize};

/// The time in which a sample is presented.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeGrid {
    /// Number of steps `T`, at least 1.
    pub steps: usize,
    /// Length of a step in ms.
    pub dt: f32,
}

impl TimeGrid {
    /// Whether there can be one like this.
    pub(crate) fn is_one(self) -> bool {
        self.steps > 0 && self.dt.is_finite() && self.dt > 0.0
    }

    /// Length of a step as it was written: 0.1 is not what single precision makes of it.
    pub(crate) fn dt_written(self) -> f64 {
        self.dt.to_string().parse().unwrap_or_else(|_| f64::from(self.dt))
    }

    /// Where times in ms lie, in steps. Those that are a multiple of the step but for rounding are one.
    pub(crate) fn clock(self) -> impl Fn(f64) -> f64 {
        let dt = self.dt_written();
        move |ms| {
            let steps = ms / dt;
            let nearest = steps.round();
            if (steps - nearest).abs() <= 1e-6 * nearest.abs().max(1.0) { nearest } else { steps }
        }
    }
}

/// When something is on: from its start time up to its end time, both in ms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ActiveInterval {
    /// In ms, 0 or more.
    pub start_time: f64,
    /// In ms, 0 or more; without it there is no end.
    pub end_time: Option<f64>,
}

impl ActiveInterval {
    /// The steps that begin in it.
    #[must_use]
    pub fn steps(&self, grid: TimeGrid) -> Range<usize> {
        let clock = grid.clock();
        let step = |ms: f64| (clock(ms).ceil() as usize).min(grid.steps);
        let end = self.end_time.map_or(grid.steps, step);
        step(self.start_time).min(end)..end
    }

    pub(crate) fn check(&self) -> Result<(), BadSetting> {
        let problem = |time: f64| format!("is {time}; expected a time in ms of 0 or more");
        let ends = [("start_time", Some(self.start_time)), ("end_time", self.end_time)];
        match ends.into_iter().find_map(|(key, time)| Some((key, time.filter(|t| !(t.is_finite() && *t >= 0.0))?))) {
            Some((key, time)) => Err(BadSetting::of(key, problem(time))),
            None => Ok(()),
        }
    }
}

/// What a network receives over time.
#[derive(Clone, Debug)]
pub struct Signal {
    /// `[T, B, I]`, or `[1, B, I]` where it stays the same at every step.
    pub values: Tensor<3>,
    /// By how much of a step the spike of each input precedes the end of its step, in [0, 1], `[T, B, I]` or
    /// `[1, B, I]`: for encoders whose spikes have a time of their own.
    pub spike_times: Option<Tensor<3>>,
}

impl From<Tensor<3>> for Signal {
    fn from(values: Tensor<3>) -> Self {
        Signal { values, spike_times: None }
    }
}

impl Signal {
    /// Of numbers in the order of `dims`, `[T, B, I]`.
    pub(crate) fn of(values: Vec<f32>, dims: [usize; 3], device: &Device) -> Self {
        Tensor::from_data(TensorData::new(values, dims), device).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_has_the_steps_that_begin_in_it() {
        let grid = TimeGrid { steps: 10, dt: 0.1 };
        let steps = |start_time, end_time| ActiveInterval { start_time, end_time }.steps(grid);
        assert_eq!(steps(0.0, None), 0..10);
        // 0.3 / 0.1 is less than 3 in double precision
        assert_eq!(steps(0.3, Some(0.7)), 3..7);
        assert_eq!(steps(0.35, Some(0.65)), 4..7);
        assert_eq!(steps(0.5, Some(0.2)), 2..2);
        assert_eq!(steps(5.0, None), 10..10);
    }
}
