//! Spike rasters: one panel per layer over a common time axis.

use plotters::style::Color;

use super::axis::Axis;
use super::canvas::{Canvas, no_data, picture};
use super::panel::{Panel, label_room};
use super::rows::{Mark, Row, rows};
use super::series::{self, Time};
use super::style;

/// One layer's spikes over one sample.
#[derive(Clone, Copy, Debug)]
pub struct RasterLayer<'a> {
    /// Name for the panel's heading.
    pub name: &'a str,
    /// Spikes, `[T, neurons]` row major; a whole number of rows is read. Zero
    /// is silence, any other number a spike; graded spikes are drawn the
    /// fainter the smaller they are.
    pub spikes: &'a [f32],
    /// Number of neurons, the length of a row.
    pub neurons: usize,
}

/// Marks a picture should have at most; busier layers show fewer neurons.
const MOST_MARKS: usize = 24_000;
/// Panels a picture shows at most.
const MOST_LAYERS: usize = 24;
const TOP: f64 = 44.0;
const GAP: f64 = 12.0;

/// Draws a mark per spike, each layer in a panel of its own, as SVG.
///
/// `dt_ms` is the length of a step in milliseconds; step `t` is drawn at time
/// `t * dt_ms` (without a positive `dt_ms` the axis counts steps). A heading
/// gives the layer's mean firing rate in spikes per neuron and step, taken over
/// all its neurons, and says how many are drawn if not all are (at most 200,
/// evenly chosen, fewer where a long recording would need too many marks; marks
/// less than half a pixel apart are one). Of more than 24 layers the first 24
/// are drawn.
pub fn spike_raster(title: &str, layers: &[RasterLayer<'_>], dt_ms: f32) -> String {
    let shown = &layers[..layers.len().min(MOST_LAYERS)];
    let steps = |layer: &RasterLayer<'_>| series::steps(layer.spikes, layer.neurons);
    let longest = shown.iter().map(steps).max().unwrap_or(0);
    if longest == 0 {
        return no_data(title);
    }
    let y_axes: Vec<Axis> = shown.iter().map(neuron_axis).collect();
    let left = style::MARGIN + 18.0 + label_room(&y_axes);
    let right = style::WIDTH - style::MARGIN;
    let time = Time::new(longest, dt_ms, right - left);
    let mut top = TOP;
    let mut panels = Vec::new();
    for layer in shown {
        top += style::HEADING_ROOM;
        let bottom = top + panel_height(layer.neurons);
        panels.push(Panel { left, right, top, bottom });
        top = bottom + GAP;
    }
    picture(top - GAP + style::X_AXIS_ROOM, title, |canvas| {
        for ((layer, panel), y_axis) in shown.iter().zip(&panels).zip(&y_axes) {
            let budget = MOST_MARKS / shown.len();
            draw(canvas, layer, (panel, y_axis), &time, budget);
        }
        if let Some(last) = panels.last() {
            let mut name = time.name.to_owned();
            if layers.len() > shown.len() {
                name += &format!(" · first {} of {} layers drawn", shown.len(), layers.len());
            }
            last.x_labels(canvas, &time.axis, &name);
        }
    })
}

/// Tall enough to tell neurons apart, low enough that three layers fit a page.
fn panel_height(neurons: usize) -> f64 {
    (neurons as f64 * 2.4).clamp(80.0, 300.0)
}

fn neuron_axis(layer: &RasterLayer<'_>) -> Axis {
    let height = panel_height(layer.neurons);
    let neurons = layer.neurons.max(1) as f64;
    // Some px of room keep the first neuron's marks off the axis line.
    let room = 3.0 / height * neurons;
    Axis::new((-0.5 - room, neurons - 0.5), (height / 40.0) as usize, 1.0)
}

/// Draws one panel with at most `budget` marks.
fn draw(
    canvas: &mut Canvas<'_>,
    layer: &RasterLayer<'_>,
    (panel, y_axis): (&Panel, &Axis),
    time: &Time,
    budget: usize,
) {
    panel.x_line(canvas, &time.axis);
    let place = |t: usize| time.axis.place(t as f64 * time.dt, panel.left, panel.right);
    let rows = rows(layer, place, budget);
    panel.heading(canvas, layer.name, &note(layer, &rows));
    if rows.is_empty() {
        panel.no_data(canvas);
        return;
    }
    panel.y_line(canvas, y_axis);
    let middle = (panel.top + panel.bottom) / 2.0;
    canvas.upwards("neuron", (style::MARGIN + 6.0, middle), style::LABEL_SIZE);

    let largest = rows.iter().flat_map(|row| &row.marks);
    let largest = largest.fold(0.0, |most: f64, mark| most.max(mark.size));
    let pitch = (panel.bottom - panel.top) / rows.len() as f64;
    let half_width = ((place(1) - place(0)) * 0.3).clamp(0.4, 1.8);
    let half_height = (pitch * 0.45).clamp(0.7, 3.0);
    for row in &rows {
        let y = y_axis.place(row.neuron as f64, panel.bottom, panel.top);
        for &Mark { x, size } in &row.marks {
            let from = (x - half_width, y - half_height);
            let to = (x + half_width, y + half_height);
            let shade = 0.25 + 0.75 * size / largest;
            canvas.bar(from, to, style::SPIKE.mix(shade));
        }
    }
}

/// The heading's second half: how many neurons, how busy, how many drawn.
fn note(layer: &RasterLayer<'_>, rows: &[Row]) -> String {
    let neurons = layer.neurons;
    let entries = series::steps(layer.spikes, neurons) * neurons;
    if entries == 0 {
        return String::new();
    }
    let spikes = layer.spikes[..entries].iter();
    let rate = spikes.filter(|&&size| series::is_spike(size)).count() as f64 / entries as f64;
    let drawn = match rows.len() {
        drawn if drawn < neurons => format!("{drawn} of {neurons} neurons drawn"),
        _ if neurons == 1 => "1 neuron".to_owned(),
        _ => format!("{neurons} neurons"),
    };
    let mut marks = rows.iter().flat_map(|row| &row.marks);
    let first = marks.next().map_or(0.0, |mark| mark.size);
    let graded = marks.any(|mark| mark.size != first);
    let shade = if graded { " · shade: spike size" } else { "" };
    format!("{drawn} · {rate:.3} spikes per neuron and step{shade}")
}

#[cfg(test)]
mod tests;
