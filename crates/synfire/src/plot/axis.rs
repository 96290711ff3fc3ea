//! An axis: a range that is never empty, linear or logarithmic, and round ticks with labels.

use super::{style, text};
use core::ops::Range;
use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};

/// Whether a value can be placed on an axis at all. The bound keeps the difference of two values far from overflow.
pub(super) fn drawable(value: f64) -> bool {
    value.is_finite() && value.abs() < 1e100
}

/// Smallest and largest drawable value; `None` if there is none.
pub(super) fn extent(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    values
        .into_iter()
        .filter(|&v| drawable(v))
        // a range this small has no steps that a float can count
        .map(|v| if v.abs() < 1e-100 { 0.0 } else { v })
        .fold(None, |seen, v| match seen {
            None => Some((v, v)),
            Some((lo, hi)) => Some((v.min(lo), v.max(hi))),
        })
}

/// The range with `share` of its width added at both ends; a constant gets a tenth of its size instead, so that its
/// line runs through the middle.
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

/// Range, name and labelled ticks of one axis, in data units.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Axis {
    lo: f64,
    hi: f64,
    logarithmic: bool,
    ticks: Vec<(f64, String)>,
    /// Its name with the unit; empty if it needs none.
    pub(super) name: String,
    /// Whether labels and name are written, not ticks alone.
    pub(super) is_labelled: bool,
}

impl Axis {
    fn with_ticks((lo, hi): (f64, f64), ticks: Vec<(f64, String)>) -> Self {
        Axis { lo, hi, logarithmic: false, ticks, name: String::new(), is_labelled: true }
    }

    /// An axis with about `count` ticks, `min_step` or more apart (1 for whole numbers, 0 for any).
    pub(super) fn new((lo, hi): (f64, f64), count: usize, min_step: f64) -> Self {
        let (lo, hi) = if hi > lo { (lo, hi) } else { padded((lo, hi), 0.0) };
        let (step, power) = round_step((hi - lo) / count.max(1) as f64, min_step);
        let first = (lo / step).ceil();
        let ticks = (0..64)
            .map(|i| (first + f64::from(i)) * step)
            .take_while(|&v| v <= hi)
            .map(|v| (v, label(v, step, power, lo.abs().max(hi.abs()))));
        Self::with_ticks((lo, hi), ticks.collect())
    }

    /// A horizontal axis `room` px long with as many ticks, at least `min_step` apart, as its labels leave room for.
    pub(super) fn horizontal(range: (f64, f64), room: i32, min_step: f64) -> Self {
        let fits = |axis: &Self| {
            let wide = axis.ticks.iter().map(|(_, label)| text::width(label, style::LABEL) + 24).max();
            wide.unwrap_or(0) * axis.ticks.len() as i32 <= room
        };
        let roomy = (2..=12).rev().map(|count| Self::new(range, count, min_step)).find(fits);
        roomy.unwrap_or_else(|| Self::new(range, 1, min_step))
    }

    /// A logarithmic axis over a range above 0, with ticks at 1, 2 and 5 times powers of ten where there are few.
    pub(super) fn logarithmic((lo, hi): (f64, f64)) -> Self {
        let powers = lo.log10().floor() as i32..=hi.log10().ceil() as i32;
        let every = |factors: &[f64], stride: usize| -> Vec<(f64, String)> {
            let ticks = powers
                .clone()
                .step_by(stride)
                .flat_map(|power| factors.iter().map(move |factor| (factor * 10f64.powi(power), *factor, power)));
            let inside = ticks.filter(|(value, _, _)| (lo..=hi).contains(value));
            inside.map(|(value, factor, power)| (value, label_of_power(factor, power))).collect()
        };
        let stride = powers.clone().count().div_ceil(8);
        let ticks = [every(&[1.0], stride), every(&[1.0, 3.0], 1), every(&[1.0, 2.0, 5.0], 1)];
        let ticks = ticks.into_iter().find(|ticks| ticks.len() >= 3);
        match ticks {
            Some(ticks) => Axis { logarithmic: true, ..Self::with_ticks((lo, hi), ticks) },
            None => Axis { logarithmic: true, ..Self::new((lo, hi), 5, 0.0) },
        }
    }

    /// An axis with a place for each of `count` things, of which some have a label; the first one at the top if `down`.
    pub(super) fn places(count: usize, labels: Vec<(f64, String)>, down: bool) -> Self {
        let ends = (-0.5, count.max(1) as f64 - 0.5);
        Self::with_ticks(if down { (ends.1, ends.0) } else { ends }, labels)
    }

    pub(super) fn named(self, name: impl Into<String>) -> Self {
        Axis { name: name.into(), ..self }
    }

    /// The axis drawn on to a larger value, without ticks there.
    pub(super) fn up_to(self, high: f64) -> Self {
        Axis { hi: self.hi.max(high), ..self }
    }

    /// Where it begins and where it ends.
    pub(super) fn ends(&self) -> (f64, f64) {
        (self.lo, self.hi)
    }

    pub(super) fn without_labels(self) -> Self {
        Axis { is_labelled: false, ..self }
    }

    /// Where a value lies, 0 at the beginning of the axis and 1 at its end.
    pub(super) fn share(&self, value: f64) -> f64 {
        let place = |v: f64| if self.logarithmic { v.max(f64::MIN_POSITIVE).ln() } else { v };
        (place(value) - place(self.lo)) / (place(self.hi) - place(self.lo))
    }

    /// Room that the widest label and the name need beside a vertical axis, px.
    pub(super) fn label_room(&self) -> i32 {
        let widest = self.ticks.iter().map(|(_, label)| text::width(label, style::LABEL)).max().unwrap_or(0);
        widest + 26 + if self.name.is_empty() { 0 } else { 38 }
    }

    #[cfg(test)]
    pub(super) fn labels(&self) -> Vec<&str> {
        self.ticks.iter().map(|(_, label)| label.as_str()).collect()
    }

    #[cfg(test)]
    pub(super) fn is_logarithmic(&self) -> bool {
        self.logarithmic
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, (start, end): (i32, i32)) -> i32 {
        // far outside is as good as at the edge, and no overflow
        let share = self.share(*value).clamp(-4.0, 5.0);
        start + (f64::from(end - start) * share).round() as i32
    }

    fn key_points<H: KeyPointHint>(&self, hint: H) -> Vec<f64> {
        // plotters asks for bold and for light grid lines; these are the bold ones
        let ticks = self.ticks.iter().map(|&(value, _)| value);
        if hint.weight().allow_light_points() { vec![] } else { ticks.collect() }
    }

    fn range(&self) -> Range<f64> {
        self.lo..self.hi
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        let tick = self.ticks.iter().find(|(tick, _)| self.is_labelled && tick == value);
        tick.map_or_else(String::new, |(_, label)| text::clean(label))
    }
}

/// 1, 2 or 5 times a power of ten, and the power: nearest to `raw`, but not below `least`.
fn round_step(raw: f64, least: f64) -> (f64, i32) {
    let power = raw.max(least).log10().floor() as i32;
    let base = 10f64.powi(power);
    // the tolerance lets a step of 0.1f32 (0.100000001) count as 0.1
    let fits = |&(factor, up_to): &(f64, f64)| raw <= up_to * base && least * (1.0 - 1e-6) <= factor * base;
    match [(1.0, 1.5), (2.0, 3.5), (5.0, 7.5)].iter().find(|step| fits(step)) {
        Some((factor, _)) => (factor * base, power),
        None => (base * 10.0, power + 1),
    }
}

/// A tick's label: as many decimals as the step needs, scientific for numbers too long or too small to read.
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

/// `factor` times ten to `power`: `0.02`, `5`, `1e−7`.
fn label_of_power(factor: f64, power: i32) -> String {
    match power {
        -4..=5 => format!("{:.*}", (-power).max(0) as usize, factor * 10f64.powi(power)),
        _ => format!("{factor}e{power}").replace('-', "−"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ticks_are_round() {
        assert_eq!(Axis::new((-0.5, 24.5), 6, 1.0).labels(), ["0", "5", "10", "15", "20"]);
        assert_eq!(Axis::new((-0.1, 0.31), 5, 0.0).labels(), ["−0.1", "0.0", "0.1", "0.2", "0.3"]);
        assert_eq!(Axis::new((0.5, 1.5), 8, 1.0).labels(), ["1"]);
    }

    #[test]
    fn logarithmic_ticks_are_round_and_some() {
        assert_eq!(Axis::logarithmic((0.008, 20.0)).labels(), ["0.01", "0.1", "1", "10"]);
        assert_eq!(Axis::logarithmic((0.09, 2.5)).labels(), ["0.1", "0.3", "1"]);
        assert_eq!(Axis::logarithmic((0.18, 2.5)).labels(), ["0.2", "0.5", "1", "2"]);
        let narrow = Axis::logarithmic((2.11, 2.28));
        assert!(narrow.labels().contains(&"2.20") && (3..=9).contains(&narrow.labels().len()), "{:?}", narrow.labels());
        assert!((3..=12).contains(&Axis::logarithmic((1e-90, 1e90)).labels().len()));
        let axis = Axis::logarithmic((0.01, 100.0));
        assert!((axis.share(1.0) - 0.5).abs() < 1e-12 && axis.share(-1.0) < 0.0);
    }

    #[test]
    fn horizontal_labels_do_not_touch() {
        for epochs in [1, 7, 20, 300, 4321, 1_000_000] {
            let axis = Axis::horizontal((0.5, f64::from(epochs) + 0.5), 700, 1.0);
            let ends = axis.ticks.iter().map(|(value, label)| {
                let half = f64::from(text::width(label, style::LABEL)) / 2.0;
                let middle = axis.share(*value) * 700.0;
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
            let middle = axis.share((range.0 + range.1) / 2.0);
            assert!((middle - 0.5).abs() < 1e-6, "{range:?}: {middle}");
        }
    }

    #[test]
    fn extent_skips_what_cannot_be_drawn() {
        assert_eq!(extent([f64::NAN, 2.0, f64::INFINITY, -1.0]), Some((-1.0, 2.0)));
        assert_eq!(extent([f64::NAN, 1e300]), None);
        assert_eq!(extent([5e-324]), Some((0.0, 0.0)));
    }
}
