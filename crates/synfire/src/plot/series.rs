//! From values to what is drawn: gaps at missing values, no more points than the paper can show, spikes of one neuron,
//! the time axis.

use super::axis::{Axis, drawable};
use super::picture::{Mark, Point};
use super::style;
use plotters::style::RGBColor;

/// Longer runs of points are thinned to what a pixel column can show.
const FULL_DETAIL: usize = 3000;

/// Lines through the points that can be drawn, broken where one cannot; thinned along the axis.
pub(super) fn lines(points: impl IntoIterator<Item = Point>, x: &Axis, color: RGBColor) -> Vec<Mark> {
    segments(points).into_iter().map(|run| Mark::Line { points: thinned(run, x), color }).collect()
}

/// Splits a line at the points that cannot be drawn.
pub(super) fn segments(points: impl IntoIterator<Item = Point>) -> Vec<Vec<Point>> {
    let mut runs = vec![Vec::new()];
    for (x, y) in points {
        if drawable(x) && drawable(y) {
            runs.last_mut().into_iter().for_each(|run| run.push((x, y)));
        } else if runs.last().is_some_and(|run| !run.is_empty()) {
            runs.push(Vec::new());
        }
    }
    runs.retain(|run| !run.is_empty());
    runs
}

/// Thins a line: of each pixel column it keeps the first, lowest, highest and last point, which draws the same picture.
fn thinned(points: Vec<Point>, axis: &Axis) -> Vec<Point> {
    if points.len() <= FULL_DETAIL {
        return points;
    }
    let column = |point: &Point| (axis.share(point.0) * f64::from(style::WIDTH)).floor();
    let mut kept = Vec::new();
    for column in points.chunk_by(|a, b| column(a) == column(b)) {
        let by_height = |a: &usize, b: &usize| column[*a].1.total_cmp(&column[*b].1);
        let low = (0..column.len()).min_by(by_height).unwrap_or(0);
        let high = (0..column.len()).max_by(by_height).unwrap_or(0);
        let mut picks = vec![0, low.min(high), low.max(high), column.len() - 1];
        picks.dedup();
        kept.extend(picks.into_iter().map(|i| column[i]));
    }
    kept
}

/// Whole steps in `values`, which is `[T, neurons]`.
pub(super) fn steps(values: &[f32], neurons: usize) -> usize {
    values.len().checked_div(neurons).unwrap_or(0)
}

/// Steps at which `neuron` spikes: a spike is any number but zero.
pub(super) fn spikes_of(spikes: &[f32], neurons: usize, neuron: usize) -> impl Iterator<Item = usize> {
    let is_spike = move |t: &usize| {
        let size = spikes[t * neurons + neuron];
        size.is_finite() && size != 0.0
    };
    (0..steps(spikes, neurons)).filter(is_spike)
}

/// Step length and the axis that panels over time share.
pub(super) struct Time {
    dt: f64,
    /// Number of the first step.
    first: usize,
    pub(super) axis: Axis,
}

impl Time {
    /// Time axis, `room` px long, for `steps` steps of `dt_ms`; counts steps if that is no length.
    pub(super) fn new(steps: usize, dt_ms: f32, room: i32) -> Self {
        Self::after(0, steps, dt_ms, room)
    }

    /// The same for steps from number `first` on.
    pub(super) fn after(first: usize, steps: usize, dt_ms: f32, room: i32) -> Self {
        // as it is written: 0.1 is not what single precision makes of it
        let dt = dt_ms.to_string().parse().unwrap_or(f64::NAN);
        let (dt, name) = if drawable(dt) && dt > 0.0 { (dt, "time (ms)") } else { (1.0, "time step") };
        let last = steps.saturating_sub(1) as f64;
        // marks at both ends keep clear of the frame
        let pad = (last * 0.008).max(0.5) * dt;
        let start = first as f64 * dt;
        Time { dt, first, axis: Axis::horizontal((start - pad, start + last * dt + pad), room, dt).named(name) }
    }

    /// When step `t` is, counted from the first one.
    pub(super) fn at(&self, t: usize) -> f64 {
        (self.first + t) as f64 * self.dt
    }

    /// Width of a stroke that leaves room to the next step's on an axis `room` px long.
    pub(super) fn stroke(&self, room: i32) -> u32 {
        let step = (self.axis.share(self.dt) - self.axis.share(0.0)) * f64::from(room);
        (step * 0.5).clamp(3.0, 6.0) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_breaks_at_missing_values() {
        let points = [f64::NAN, 1.0, 2.0, f64::INFINITY, 3.0].map(|y| (0.0, y));
        let runs = segments(points);
        assert_eq!(runs, [vec![(0.0, 1.0), (0.0, 2.0)], vec![(0.0, 3.0)]]);
        assert!(segments([]).is_empty());
    }

    #[test]
    fn thinning_keeps_peaks_and_ends() {
        let mut points: Vec<Point> = (0..100_000).map(|i| (f64::from(i), 1.0)).collect();
        points[51_234].1 = 9.0;
        let thin = thinned(points.clone(), &Axis::new((0.0, 1e5), 5, 0.0));
        assert!(thin.len() <= 4 * 1601);
        assert!(thin.contains(&points[51_234]));
        assert_eq!(thin.first(), points.first());
        assert_eq!(thin.last(), points.last());
    }

    #[test]
    fn spikes_are_found_by_neuron_and_step() {
        let spikes = [1.0, 0.0, f32::NAN, -0.5, 0.0, 2.0, 7.0];
        let of = |neuron| spikes_of(&spikes, 2, neuron).collect::<Vec<_>>();
        assert_eq!(of(0), [0]);
        assert_eq!(of(1), [1, 2]);
        assert_eq!(spikes_of(&spikes, 0, 0).count(), 0);
    }
}
