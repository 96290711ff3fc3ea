//! From times and intensities to steps: the one place where rounding errors are told from fractions of a step.
//!
//! `0.3 / 0.1` is less than 3 in double precision, and 15 times the grey level 119/255 less than 7 in single precision;
//! `floor` and `ceil` would make a step of the difference. A value is therefore kept with the error that it may have,
//! and is a whole number if it is one within that error.

/// Largest error that is allowed for, in steps: no two multiples of 1/255 are closer.
const LARGEST_ERROR: f64 = 1.0 / 256.0;

/// The whole number that `value`, in steps, is within its `error` and that of a few operations in double precision;
/// `value` itself if it is none.
pub(crate) fn whole(value: f64, error: f64) -> f64 {
    let nearest = value.round();
    let error = (error + 8.0 * f64::EPSILON * value.abs()).min(LARGEST_ERROR);
    if (value - nearest).abs() <= error { nearest } else { value }
}

/// Error of a value that was computed in single precision, as a share of it.
pub(crate) const SINGLE: f64 = f32::EPSILON as f64;

/// An intensity in single precision, as exactly as it is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Level {
    /// The grey level `k/65535` (among them all `k/255`) that rounds to it, or else the value itself.
    pub(crate) value: f64,
    /// Its error: that of a computation with values of up to 1, in double precision for a grey level, else in single.
    pub(crate) error: f64,
}

impl Level {
    pub(crate) fn of(x: f32) -> Self {
        let grey = (f64::from(x) * 65_535.0).round() / 65_535.0;
        match grey as f32 == x {
            true => Level { value: grey, error: f64::EPSILON * grey.abs().max(1.0) },
            false => Level { value: x.into(), error: SINGLE * f64::from(x.abs().max(1.0)) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grey_levels_are_exact_however_they_were_divided() {
        for k in 0..=255u8 {
            let exact = f64::from(k) / 255.0;
            assert_eq!(Level::of(f32::from(k) / 255.0), Level { value: exact, error: f64::EPSILON });
            let multiplied = Level::of(f32::from(k) * (1.0 / 255.0));
            assert!((multiplied.value - exact).abs() <= multiplied.error + f64::EPSILON, "{k}");
        }
        assert_eq!(Level::of(12_345.0 / 65_535.0).value, 12_345.0 / 65_535.0);
    }

    #[test]
    fn fractions_stay_what_they_are() {
        assert_eq!(whole(2.999_999_999_999_999_6, 0.0), 3.0);
        assert_eq!(whole(1_000_000.7, 0.5), 1_000_000.7);
        assert_eq!(whole(2.999, 1e-6), 2.999);
        assert_eq!(whole(f64::INFINITY, 0.0), f64::INFINITY);
    }
}
