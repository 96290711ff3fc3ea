//! Learning curves: loss, accuracy, firing rates and time constants over the epochs.

use super::axis::{Axis, drawable, extent, padded};
use super::picture::{Frame, Key, Mark, Panel, Picture, Point};
use super::{render, series, style};
use crate::train::EpochRecord;
use std::collections::BTreeSet;

/// Height of a panel without heading and labels.
const HEIGHT: i32 = 330;
const GAP: i32 = 24;
/// Runs with more epochs are drawn as plain lines, without a dot per epoch.
const MOST_DOTS: usize = 40;
/// A ratio of the largest to the smallest value from which an axis is logarithmic.
const WIDE: f64 = 8.0;
/// Layers or parameters that a panel shows at most: one per colour.
const MOST: usize = style::SERIES.len();

/// Draws loss, accuracy, firing rates and learning time constants over the epochs, each in a panel if it was measured.
///
/// Losses over a wide range have a logarithmic axis. The epoch with the lowest validation loss, whose weights are kept as
/// `best`, is marked; without validation none is. Time constants are means over their values, in a band from the
/// smallest to the largest. The order of `history` does not matter; what is no finite number is left out. Of more than
/// six layers or time constants the first six are drawn.
#[must_use]
pub fn learning_curves(title: &str, history: &[EpochRecord]) -> Picture {
    let mut history = history.to_vec();
    history.sort_by_key(|record| record.epoch);
    let (Some(first), Some(last)) = (history.first(), history.last()) else {
        return Picture::no_data(title);
    };
    let range = (first.epoch as f64, last.epoch as f64);
    let pad = ((range.1 - range.0) * 0.03).max(0.5);
    let wide = (style::WIDTH - 2 * style::MARGIN - GAP) / 2;
    let x = Axis::horizontal((range.0 - pad, range.1 + pad), wide - 140, 1.0).named("epoch");
    let panels = [loss(&history, &x), accuracy(&history, &x), firing_rates(&history, &x), time_constants(&history, &x)];
    let panels: Vec<Panel> = panels.into_iter().flatten().collect();
    match panels.is_empty() {
        true => Picture::no_data(title),
        false => Picture::new(title, in_two_columns(panels, wide)),
    }
}

fn in_two_columns(mut panels: Vec<Panel>, wide: i32) -> Vec<Panel> {
    let mut top = style::TITLE_ROOM;
    for row in panels.chunks_mut(2) {
        for (column, panel) in row.iter_mut().enumerate() {
            panel.frame = Frame { left: style::MARGIN + column as i32 * (wide + GAP), top, width: wide, height: 0 };
        }
        let heading = row.iter().map(render::heading_room).max().unwrap_or(0);
        let room = row.iter().map(|panel| panel.label_room).max().unwrap_or(0);
        for panel in row.iter_mut() {
            panel.heading_room = heading;
            panel.label_room = room;
            panel.frame.height = heading + HEIGHT + style::X_ROOM;
        }
        top += heading + HEIGHT + style::X_ROOM + 10;
    }
    panels
}

/// Values of one measure over the epochs, NaN where it was not taken.
struct Course {
    name: String,
    points: Vec<Point>,
    hollow: bool,
}

impl Course {
    fn of(name: &str, history: &[EpochRecord], hollow: bool, value: impl Fn(&EpochRecord) -> Option<f64>) -> Self {
        let point = |record: &EpochRecord| (record.epoch as f64, value(record).unwrap_or(f64::NAN));
        Course { name: name.to_owned(), points: history.iter().map(point).collect(), hollow }
    }

    fn values(&self) -> impl Iterator<Item = f64> {
        self.points.iter().map(|point| point.1)
    }

    fn is_measured(&self) -> bool {
        self.values().any(drawable)
    }
}

/// A panel of these courses, in colours of their own.
fn panel(heading: &str, x: &Axis, y: Axis, courses: &[Course]) -> Panel {
    let mut panel = Panel::new(Frame::row(0, 0), heading, x.clone(), y);
    for (course, color) in courses.iter().zip(style::SERIES).filter(|(course, _)| course.is_measured()) {
        let has_dots = course.points.len() <= MOST_DOTS;
        panel.marks.extend(series::lines(course.points.iter().copied(), x, color));
        if has_dots {
            let points = course.points.iter().copied().filter(|point| drawable(point.1)).collect();
            panel.marks.push(Mark::Dots { points, color, hollow: course.hollow });
        }
        let key = if has_dots { Key::Dotted(color, course.hollow) } else { Key::Line(color) };
        panel.legend.push((key, course.name.clone()));
    }
    panel
}

fn loss(history: &[EpochRecord], x: &Axis) -> Option<Panel> {
    let courses = [
        Course::of("training", history, true, |record| Some(record.train_loss)),
        Course::of("validation", history, false, |record| record.validation_loss),
    ];
    let y = axis(extent(courses.iter().flat_map(Course::values))?);
    Some(with_best(panel("Loss", x, y, &courses), history, |record| record.validation_loss))
}

fn accuracy(history: &[EpochRecord], x: &Axis) -> Option<Panel> {
    let percent = |share: Option<f64>| share.map(|share| share * 100.0);
    let courses = [
        Course::of("training", history, true, |record| percent(record.train_accuracy)),
        Course::of("validation", history, false, |record| percent(record.validation_accuracy)),
    ];
    let (low, high) = extent(courses.iter().flat_map(Course::values))?;
    let range = padded((low, high), 0.08);
    // within what a share can be
    let range =
        (if low >= 0.0 { range.0.max(0.0) } else { range.0 }, if high <= 100.0 { range.1.min(101.0) } else { range.1 });
    let panel = panel("Accuracy (%)", x, Axis::new(range, 5, 0.0), &courses);
    Some(with_best(panel, history, |record| percent(record.validation_accuracy)))
}

fn firing_rates(history: &[EpochRecord], x: &Axis) -> Option<Panel> {
    let layers: BTreeSet<&String> = history.iter().flat_map(|record| record.firing_rates.keys()).collect();
    let course = |layer: &&String| Course::of(layer, history, false, |record| record.firing_rates.get(*layer).copied());
    let courses: Vec<Course> = layers.iter().take(MOST).map(course).collect();
    let (low, high) = extent(courses.iter().flat_map(Course::values))?;
    let range = padded((low.min(0.0), high), 0.06);
    let range = (if low >= 0.0 { 0.0 } else { range.0 }, range.1);
    let mut panel = panel("Spikes per neuron and step", x, Axis::new(range, 5, 0.0), &courses);
    left_out(&mut panel, layers.len());
    Some(panel)
}

fn time_constants(history: &[EpochRecord], x: &Axis) -> Option<Panel> {
    let taus = || history.iter().flat_map(|record| &record.time_constants);
    let names: BTreeSet<&String> = taus().map(|(name, _)| name).collect();
    let units: BTreeSet<&str> = taus().map(|(_, tau)| tau.unit.as_str()).collect();
    let courses: Vec<Course> = names
        .iter()
        .take(MOST)
        .map(|name| {
            let unit = taus().find(|(other, _)| other == name).map_or("", |(_, tau)| tau.unit.as_str());
            let words = if units.len() > 1 && !unit.is_empty() { format!("{name} ({unit})") } else { (*name).clone() };
            Course::of(&words, history, false, |record| record.time_constants.get(*name).map(|tau| tau.mean))
        })
        .collect();
    let ends = taus().flat_map(|(_, tau)| [tau.minimum, tau.mean, tau.maximum]);
    let heading = match units.iter().next() {
        Some(unit) if units.len() == 1 && !unit.is_empty() => format!("Time constants ({unit})"),
        _ => "Time constants".to_owned(),
    };
    let mut panel = panel(&heading, x, axis(extent(ends)?), &courses);
    let mut bands = vec![];
    for (name, color) in names.iter().zip(style::SERIES) {
        let edge = |end: fn(&crate::train::TimeConstant) -> f64| {
            let taus = history.iter().filter_map(move |record| Some((record, record.time_constants.get(*name)?)));
            taus.map(move |(record, tau)| (record.epoch as f64, end(tau))).filter(|point| drawable(point.1))
        };
        let mut points: Vec<Point> = edge(|tau| tau.minimum).collect();
        points.extend(edge(|tau| tau.maximum).collect::<Vec<_>>().into_iter().rev());
        let is_band = points.first().zip(points.last()).is_some_and(|(a, b)| a != b) && points.len() > 3;
        if is_band {
            bands.push(Mark::Area { points, color });
        }
    }
    // behind the lines
    panel.marks.splice(0..0, bands);
    left_out(&mut panel, names.len());
    Some(panel)
}

fn left_out(panel: &mut Panel, all: usize) {
    if all > MOST {
        panel.legend.push((Key::Nothing, format!("first {MOST} of {all} drawn")));
    }
}

/// Starts at zero unless that would squeeze the curve into the upper part; logarithmic over a wide range above zero.
fn axis((low, high): (f64, f64)) -> Axis {
    if low > 0.0 && high > low * WIDE {
        return Axis::logarithmic((low / 1.15, high * 1.15));
    }
    let (mut from, to) = padded((low, high), 0.08);
    if low >= 0.0 && (low < 0.4 * high || from < 0.0) {
        from = 0.0;
    }
    Axis::new((from, to), 5, 0.0)
}

/// The epoch with the lowest validation loss, the earlier of equals.
fn best(history: &[EpochRecord]) -> Option<&EpochRecord> {
    let losses =
        history.iter().filter_map(|record| Some((record, record.validation_loss.filter(|&loss| drawable(loss))?)));
    losses.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(record, _)| record)
}

/// The panel with a ring around the best epoch's value, which the legend gives.
fn with_best(mut panel: Panel, history: &[EpochRecord], value: impl Fn(&EpochRecord) -> Option<f64>) -> Panel {
    let best = best(history).and_then(|record| Some((record.epoch, value(record).filter(|&value| drawable(value))?)));
    if let Some((epoch, value)) = best {
        panel.marks.push(Mark::Ring { at: (epoch as f64, value) });
        let value = if value >= 10.0 { format!("{value:.1}") } else { format!("{value:.3}") };
        panel.legend.push((Key::Ring, format!("best, epoch {epoch}: {value}")));
    }
    panel
}

#[cfg(test)]
mod tests;
