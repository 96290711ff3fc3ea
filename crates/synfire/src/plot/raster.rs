//! Spike rasters: one panel per layer over a common time axis.

use super::axis::Axis;
use super::image::{self, SampleImage};
use super::picture::{Frame, Mark, Panel, Picture, stack};
use super::series::{self, Time};
use super::style;

/// Spikes of a layer for one sample.
#[derive(Clone, Copy, Debug)]
pub struct RasterLayer<'a> {
    /// Name for the panel's heading.
    pub name: &'a str,
    /// Spikes, `[T, neurons]` row major; a whole number of rows is read. Zero is silence, any other number a spike.
    pub spikes: &'a [f32],
    /// Number of neurons, the length of a row.
    pub neurons: usize,
    /// Neurons to point out, with a word on each: `label`, `predicted`.
    pub marked: &'a [(usize, &'a str)],
}

/// Layers of up to so many neurons have a labelled row, and a number of spikes, for each.
const MOST_ROWS: usize = 40;
/// More neurons than this are thinned out evenly.
const MOST_NEURONS: usize = 160;
/// Marks that a picture should have at most; busier layers show fewer neurons.
const MOST_MARKS: usize = 16_000;
/// Panels that a picture shows at most.
const MOST_LAYERS: usize = 24;
/// Height of a labelled row, and of one among many.
const ROW: i32 = 30;
const THIN_ROW: i32 = 4;

/// Draws a tick per spike, each layer in a panel of its own, with the sample's picture beside them if there is one.
///
/// `dt_ms` is the length of a step in ms; step `t` is drawn at time `t * dt_ms` (without a positive `dt_ms` the axis
/// counts steps). A heading gives the layer's mean rate in spikes per neuron and step over all its neurons, and says
/// how many are drawn if not all are (at most 160, evenly chosen, fewer where a long recording would need too many
/// ticks). Layers of up to 40 neurons have a labelled row with its number of spikes for each. A layer without a spike
/// says so. Of more than 24 layers the first 24 are drawn.
#[must_use]
pub fn spike_raster(title: &str, layers: &[RasterLayer<'_>], dt_ms: f32, sample: Option<SampleImage<'_>>) -> Picture {
    let shown = &layers[..layers.len().min(MOST_LAYERS)];
    let longest = shown.iter().map(|layer| series::steps(layer.spikes, layer.neurons)).max().unwrap_or(0);
    if longest == 0 {
        return Picture::no_data(title);
    }
    let sample = sample.and_then(|sample| sample.panel(style::TITLE_ROOM));
    let mut frame = Frame::row(0, 0);
    if sample.is_some() {
        frame.width -= image::WIDTH + 20;
    }
    let beside = if shown.iter().any(has_rows) { BESIDE } else { 0 };
    let room = frame.width - beside - 140;
    let mut time = Time::new(longest, dt_ms, room);
    if layers.len() > shown.len() {
        let left_out = format!(" · first {} of {} layers drawn", shown.len(), layers.len());
        time.axis.name += &left_out;
    }
    let budget = MOST_MARKS / shown.len();
    let panel = |layer: &RasterLayer<'_>| {
        let mut panel = panel(layer, frame, &time, (room, budget));
        panel.right_room = beside;
        panel
    };
    let heights: Vec<i32> = shown.iter().map(height).collect();
    let mut panels = stack(shown.iter().map(panel).collect(), style::TITLE_ROOM, &heights);
    panels.extend(sample);
    Picture::new(title, panels)
}

/// Room for the words beside a row.
const BESIDE: i32 = 250;

fn has_rows(layer: &RasterLayer<'_>) -> bool {
    layer.neurons <= MOST_ROWS
}

fn height(layer: &RasterLayer<'_>) -> i32 {
    match has_rows(layer) {
        true => (layer.neurons as i32 * ROW).max(60),
        false => layer.neurons.min(MOST_NEURONS) as i32 * THIN_ROW,
    }
}

fn panel(layer: &RasterLayer<'_>, frame: Frame, time: &Time, (room, budget): (i32, usize)) -> Panel {
    let steps = series::steps(layer.spikes, layer.neurons);
    let spikes = |neuron: usize| series::spikes_of(layer.spikes, layer.neurons, neuron);
    let counts: Vec<usize> = (0..if steps > 0 { layer.neurons } else { 0 }).map(|n| spikes(n).count()).collect();
    let total: usize = counts.iter().sum();
    let drawn = chosen(&counts, budget);

    let axis = match has_rows(layer) {
        true => Axis::places(layer.neurons, (0..layer.neurons).map(|n| (n as f64, n.to_string())).collect(), false),
        false => Axis::new((-0.5, layer.neurons as f64 - 0.5), 5, 1.0),
    };
    let mut panel = Panel::new(frame, layer.name, time.axis.clone(), axis.named("neuron"));
    panel.has_grid = has_rows(layer);
    let neurons = match (drawn.len(), layer.neurons) {
        (drawn, all) if drawn < all && steps > 0 => format!("{drawn} of {all} neurons drawn"),
        (_, 1) => "1 neuron".to_owned(),
        (_, all) => format!("{all} neurons"),
    };
    panel = match total {
        _ if steps == 0 => panel,
        0 => panel.with_note(neurons),
        _ => panel.with_note(format!(
            "{neurons} · {:.3} spikes per neuron and step",
            total as f64 / (steps as f64 * layer.neurons as f64)
        )),
    };
    panel.message = match total {
        _ if steps == 0 => "no data",
        0 => "no spikes",
        _ => "",
    };
    // among many rows ticks reach into the next ones: less would not be seen
    let height = if has_rows(layer) { 0.72 } else { 2.0 * layer.neurons as f64 / drawn.len().max(1) as f64 };
    for &neuron in drawn.iter().filter(|&&neuron| counts[neuron] > 0) {
        panel.marks.push(Mark::Ticks {
            at: spikes(neuron).map(|t| time.at(t)).collect(),
            row: neuron as f64,
            height,
            width: time.stroke(room),
            color: color(layer, neuron),
        });
    }
    if has_rows(layer) {
        panel.marks.extend(drawn.iter().map(|&neuron| beside(layer, neuron, counts[neuron])));
    }
    panel
}

/// Evenly chosen neurons, so few that they have no more spikes than the budget.
fn chosen(counts: &[usize], budget: usize) -> Vec<usize> {
    let mut wanted = counts.len().min(MOST_NEURONS);
    loop {
        let chosen: Vec<usize> = (0..wanted).map(|i| i * counts.len() / wanted).collect();
        let marks: usize = chosen.iter().map(|&neuron| counts[neuron]).sum();
        if marks <= budget || wanted <= 1 {
            return chosen;
        }
        wanted = (wanted * budget / marks).clamp(1, wanted - 1);
    }
}

/// The number of spikes, and what there is to say of the neuron.
fn beside(layer: &RasterLayer<'_>, neuron: usize, count: usize) -> Mark {
    let words = layer.marked.iter().filter(|(marked, _)| *marked == neuron).map(|(_, word)| *word);
    let unit = if count == 1 { " spike" } else { " spikes" };
    // said once, at the top
    let mut text = vec![format!("{count}{}", if neuron + 1 == layer.neurons { unit } else { "" })];
    text.extend(words.map(str::to_owned));
    Mark::Beside { row: neuron as f64, text: text.join(" · "), color: color(layer, neuron) }
}

/// Colour of a neuron: that of the first mark that it has.
fn color(layer: &RasterLayer<'_>, neuron: usize) -> plotters::style::RGBColor {
    let marked = layer.marked.iter().position(|(marked, _)| *marked == neuron);
    marked.map_or(style::SPIKE, |i| style::SERIES[i % style::SERIES.len()])
}

#[cfg(test)]
mod tests;
