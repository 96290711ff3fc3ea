//! Integer arithmetic in single precision: exact up to `2^24`, the same bits on every backend.

use synfire_dynamics::{FieldInfo, Fields, Real};

/// Rounds towards zero.
#[inline(always)]
pub(super) fn truncate<R: Real>(x: R) -> R {
    R::select(x.greater_equal(x.lit(0.0)), x.floor(), -((-x).floor()))
}

/// `x`, but at least `low` and at most `high`.
#[inline(always)]
pub(super) fn clamp<R: Real>(x: R, low: R, high: R) -> R {
    x.max(low).min(high)
}

/// A comparison as 0 or 1, without gradient.
#[inline(always)]
pub(super) fn indicator<R: Real>(mask: R::Primal, like: R) -> R {
    like.with_slopes(mask, [])
}

/// `(factor * x) >> shift`, rounded down.
///
/// With `x = 2^shift q + r` it is `factor q + ((factor r) >> shift)`, so no product needs more bits than
/// the result or `factor 2^shift`.
#[inline(always)]
pub(super) fn scale<R: Real>(factor: R, x: R, shift: u32) -> R {
    let power = (1u32 << shift) as f32;
    let high = (x * power.recip()).floor();
    let low = x - high * power;
    factor * high + (factor * low * power.recip()).floor()
}

/// Refuses parameters that are not integers from `-most` to `most`.
pub(super) fn check<P: Fields<f32>>(params: &P, most: f32) -> Result<(), String> {
    let infos: &[FieldInfo] = P::INFO;
    for (i, info) in infos.iter().enumerate() {
        let value = params.get(i);
        if value.fract() != 0.0 || value.abs() > most {
            return Err(format!("`{}` is {value}; expected an integer from -{most} to {most}", info.name));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scaling_is_a_shift_of_the_exact_product() {
        for shift in [0, 1, 7, 10] {
            for factor in [-900i64, -1, 0, 1, 154, 1013, 4095] {
                for x in (-40_000i64..40_000).step_by(37) {
                    let expected = (factor * x) >> shift;
                    if expected.abs() > 1 << 24 {
                        continue; // not a number in single precision
                    }
                    assert_eq!(scale(factor as f32, x as f32, shift), expected as f32, "{factor} * {x} >> {shift}");
                }
            }
        }
    }

    #[test]
    fn truncation_is_towards_zero() {
        assert_eq!([2.9f32, -2.9, 0.5, -0.5, 3.0, -3.0].map(truncate), [2.0, -2.0, 0.0, -0.0, 3.0, -3.0]);
    }
}
