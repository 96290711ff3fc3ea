//! State over time: membrane potentials and the like of a few neurons.

use super::axis::{Axis, drawable, extent, padded};
use super::canvas::{Canvas, no_data, picture};
use super::legend::{Key, legend};
use super::panel::{Panel, label_room};
use super::rows::{Mark, row};
use super::series::{self, Time, segments, thinned};
use super::{RasterLayer, style};
use plotters::style::RGBColor;

/// One state variable of a layer over time.
#[derive(Clone, Copy, Debug)]
pub struct TracePanel<'a> {
    /// Name for the panel's heading.
    pub name: &'a str,
    /// Unit of the values, shown in the heading; empty if they have none.
    pub unit: &'a str,
    /// Values, `[T, neurons]` row major; a whole number of rows is read.
    pub values: &'a [f32],
    /// Number of neurons, the length of a row. The first six are drawn.
    pub neurons: usize,
    /// Their numbers in their layer, for a legend of the panel's own; empty if
    /// they are the same in every panel, and count from 0.
    pub numbers: &'a [usize],
    /// Spikes of the same neurons, `[T, neurons]`, any number but zero being
    /// one; drawn as ticks above the traces.
    pub spikes: Option<&'a [f32]>,
    /// Firing threshold in the values' unit, drawn as a dashed line.
    pub threshold: Option<f32>,
}

/// Neurons a panel draws: one per colour.
const MOST_NEURONS: usize = style::SERIES.len();
/// Panels a picture shows at most.
const MOST_PANELS: usize = 24;
/// Height of the traces' part of a panel, px.
const TRACE_HEIGHT: f64 = 150.0;
/// Height of one neuron's row of spike ticks, px.
const TICK_ROW: f64 = 9.0;
const TOP: f64 = 68.0;
const GAP: f64 = 14.0;

/// Draws each panel's traces over a common time axis as SVG.
///
/// `dt_ms` is the length of a step in milliseconds; step `t` is drawn at time
/// `t * dt_ms` (without a positive `dt_ms` the axis counts steps). A neuron has
/// the same colour in every panel without numbers; a neuron that is alone in all
/// of them needs no name. Of more than 24 panels the first 24 are drawn.
pub fn membrane_traces(title: &str, panels: &[TracePanel<'_>], dt_ms: f32) -> String {
    let shown = &panels[..panels.len().min(MOST_PANELS)];
    let steps = |panel: &TracePanel<'_>| {
        let spikes = panel.spikes.unwrap_or_default();
        series::steps(panel.values, panel.neurons).max(series::steps(spikes, panel.neurons))
    };
    let longest = shown.iter().map(steps).max().unwrap_or(0);
    if longest == 0 {
        return no_data(title);
    }
    let y_axes: Vec<Option<Axis>> = shown.iter().map(value_axis).collect();
    let left = style::MARGIN + label_room(y_axes.iter().flatten());
    let right = style::WIDTH - style::MARGIN;
    let time = Time::new(longest, dt_ms, right - left);
    let mut top = TOP;
    let mut frames = Vec::new();
    for panel in shown {
        top += style::HEADING_ROOM + tick_room(panel);
        let bottom = top + TRACE_HEIGHT;
        frames.push(Panel { left, right, top, bottom });
        top = bottom + GAP;
    }
    picture(top - GAP + style::X_AXIS_ROOM, title, |canvas| {
        legend(canvas, &entries(shown));
        for ((panel, frame), y_axis) in shown.iter().zip(&frames).zip(&y_axes) {
            draw(canvas, panel, (frame, y_axis.as_ref()), &time);
        }
        if let Some(last) = frames.last() {
            let mut name = time.name.to_owned();
            if panels.len() > shown.len() {
                name += &format!(" · first {} of {} panels drawn", shown.len(), panels.len());
            }
            last.x_labels(canvas, &time.axis, &name);
        }
    })
}

fn drawn(panel: &TracePanel<'_>) -> usize {
    panel.neurons.min(MOST_NEURONS)
}

fn tick_room(panel: &TracePanel<'_>) -> f64 {
    panel.spikes.map_or(0.0, |_| drawn(panel) as f64 * TICK_ROW + 4.0)
}

fn threshold(panel: &TracePanel<'_>) -> Option<f64> {
    panel.threshold.map(f64::from).filter(|&value| drawable(value))
}

/// The values of one neuron, step by step.
fn trace(panel: &TracePanel<'_>, neuron: usize) -> impl Iterator<Item = f64> + Clone {
    let rows = panel.values.chunks_exact(panel.neurons.max(1));
    rows.filter_map(move |row| row.get(neuron)).map(|&value| f64::from(value))
}

fn value_axis(panel: &TracePanel<'_>) -> Option<Axis> {
    let traces = (0..drawn(panel)).flat_map(|neuron| trace(panel, neuron));
    extent(traces.clone())?;
    let range = extent(traces.chain(threshold(panel)))?;
    Some(Axis::new(padded(range, 0.06), 5, 0.0))
}

fn entries(panels: &[TracePanel<'_>]) -> Vec<(Key, String)> {
    // a neuron that is alone needs no name but the panel's
    let common = panels.iter().filter(|panel| panel.numbers.is_empty());
    let most = common.map(drawn).max().filter(|&most| most > 1).unwrap_or(0);
    let mut entries: Vec<(Key, String)> = style::SERIES.into_iter().zip(0..most).map(neuron).collect();
    if panels.iter().any(|panel| panel.spikes.is_some()) {
        entries.push((Key::Tick(style::TEXT), "spike".to_owned()));
    }
    if panels.iter().any(|panel| threshold(panel).is_some()) {
        entries.push((Key::Dashed(style::TEXT), "threshold".to_owned()));
    }
    entries
}

fn neuron((color, number): (RGBColor, usize)) -> (Key, String) {
    (Key::Line(color), format!("neuron {number}"))
}

fn draw(canvas: &mut Canvas<'_>, panel: &TracePanel<'_>, (frame, y_axis): (&Panel, Option<&Axis>), time: &Time) {
    let heading = Panel { top: frame.top - tick_room(panel), ..*frame };
    let name = match panel.unit {
        "" => panel.name.to_owned(),
        unit => format!("{} ({unit})", panel.name),
    };
    let numbers = panel.numbers.iter().copied().take(drawn(panel));
    let own: Vec<(Key, String)> = style::SERIES.into_iter().zip(numbers).map(neuron).collect();
    match panel.neurons {
        _ if !own.is_empty() => heading.heading_with_legend(canvas, &name, &own),
        all if all > MOST_NEURONS => {
            heading.heading(canvas, &name, &format!("first {MOST_NEURONS} of {all} neurons drawn"));
        }
        _ => heading.heading(canvas, &name, ""),
    }
    frame.x_line(canvas, &time.axis);
    let Some(y_axis) = y_axis else {
        frame.no_data(canvas);
        return;
    };
    frame.y_grid(canvas, y_axis);
    frame.x_line(canvas, &time.axis);
    if let Some(value) = threshold(panel) {
        let y = y_axis.place(value, frame.bottom, frame.top);
        canvas.dashed((frame.left, y), (frame.right, y), style::TEXT, 5.0);
    }
    for neuron in 0..drawn(panel) {
        let points = trace(panel, neuron).enumerate();
        let points = points.map(|(t, value)| {
            let at = frame.place(&time.axis, y_axis, (t as f64 * time.dt, value));
            if drawable(value) { at } else { (at.0, f64::NAN) }
        });
        for run in segments(points) {
            match run[..] {
                [only] => canvas.dot(only, 2.0, style::SERIES[neuron]),
                _ => canvas.path(&thinned(run), style::SERIES[neuron], 1.6),
            }
        }
    }
    ticks(canvas, panel, &heading, time);
}

/// One row of spike ticks per neuron between heading and traces.
fn ticks(canvas: &mut Canvas<'_>, panel: &TracePanel<'_>, frame: &Panel, time: &Time) {
    let layer = RasterLayer { name: panel.name, spikes: panel.spikes.unwrap_or_default(), neurons: panel.neurons };
    let place = |t: usize| time.axis.place(t as f64 * time.dt, frame.left, frame.right);
    for neuron in 0..drawn(panel) {
        let top = frame.top + neuron as f64 * TICK_ROW;
        for Mark { x, .. } in row(&layer, neuron, place).marks {
            canvas.line((x, top), (x, top + TICK_ROW - 2.0), style::SERIES[neuron], 1.6);
        }
    }
}

#[cfg(test)]
mod tests;
