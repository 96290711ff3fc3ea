//! A picture as data: panels and the marks in them, before any format is chosen.

use super::axis::Axis;
use super::style;
use plotters::style::RGBColor;

/// A point in data units.
pub(super) type Point = (f64, f64);

/// A picture, to be written as [SVG](Self::svg) or [PNG](Self::png).
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    pub(super) title: String,
    pub(super) height: i32,
    pub(super) panels: Vec<Panel>,
}

/// Where a panel lies with its heading and labels, px.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Frame {
    pub(super) left: i32,
    pub(super) top: i32,
    pub(super) width: i32,
    pub(super) height: i32,
}

/// Marks over two axes.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Panel {
    pub(super) frame: Frame,
    pub(super) heading: String,
    /// Words at the right of the heading.
    pub(super) note: String,
    /// At the right of the heading, or in rows under it.
    pub(super) legend: Vec<(Key, String)>,
    pub(super) x: Axis,
    pub(super) y: Axis,
    /// Room left of the panel; that of the widest label where panels stand above each other.
    pub(super) label_room: i32,
    /// Room right of the panel, for words beside its rows.
    pub(super) right_room: i32,
    /// Room above the panel; that of the highest heading where panels stand beside each other, or 0 for its own.
    pub(super) heading_room: i32,
    /// Whether it has no axes: of pictures.
    pub(super) is_bare: bool,
    /// Whether horizontal lines lead from the labels through the panel.
    pub(super) has_grid: bool,
    /// Written in the middle where there is nothing to draw.
    pub(super) message: &'static str,
    pub(super) marks: Vec<Mark>,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mark {
    Line {
        points: Vec<Point>,
        color: RGBColor,
    },
    Dashed {
        from: Point,
        to: Point,
        color: RGBColor,
    },
    /// Hollow ones differ from full ones without colour too.
    Dots {
        points: Vec<Point>,
        color: RGBColor,
        hollow: bool,
    },
    Ring {
        at: Point,
    },
    /// A vertical stroke at each of these places, in the middle of a row that is `height` high.
    Ticks {
        at: Vec<f64>,
        row: f64,
        height: f64,
        width: u32,
        color: RGBColor,
    },
    /// The area between two lines, given once around.
    Area {
        points: Vec<Point>,
        color: RGBColor,
    },
    /// A filled rectangle, with a word in it.
    Cell {
        from: Point,
        to: Point,
        color: RGBColor,
        text: String,
        dark: bool,
    },
    /// A word right of the panel, in the row at this height.
    Beside {
        row: f64,
        text: String,
        color: RGBColor,
    },
}

/// Appearance of the sample of a legend entry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Key {
    Line(RGBColor),
    Dotted(RGBColor, bool),
    Dashed(RGBColor),
    Tick(RGBColor),
    Ring,
    /// Words alone.
    Nothing,
}

impl Panel {
    pub(super) fn new(frame: Frame, heading: impl Into<String>, x: Axis, y: Axis) -> Self {
        let label_room = y.label_room();
        Panel {
            frame,
            heading: heading.into(),
            note: String::new(),
            legend: vec![],
            x,
            y,
            label_room,
            right_room: 0,
            heading_room: 0,
            is_bare: false,
            has_grid: true,
            message: "",
            marks: vec![],
        }
    }

    pub(super) fn with_note(self, note: impl Into<String>) -> Self {
        Panel { note: note.into(), ..self }
    }
}

impl Frame {
    /// The whole width, from `top` on.
    pub(super) fn row(top: i32, height: i32) -> Self {
        Frame { left: style::MARGIN, top, width: style::WIDTH - 2 * style::MARGIN, height }
    }
}

impl Picture {
    pub(super) fn new(title: &str, panels: Vec<Panel>) -> Self {
        let bottom = panels.iter().map(|panel| panel.frame.top + panel.frame.height).max();
        Picture { title: title.to_owned(), height: bottom.unwrap_or(style::TITLE_ROOM) + 12, panels }
    }

    /// A picture without anything to show.
    pub(super) fn no_data(title: &str) -> Self {
        let axis = || Axis::places(1, vec![], false);
        let mut panel = Panel::new(Frame::row(style::TITLE_ROOM, 220), "", axis(), axis());
        panel.message = "no data";
        Picture::new(title, vec![panel])
    }

    /// The picture as an SVG document. Text needs no font on this machine.
    #[must_use]
    pub fn svg(&self) -> String {
        super::render::svg(self)
    }

    /// The picture as a PNG file. Text is written in a font that is part of the program.
    #[must_use]
    pub fn png(&self) -> Vec<u8> {
        super::png::png(self)
    }
}

/// Puts panels under each other, from `top` on: the room of their labels is the same, and the last one alone has numbers
/// under it. `heights` are those of the panels without heading and labels.
pub(super) fn stack(mut panels: Vec<Panel>, top: i32, heights: &[i32]) -> Vec<Panel> {
    let room = panels.iter().map(|panel| panel.label_room).max().unwrap_or(0);
    let (last, mut top) = (panels.len().saturating_sub(1), top);
    for (i, (panel, height)) in panels.iter_mut().zip(heights).enumerate() {
        panel.label_room = room;
        panel.frame.top = top;
        if i < last {
            panel.x = panel.x.clone().without_labels();
        }
        panel.frame.height = height + super::render::heading_room(panel) + super::render::x_room(panel);
        top += panel.frame.height;
    }
    panels
}
