//! Time as steps of equal length.

use super::rounding::{SINGLE, whole};

/// The steps in which a sample is presented.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TimeGrid {
    /// Number of steps `T`, at least 1.
    pub steps: usize,
    /// Length of a step in ms, above 0.
    pub dt: f32,
}

impl TimeGrid {
    /// Whether both are in their range.
    pub(crate) fn is_valid(self) -> bool {
        self.steps > 0 && self.dt.is_finite() && self.dt > 0.0
    }

    /// Length of a step in double precision, as it was written: 0.1 is not what single precision makes of it.
    pub(crate) fn dt_written(self) -> f64 {
        self.dt.to_string().parse().unwrap_or_else(|_| f64::from(self.dt))
    }

    /// A time in ms as a time in steps: a whole number for multiples of the step, computed in single or in double
    /// precision, and for no other time.
    ///
    /// ```
    /// use synfire::coding::TimeGrid;
    ///
    /// let grid = TimeGrid { steps: 10, dt: 0.1 };
    /// // 0.3 / 0.1 is less than 3 in double precision
    /// assert_eq!(grid.in_steps(0.3), 3.0);
    /// assert_eq!(grid.in_steps(0.25), 2.5);
    /// ```
    #[must_use]
    pub fn in_steps(self, ms: f64) -> f64 {
        self.clock()(ms)
    }

    /// As [`in_steps`](Self::in_steps), for many times.
    pub(crate) fn clock(self) -> impl Fn(f64) -> f64 {
        let dt = self.dt_written();
        move |ms| {
            let (steps, single) = (ms / dt, ms as f32);
            match f64::from(single) == ms {
                // a late time has an error of many steps, but there is one multiple that single precision makes it of
                true if (steps.round() * dt) as f32 == single => steps.round(),
                true => whole(steps, SINGLE * steps.abs()),
                false => whole(steps, 0.0),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimal_multiples_of_the_step_are_whole_and_no_other_times() {
        for (dt, written) in [(0.1f32, 0.1), (0.05, 0.05), (0.25, 0.25), (0.3, 0.3), (1.0, 1.0), (0.7, 0.7)] {
            let clock = TimeGrid { steps: 1, dt }.clock();
            for k in (0..=1024).chain([99_999, 1_234_567, 8_000_001]) {
                let exact = f64::from(k);
                let decimal: f64 = format!("{:.2}", exact * written).parse().unwrap();
                assert_eq!(clock(decimal), exact, "{decimal} / {dt}");
                assert_eq!(clock(exact * written), exact, "{k} times {dt}");
                assert_eq!(clock(f64::from(decimal as f32)), exact, "{decimal} / {dt} in single precision");
                if k <= 1024 {
                    assert_eq!(clock(f64::from(k as f32 * dt)), exact, "{k} times {dt} in single precision");
                }
                for part in [0.3, 0.5, 0.99] {
                    let between = (exact + part) * written;
                    assert_eq!(clock(between).floor(), exact, "{between} / {dt}");
                    assert_eq!(clock(between).ceil(), exact + 1.0, "{between} / {dt}");
                }
            }
        }
        // once a relative tolerance, which grew to a whole step
        assert_eq!(TimeGrid { steps: 1, dt: 1.0 }.in_steps(1_000_000.7).floor(), 1_000_000.0);
        assert_eq!(TimeGrid { steps: 1, dt: 1.0 }.in_steps(1_000_000.7f32.into()).floor(), 1_000_000.0);
    }
}
