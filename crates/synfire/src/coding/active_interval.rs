//! The interval in which a generator or an encoder is on.

use super::TimeGrid;
use crate::registry::BadSetting;
use core::ops::Range;
use serde::{Deserialize, Serialize};

/// An interval of time: from its start up to its end, both in ms from the beginning of the sample.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ActiveInterval {
    /// Start in ms, 0 or more.
    pub start_time: f64,
    /// End in ms, 0 or more; without it there is no end.
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
        for (key, time) in [("start_time", Some(self.start_time)), ("end_time", self.end_time)] {
            let time = time.unwrap_or(0.0);
            BadSetting::unless(time.is_finite() && time >= 0.0, key, time, "a time in ms of 0 or more")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_has_the_steps_that_begin_in_it() {
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
