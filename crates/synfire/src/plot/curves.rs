//! Learning curves: loss and accuracy, training against validation.

use super::axis::{Axis, drawable, extent, padded};
use super::canvas::{Canvas, Point, no_data, picture};
use super::legend::{Dot, Key, dot, legend};
use super::panel::{Panel, label_room};
use super::{series, style};

/// Measures of one epoch of training. A measure that was not taken is NaN; it is
/// left out of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EpochPoint {
    /// Number of the epoch, as it is to be read on the axis.
    pub epoch: usize,
    /// Mean loss on the training set.
    pub train_loss: f64,
    /// Mean loss on the validation set.
    pub validation_loss: f64,
    /// Share of the training set classified correctly, 0 to 1.
    pub train_accuracy: f64,
    /// Share of the validation set classified correctly, 0 to 1.
    pub validation_accuracy: f64,
}

const HEIGHT: f64 = 360.0;
/// Runs with more epochs are drawn as plain lines, without a dot per epoch.
const MOST_DOTS: usize = 60;
const TRAIN: usize = 0;
const VALIDATION: usize = 1;

type Measure = fn(&EpochPoint) -> f64;

/// Draws loss (left) and accuracy in percent (right) over the epochs as SVG.
///
/// The best validation epoch is marked in both panels: the one of the highest
/// validation accuracy, at equal accuracy the lower validation loss, then the
/// earlier epoch. Without any validation measure, none is marked. The order of
/// `epochs` does not matter.
pub fn learning_curves(title: &str, epochs: &[EpochPoint]) -> String {
    let mut epochs = epochs.to_vec();
    epochs.sort_by_key(|point| point.epoch);
    let (Some(first), Some(last)) = (epochs.first(), epochs.last()) else {
        return no_data(title);
    };
    let range = (first.epoch as f64, last.epoch as f64);
    let pad = ((range.1 - range.0) * 0.03).max(0.5);
    let x_range = (range.0 - pad, range.1 + pad);
    let best = best_epoch(&epochs);

    let loss: [Measure; 2] = [|p| p.train_loss, |p| p.validation_loss];
    let accuracy: [Measure; 2] = [|p| p.train_accuracy * 100.0, |p| p.validation_accuracy * 100.0];
    let y_axes = [loss_axis(&epochs, loss), accuracy_axis(&epochs, accuracy)];
    picture(HEIGHT, title, |canvas| {
        legend(canvas, &entries(&epochs, best));
        let room = label_room(y_axes.iter().flatten());
        let wide = (style::WIDTH - 3.0 * style::MARGIN) / 2.0;
        let x_axis = Axis::horizontal(x_range, wide - room, 1.0);
        for (side, (measures, y_axis)) in [loss, accuracy].into_iter().zip(&y_axes).enumerate() {
            let start = style::MARGIN + side as f64 * (wide + style::MARGIN);
            let panel =
                Panel { left: start + room, right: start + wide, top: 96.0, bottom: HEIGHT - style::X_AXIS_ROOM };
            panel.heading(canvas, ["Loss", "Accuracy (%)"][side], "");
            match y_axis {
                Some(y_axis) => draw(canvas, &panel, (&x_axis, y_axis), &epochs, measures, best),
                None => panel.no_data(canvas),
            }
            panel.x_line(canvas, &x_axis);
            panel.x_labels(canvas, &x_axis, "epoch");
        }
    })
}

/// One panel's grid, mark of the best epoch and two lines.
fn draw(
    canvas: &mut Canvas<'_>,
    panel: &Panel,
    (x_axis, y_axis): (&Axis, &Axis),
    epochs: &[EpochPoint],
    measures: [Measure; 2],
    best: Option<&EpochPoint>,
) {
    panel.y_grid(canvas, y_axis);
    let place = |p: &EpochPoint, measure: Measure| -> Point {
        let value = measure(p);
        let (x, y) = panel.place(x_axis, y_axis, (p.epoch as f64, value));
        (x, if drawable(value) { y } else { f64::NAN })
    };
    if let Some(best) = best {
        let (x, y) = place(best, measures[VALIDATION]);
        canvas.dashed((x, panel.bottom), (x, panel.top), style::AXIS, 3.0);
        if drawable(y) {
            canvas.ring((x, y), 6.5, style::TEXT, 1.5);
        }
    }
    for (series, kind) in [(TRAIN, Dot::Hollow), (VALIDATION, Dot::Full)] {
        let color = style::SERIES[series];
        for run in series::segments(epochs.iter().map(|p| place(p, measures[series]))) {
            if epochs.len() <= MOST_DOTS || run.len() == 1 {
                canvas.path(&run, color, 1.8);
                run.iter().for_each(|&at| dot(canvas, at, color, kind));
            } else {
                canvas.path(&series::thinned(run), color, 1.8);
            }
        }
    }
}

fn best_epoch(epochs: &[EpochPoint]) -> Option<&EpochPoint> {
    let rank = |value: f64| if drawable(value) { value } else { f64::NEG_INFINITY };
    let measured = |p: &&EpochPoint| drawable(p.validation_accuracy) || drawable(p.validation_loss);
    // Reversed, since `max_by` keeps the last of equals.
    epochs.iter().rev().filter(measured).max_by(|a, b| {
        rank(a.validation_accuracy)
            .total_cmp(&rank(b.validation_accuracy))
            .then(rank(-a.validation_loss).total_cmp(&rank(-b.validation_loss)))
    })
}

fn entries(epochs: &[EpochPoint], best: Option<&EpochPoint>) -> Vec<(Key, String)> {
    let kinds = if epochs.len() <= MOST_DOTS { [Dot::Hollow, Dot::Full].map(Some) } else { [None, None] };
    let mut entries = Vec::new();
    for (series, name) in [(TRAIN, "training"), (VALIDATION, "validation")] {
        let of_series = |p: &EpochPoint| match series {
            TRAIN => [p.train_loss, p.train_accuracy],
            _ => [p.validation_loss, p.validation_accuracy],
        };
        if !epochs.iter().flat_map(of_series).any(drawable) {
            continue;
        }
        let color = style::SERIES[series];
        let key = kinds[series].map_or(Key::Line(color), |kind| Key::Dotted(color, kind));
        entries.push((key, name.to_owned()));
    }
    if let Some(best) = best {
        let (epoch, accuracy) = (best.epoch, best.validation_accuracy * 100.0);
        let value = if drawable(accuracy) { format!(": {accuracy:.1} %") } else { String::new() };
        let name = format!("best validation, epoch {epoch}{value}");
        entries.push((Key::Ring(style::TEXT), name));
    }
    entries
}

fn values(epochs: &[EpochPoint], measures: [Measure; 2]) -> impl Iterator<Item = f64> {
    epochs.iter().flat_map(move |p| measures.map(|measure| measure(p)))
}

/// Starts at zero unless that would squeeze the curve into the upper part.
fn loss_axis(epochs: &[EpochPoint], measures: [Measure; 2]) -> Option<Axis> {
    let (lo, hi) = extent(values(epochs, measures))?;
    let (mut low, high) = padded((lo, hi), 0.06);
    if lo >= 0.0 && (lo < 0.4 * hi || low < 0.0) {
        low = 0.0;
    }
    Some(Axis::new((low, high), 6, 0.0))
}

/// Stays within 0 to 100 % as long as the values do.
fn accuracy_axis(epochs: &[EpochPoint], measures: [Measure; 2]) -> Option<Axis> {
    let (lo, hi) = extent(values(epochs, measures))?;
    let (mut low, mut high) = padded((lo, hi), 0.06);
    if lo >= 0.0 {
        low = low.max(0.0);
    }
    if hi <= 100.0 {
        high = high.min(100.0);
    }
    Some(Axis::new((low, high), 6, 0.0))
}

#[cfg(test)]
mod tests;
