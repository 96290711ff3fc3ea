//! The legend: one row under the title, so that it never covers data.

use plotters::style::RGBColor;

use super::canvas::Canvas;
use super::{style, text};

/// How a legend entry's sample looks.
pub(super) enum Key {
    Line(RGBColor),
    /// A line with filled or hollow dots on it.
    Dotted(RGBColor, Dot),
    Dashed(RGBColor),
    /// An upright tick, as spikes are drawn.
    Tick(RGBColor),
    Ring(RGBColor),
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum Dot {
    Full,
    Hollow,
}

/// A data point's dot; hollow ones differ from full ones without colour too.
pub(super) fn dot(canvas: &mut Canvas<'_>, at: (f64, f64), color: RGBColor, kind: Dot) {
    canvas.dot(at, 3.0, color);
    if kind == Dot::Hollow {
        canvas.dot(at, 1.7, style::PAPER);
    }
}

/// Room between two entries, px.
const BETWEEN: f64 = 16.0;
/// Room between an entry's sample and its name, px.
const BEFORE_NAME: f64 = 6.0;

impl Key {
    /// Width of the sample, px.
    fn width(&self) -> f64 {
        match self {
            Key::Tick(_) | Key::Ring(_) => 12.0,
            _ => 24.0,
        }
    }
}

/// Draws the entries in one row from the left margin.
pub(super) fn legend(canvas: &mut Canvas<'_>, entries: &[(Key, String)]) {
    row(canvas, entries, (style::MARGIN, style::LEGEND_Y));
}

/// Width of the entries in one row, px.
pub(super) fn width(entries: &[(Key, String)]) -> f64 {
    let one = |(key, name): &(Key, String)| key.width() + BEFORE_NAME + text::width(name, style::LABEL_SIZE) + BETWEEN;
    entries.iter().map(one).sum()
}

/// Draws the entries in one row from a point on.
pub(super) fn row(canvas: &mut Canvas<'_>, entries: &[(Key, String)], (mut x, y): (f64, f64)) {
    for (key, name) in entries {
        let wide = key.width();
        let (from, middle, to) = ((x, y), (x + wide / 2.0, y), (x + wide, y));
        match *key {
            Key::Line(color) => canvas.line(from, to, color, 2.0),
            Key::Dotted(color, kind) => {
                canvas.line(from, to, color, 2.0);
                dot(canvas, middle, color, kind);
            }
            Key::Dashed(color) => canvas.dashed(from, to, color, 5.0),
            Key::Tick(color) => canvas.line((middle.0, y - 5.0), (middle.0, y + 5.0), color, 1.6),
            Key::Ring(color) => canvas.ring(middle, 5.5, color, 1.5),
        }
        let start = x + wide + BEFORE_NAME;
        canvas.text(name, (start, y), style::LABEL_SIZE);
        x = start + text::width(name, style::LABEL_SIZE) + BETWEEN;
    }
}
