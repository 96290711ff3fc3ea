//! A linear axis: a range that is never empty, and round ticks with labels.

use super::{style, text};

/// Whether a value can be placed on an axis at all. The bound keeps the
/// difference of two values far from overflow.
pub(super) fn drawable(value: f64) -> bool {
    value.is_finite() && value.abs() < 1e100
}

/// Smallest and largest drawable value; `None` if there is none.
pub(super) fn extent(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values
        .into_iter()
        .filter(|&v| drawable(v))
        // A range this small has no steps that a float can count.
        .map(|v| if v.abs() < 1e-100 { 0.0 } else { v })
        .fold(None, |seen, v| match seen {
            None => Some((v, v)),
            Some((lo, hi)) => Some((v.min(lo), v.max(hi))),
        })
}

/// The range with `share` of its width added at both ends; a constant gets a
/// tenth of its size instead, so that its line runs through the middle.
pub(super) fn padded((lo, hi): (f64, f64), share: f64) -> (f64, f64) {
    let size = lo.abs().max(hi.abs());
    let pad = if hi - lo > 1e-6 * size {
        (hi - lo) * share
    } else if size > 1e-100 {
        size * 0.1
    } else {
        0.5
    };
    (lo - pad, hi + pad)
}

/// Range and labelled ticks of one axis, in data units.
pub(super) struct Axis {
    lo: f64,
    hi: f64,
    pub(super) ticks: Vec<(f64, String)>,
}

impl Axis {
    /// An axis over `lo..hi` with about `count` ticks, `min_step` or more apart
    /// (1 for whole numbers, 0 for any).
    pub(super) fn new((lo, hi): (f64, f64), count: usize, min_step: f64) -> Self {
        let (lo, hi) = if hi > lo { (lo, hi) } else { padded((lo, hi), 0.0) };
        let (step, power) = round_step((hi - lo) / count.max(1) as f64, min_step);
        let first = (lo / step).ceil();
        let ticks = (0..64)
            .map(|i| (first + f64::from(i)) * step)
            .take_while(|&v| v <= hi)
            .map(|v| (v, label(v, step, power, lo.abs().max(hi.abs()))))
            .collect();
        Self { lo, hi, ticks }
    }

    /// A horizontal axis `room` px long with as many ticks, at least `min_step`
    /// apart, as its labels leave room for.
    pub(super) fn horizontal(range: (f64, f64), room: f64, min_step: f64) -> Self {
        let fits = |axis: &Self| {
            let wide = |(_, label): &(f64, String)| text::width(label, style::LABEL_SIZE) + 16.0;
            axis.ticks.iter().map(wide).fold(0.0, f64::max) * axis.ticks.len() as f64 <= room
        };
        let axes = (2..=12).rev().map(|count| Self::new(range, count, min_step));
        let roomy = axes.into_iter().find(fits);
        roomy.unwrap_or_else(|| Self::new(range, 1, min_step))
    }

    /// Where `value` lies when the axis runs from `start` to `end` px.
    pub(super) fn place(&self, value: f64, start: f64, end: f64) -> f64 {
        start + (value - self.lo) / (self.hi - self.lo) * (end - start)
    }
}

/// 1, 2 or 5 times a power of ten, and the power: nearest to `raw`, but not
/// below `least`.
fn round_step(raw: f64, least: f64) -> (f64, i32) {
    let power = raw.max(least).log10().floor() as i32;
    let base = 10f64.powi(power);
    // The tolerance lets a step of 0.1f32 (0.100000001) count as 0.1.
    let fits = |&(factor, up_to): &(f64, f64)| raw <= up_to * base && least * (1.0 - 1e-6) <= factor * base;
    match [(1.0, 1.5), (2.0, 3.5), (5.0, 7.5)].iter().find(|step| fits(step)) {
        Some((factor, _)) => (factor * base, power),
        None => (base * 10.0, power + 1),
    }
}

/// A tick's label: as many decimals as the step needs, scientific for numbers
/// too long or too small to read.
fn label(value: f64, step: f64, power: i32, largest: f64) -> String {
    let value = if value.abs() < step / 2.0 { 0.0 } else { value };
    let plain = (1e-4..1e6).contains(&largest) && power >= -5;
    let text = if plain || value == 0.0 {
        let decimals = if plain { (-power).max(0) as usize } else { 0 };
        format!("{value:.decimals$}")
    } else {
        let digits = (value.abs().log10().floor() as i32 - power).clamp(0, 6) as usize;
        format!("{value:.digits$e}")
    };
    text.replace('-', "−")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<&str> {
        axis.ticks.iter().map(|(_, text)| text.as_str()).collect()
    }

    #[test]
    fn ticks_are_round() {
        let axis = Axis::new((-0.5, 24.5), 6, 1.0);
        assert_eq!(labels(&axis), ["0", "5", "10", "15", "20"]);
        let axis = Axis::new((-0.1, 0.31), 5, 0.0);
        assert_eq!(labels(&axis), ["−0.1", "0.0", "0.1", "0.2", "0.3"]);
        assert_eq!(labels(&Axis::new((0.5, 1.5), 8, 1.0)), ["1"]);
    }

    #[test]
    fn horizontal_labels_do_not_touch() {
        for epochs in [1, 7, 20, 300, 4321, 1_000_000] {
            let axis = Axis::horizontal((0.5, f64::from(epochs) + 0.5), 400.0, 1.0);
            let ends = axis.ticks.iter().map(|(value, label)| {
                let half = text::width(label, style::LABEL_SIZE) / 2.0;
                let middle = axis.place(*value, 0.0, 400.0);
                (middle - half, middle + half)
            });
            let ends: Vec<_> = ends.collect();
            assert!(ends.windows(2).all(|pair| pair[0].1 + 8.0 < pair[1].0), "{epochs}");
            assert!(epochs < 7 || ends.len() >= 3, "{epochs}");
        }
    }

    #[test]
    fn extreme_ranges_stay_readable() {
        for range in [(0.0, 0.0), (1e99, 1e99), (-1e99, 1e99), (3.0, 3.0), (0.0, 1e-30), (0.0, 1e-99)] {
            let axis = Axis::new(padded(range, 0.05), 5, 0.0);
            assert!((1..=12).contains(&axis.ticks.len()), "{range:?}");
            assert!(axis.ticks.iter().all(|(_, text)| text.chars().count() <= 12));
            let middle = axis.place((range.0 + range.1) / 2.0, 0.0, 100.0);
            assert!((middle - 50.0).abs() < 1e-6, "{range:?}: {middle}");
        }
    }

    #[test]
    fn extent_skips_what_cannot_be_drawn() {
        assert_eq!(extent([f64::NAN, 2.0, f64::INFINITY, -1.0]), Some((-1.0, 2.0)));
        assert_eq!(extent([f64::NAN, 1e300]), None);
        assert_eq!(extent([5e-324]), Some((0.0, 0.0)));
    }
}
