//! States over time: membrane potentials and the like of a few neurons.

use super::axis::{Axis, drawable, extent, padded};
use super::picture::{Frame, Key, Mark, Panel, Picture, stack};
use super::series::{self, Time};
use super::style;

/// One state variable of a layer over time.
#[derive(Clone, Copy, Debug, Default)]
pub struct TracePanel<'a> {
    /// Name for the panel's heading.
    pub name: &'a str,
    /// Name of the values with their unit for the vertical axis, `v (mV)`.
    pub axis: &'a str,
    /// Values, `[T, neurons]` row major; a whole number of rows is read.
    pub values: &'a [f32],
    /// Number of neurons, the length of a row. The first six are drawn.
    pub neurons: usize,
    /// A name for each neuron in the panel's legend; neurons without one have none.
    pub names: &'a [String],
    /// Spikes of the same neurons, `[T, neurons]`, any number but zero being one; drawn as ticks above the traces.
    pub spikes: Option<&'a [f32]>,
    /// Firing threshold in the values' unit, one for all neurons or one for each; drawn as dashed lines.
    pub thresholds: &'a [f32],
    /// Said at the right of the heading: that there are no spikes, how many neurons there are.
    pub note: &'a str,
    /// Whether the panel is low: for a course that is read at a glance, such as a current that is switched on and off.
    pub is_low: bool,
}

/// Neurons that a panel draws: one per colour.
const MOST_NEURONS: usize = style::SERIES.len();
/// Panels that a picture shows at most.
const MOST_PANELS: usize = 24;
/// Height of the traces, and of those in a low panel.
const HEIGHT: i32 = 260;
const LOW_HEIGHT: i32 = 90;
/// Height of a row of spike ticks.
const TICK_ROW: i32 = 22;

/// Draws each panel's traces over a common time axis.
///
/// `dt_ms` is the length of a step in ms; step `t` is drawn at time `t * dt_ms` (without a positive `dt_ms` the axis
/// counts steps). A neuron's colour is that of its place in its panel. Of more than 24 panels the first 24 are drawn.
#[must_use]
pub fn membrane_traces(title: &str, panels: &[TracePanel<'_>], dt_ms: f32) -> Picture {
    membrane_traces_after(title, panels, dt_ms, 0)
}

/// Draws a part of a recording as [`membrane_traces`] does; its first step is number `first` of the whole.
#[must_use]
pub fn membrane_traces_after(title: &str, panels: &[TracePanel<'_>], dt_ms: f32, first: usize) -> Picture {
    let shown = &panels[..panels.len().min(MOST_PANELS)];
    let steps = |panel: &TracePanel<'_>| {
        let spikes = panel.spikes.unwrap_or_default();
        series::steps(panel.values, panel.neurons).max(series::steps(spikes, panel.neurons))
    };
    let longest = shown.iter().map(steps).max().unwrap_or(0);
    if longest == 0 {
        return Picture::no_data(title);
    }
    let room = style::WIDTH - 2 * style::MARGIN - 160;
    let mut time = Time::after(first, longest, dt_ms, room);
    if panels.len() > shown.len() {
        let left_out = format!(" · first {} of {} panels drawn", shown.len(), panels.len());
        time.axis.name += &left_out;
    }
    let heights: Vec<i32> = shown.iter().map(height).collect();
    let drawn = shown.iter().map(|panel| drawn_panel(panel, &time, room)).collect();
    Picture::new(title, stack(drawn, style::TITLE_ROOM, &heights))
}

/// Draws the values of a sample that has neither time nor place, over their indices.
#[must_use]
pub fn feature_values(title: &str, values: &[f32]) -> Picture {
    let panel = TracePanel { name: "features", axis: "value", values, neurons: 1, ..TracePanel::default() };
    let mut picture = membrane_traces(title, &[panel], 0.0);
    picture.panels.iter_mut().for_each(|panel| panel.x.name = "feature".to_owned());
    picture
}

fn drawn(panel: &TracePanel<'_>) -> usize {
    panel.neurons.min(MOST_NEURONS)
}

fn height(panel: &TracePanel<'_>) -> i32 {
    let ticks = if panel.spikes.is_some() { drawn(panel) as i32 * TICK_ROW } else { 0 };
    ticks + if panel.is_low { LOW_HEIGHT } else { HEIGHT }
}

/// Threshold of a neuron.
fn threshold(panel: &TracePanel<'_>, neuron: usize) -> Option<f64> {
    let one = if panel.thresholds.len() == 1 { 0 } else { neuron };
    panel.thresholds.get(one).map(|&value| f64::from(value)).filter(|&value| drawable(value))
}

/// The values of one neuron, step by step.
fn trace(panel: &TracePanel<'_>, neuron: usize) -> impl Iterator<Item = f64> + Clone {
    let rows = panel.values.chunks_exact(panel.neurons.max(1));
    rows.filter_map(move |row| row.get(neuron)).map(|&value| f64::from(value))
}

fn drawn_panel(panel: &TracePanel<'_>, time: &Time, room: i32) -> Panel {
    let neurons = 0..drawn(panel);
    let thresholds = neurons.clone().filter_map(|neuron| threshold(panel, neuron));
    let values = extent(neurons.clone().flat_map(|neuron| trace(panel, neuron)));
    let range = values.and_then(|(low, high)| extent([low, high].into_iter().chain(thresholds)));
    let (low, high) = padded(range.unwrap_or((0.0, 1.0)), 0.06);
    // ticks have rows of their own above the traces
    let px = (high - low) / f64::from(if panel.is_low { LOW_HEIGHT } else { HEIGHT });
    let top = high + px * f64::from(height(panel) - if panel.is_low { LOW_HEIGHT } else { HEIGHT });
    let axis = Axis::new((low, high), if panel.is_low { 2 } else { 5 }, 0.0).up_to(top).named(panel.axis);
    let mut shown = Panel::new(Frame::row(0, 0), panel.name, time.axis.clone(), axis);
    shown.legend = legend(panel);
    if !panel.note.is_empty() {
        shown = shown.with_note(panel.note);
    }
    if values.is_none() {
        shown.message = "no data";
        return shown;
    }
    shown.marks = marks(panel, time, (room, px, high));
    shown
}

fn legend(panel: &TracePanel<'_>) -> Vec<(Key, String)> {
    let names = panel.names.iter().take(drawn(panel));
    let mut legend: Vec<(Key, String)> =
        style::SERIES.into_iter().zip(names).map(|(color, name)| (Key::Line(color), name.clone())).collect();
    if panel.neurons > MOST_NEURONS {
        legend.insert(0, (Key::Nothing, format!("first {MOST_NEURONS} of {} neurons drawn", panel.neurons)));
    }
    let spikes = panel.spikes.unwrap_or_default();
    if (0..drawn(panel)).any(|neuron| series::spikes_of(spikes, panel.neurons, neuron).next().is_some()) {
        legend.push((Key::Tick(style::TEXT), "spike".to_owned()));
    }
    if (0..drawn(panel)).any(|neuron| threshold(panel, neuron).is_some()) {
        legend.push((Key::Dashed(style::TEXT), "threshold".to_owned()));
    }
    legend
}

fn marks(panel: &TracePanel<'_>, time: &Time, (room, px, high): (i32, f64, f64)) -> Vec<Mark> {
    let mut marks = vec![];
    let ends = (time.axis.ends().0, time.axis.ends().1);
    let mut seen = vec![];
    for neuron in 0..drawn(panel) {
        let Some(value) = threshold(panel, neuron) else { continue };
        if !seen.contains(&value) {
            let color = if panel.thresholds.len() == 1 { style::TEXT } else { style::SERIES[neuron] };
            marks.push(Mark::Dashed { from: (ends.0, value), to: (ends.1, value), color });
            seen.push(value);
        }
    }
    for neuron in 0..drawn(panel) {
        let points = trace(panel, neuron).enumerate().map(|(t, value)| (time.at(t), value));
        marks.extend(series::lines(points, &time.axis, style::SERIES[neuron]));
    }
    let Some(spikes) = panel.spikes else { return marks };
    for neuron in 0..drawn(panel) {
        let at: Vec<f64> = series::spikes_of(spikes, panel.neurons, neuron).map(|t| time.at(t)).collect();
        if !at.is_empty() {
            let below = drawn(panel) - neuron;
            let row = high + px * f64::from(TICK_ROW) * (below as f64 - 0.5);
            let height = px * f64::from(TICK_ROW - 6);
            marks.push(Mark::Ticks { at, row, height, width: time.stroke(room), color: style::SERIES[neuron] });
        }
    }
    marks
}

#[cfg(test)]
mod tests;
