//! The frame data is drawn in: heading, grid, ticks, the two axis lines.

use super::axis::Axis;
use super::canvas::{Canvas, Point};
use super::legend::{self, Key};
use super::{style, text};

/// Where a panel lies in the picture, px.
#[derive(Clone, Copy)]
pub(super) struct Panel {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) top: f64,
    pub(super) bottom: f64,
}

impl Panel {
    /// The point of the panel at `(x, y)` in data units.
    pub(super) fn place(&self, x_axis: &Axis, y_axis: &Axis, (x, y): Point) -> Point {
        (x_axis.place(x, self.left, self.right), y_axis.place(y, self.bottom, self.top))
    }

    /// The heading: `name` in bold, cut if need be, and `note` at the right.
    pub(super) fn heading(&self, canvas: &mut Canvas<'_>, name: &str, note: &str) {
        self.name(canvas, name, text::width(note, style::LABEL_SIZE));
        if !note.is_empty() {
            canvas.ending(note, (self.right, self.heading_y()), style::LABEL_SIZE);
        }
    }

    /// The heading with the panel's own legend at the right.
    pub(super) fn heading_with_legend(&self, canvas: &mut Canvas<'_>, name: &str, entries: &[(Key, String)]) {
        let taken = legend::width(entries);
        self.name(canvas, name, taken);
        legend::row(canvas, entries, (self.right - taken, self.heading_y()));
    }

    fn heading_y(&self) -> f64 {
        self.top - style::HEADING_ROOM / 2.0 - 1.0
    }

    /// The name at the left of the heading, where `taken` px at the right are not free.
    fn name(&self, canvas: &mut Canvas<'_>, name: &str, taken: f64) {
        // Bold runs wider than the estimate, which is for the regular face.
        let bold = style::HEADING_SIZE * 1.1;
        let room = (self.right - self.left - taken - 16.0).max(40.0);
        let name = text::fit(&text::clean(name), bold, room);
        canvas.bold(&name, (self.left, self.heading_y()), style::HEADING_SIZE);
    }

    /// Horizontal grid lines with their labels.
    pub(super) fn y_grid(&self, canvas: &mut Canvas<'_>, axis: &Axis) {
        for (value, label) in &axis.ticks {
            let y = axis.place(*value, self.bottom, self.top);
            canvas.line((self.left, y), (self.right, y), style::GRID, 1.0);
            canvas.ending(label, (self.left - 7.0, y), style::LABEL_SIZE);
        }
    }

    /// The axis line at the left with its ticks and labels, for panels whose
    /// marks are too fine to lie on a grid.
    pub(super) fn y_line(&self, canvas: &mut Canvas<'_>, axis: &Axis) {
        let x = self.left;
        canvas.line((x, self.top), (x, self.bottom), style::AXIS, 1.0);
        for (value, label) in &axis.ticks {
            let y = axis.place(*value, self.bottom, self.top);
            canvas.line((x - 4.0, y), (x, y), style::AXIS, 1.0);
            canvas.ending(label, (x - 8.0, y), style::LABEL_SIZE);
        }
    }

    /// The axis line at the bottom with its ticks, without labels.
    pub(super) fn x_line(&self, canvas: &mut Canvas<'_>, axis: &Axis) {
        let y = self.bottom;
        canvas.line((self.left, y), (self.right, y), style::AXIS, 1.0);
        for (value, _) in &axis.ticks {
            let x = axis.place(*value, self.left, self.right);
            canvas.line((x, y), (x, y + 4.0), style::AXIS, 1.0);
        }
    }

    /// Labels under the ticks of [`Panel::x_line`], and the axis' name.
    pub(super) fn x_labels(&self, canvas: &mut Canvas<'_>, axis: &Axis, name: &str) {
        for (value, label) in &axis.ticks {
            let x = axis.place(*value, self.left, self.right);
            // A wide label at the very end moves in rather than off the paper.
            let end = style::WIDTH - 4.0 - text::width(label, style::LABEL_SIZE) / 2.0;
            let x = x.min(end);
            canvas.centred(label, (x, self.bottom + 14.0), style::LABEL_SIZE);
        }
        let middle = (self.left + self.right) / 2.0;
        canvas.centred(name, (middle, self.bottom + 33.0), style::LABEL_SIZE);
    }

    /// Says that the panel has nothing to show.
    pub(super) fn no_data(&self, canvas: &mut Canvas<'_>) {
        let middle = ((self.left + self.right) / 2.0, (self.top + self.bottom) / 2.0);
        canvas.centred("no data", middle, style::LABEL_SIZE);
    }
}

/// Room the widest label of these axes needs left of its panel, px.
pub(super) fn label_room<'a>(axes: impl IntoIterator<Item = &'a Axis>) -> f64 {
    axes.into_iter()
        .flat_map(|axis| &axis.ticks)
        .map(|(_, label)| text::width(label, style::LABEL_SIZE))
        .fold(20.0, f64::max)
        + 8.0
}
