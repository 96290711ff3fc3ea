//! Time as steps of equal length.

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

    /// A function from times in ms to times in steps. What is a multiple of the step but for rounding becomes one.
    pub(crate) fn clock(self) -> impl Fn(f64) -> f64 {
        let dt = self.dt_written();
        move |ms| {
            let steps = ms / dt;
            let nearest = steps.round();
            if (steps - nearest).abs() <= 1e-6 * nearest.abs().max(1.0) { nearest } else { steps }
        }
    }
}
