//! A sheet to draw on, in px with fractions.
//!
//! The SVG backend only takes whole coordinates, which makes curves jagged. The
//! sheet is therefore drawn [`FINE`] times too large and shown at its true size
//! through the document's `viewBox`.

use plotters::backend::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{
    Color, FontDesc, FontFamily, FontStyle, FontTransform, RGBAColor, RGBColor, ShapeStyle, TextStyle,
};

use super::{style, text};

/// Drawing units per px.
const FINE: f64 = 10.0;
/// The backend divides a font's size by this before it writes it.
const FONT_FACTOR: f64 = 1.24;
const FONT: &str = "Helvetica, Arial, sans-serif";

/// A point in px from the upper left corner.
pub(super) type Point = (f64, f64);

pub(super) struct Canvas<'a> {
    // Drawing into a string cannot fail, so the backend's results are dropped.
    backend: SVGBackend<'a>,
}

/// Draws a picture of `height` px on white paper, with its title.
pub(super) fn picture(height: f64, title: &str, draw: impl FnOnce(&mut Canvas<'_>)) -> String {
    let size = (units(style::WIDTH) as u32, units(height).max(1) as u32);
    let mut svg = String::new();
    let mut canvas = Canvas { backend: SVGBackend::with_string(&mut svg, size) };
    canvas.bar((0.0, 0.0), (style::WIDTH, height), style::PAPER.to_rgba());
    let title = text::clean(title);
    let title = text::fit(&title, style::TITLE_SIZE * 1.08, style::WIDTH - 2.0 * style::MARGIN);
    canvas.bold(&title, (style::MARGIN, style::TITLE_Y), style::TITLE_SIZE);
    draw(&mut canvas);
    canvas.backend.present().ok();
    drop(canvas);

    let fine = format!("width=\"{}\" height=\"{}\"", size.0, size.1);
    let shown = format!(
        "width=\"{}\" height=\"{}\" stroke-linejoin=\"round\"",
        f64::from(size.0) / FINE,
        f64::from(size.1) / FINE
    );
    // An opacity of one is the default; a raster repeats it for every spike.
    svg.replacen(&fine, &shown, 1).replace(" opacity=\"1\"", "")
}

/// A picture without anything to show.
pub(super) fn no_data(title: &str) -> String {
    picture(160.0, title, |canvas| {
        canvas.centred("no data", (style::WIDTH / 2.0, 90.0), style::HEADING_SIZE);
    })
}

impl Canvas<'_> {
    pub(super) fn line(&mut self, from: Point, to: Point, color: RGBColor, width: f64) {
        let style = shape(color.to_rgba(), width);
        self.backend.draw_line(at(from), at(to), &style).ok();
    }

    /// A straight dashed line; `dash` px drawn, then as much left out.
    pub(super) fn dashed(&mut self, from: Point, to: Point, color: RGBColor, dash: f64) {
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        let pieces = (length / dash).ceil().clamp(0.0, 2000.0) as usize;
        let on = |along: f64| {
            let share = (along / length).min(1.0);
            (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1))
        };
        for piece in (0..pieces).step_by(2) {
            let start = piece as f64 * dash;
            self.line(on(start), on(start + dash), color, 1.2);
        }
    }

    pub(super) fn path(&mut self, points: &[Point], color: RGBColor, width: f64) {
        let style = shape(color.to_rgba(), width);
        let points = points.iter().map(|&point| at(point));
        self.backend.draw_path(points, &style).ok();
    }

    /// A filled rectangle.
    pub(super) fn bar(&mut self, from: Point, to: Point, color: RGBAColor) {
        let style = shape(color, 0.0).filled();
        self.backend.draw_rect(at(from), at(to), &style, true).ok();
    }

    pub(super) fn dot(&mut self, centre: Point, radius: f64, color: RGBColor) {
        let style = shape(color.to_rgba(), 0.0).filled();
        let radius = units(radius) as u32;
        self.backend.draw_circle(at(centre), radius, &style, true).ok();
    }

    pub(super) fn ring(&mut self, centre: Point, radius: f64, color: RGBColor, width: f64) {
        let style = shape(color.to_rgba(), width);
        let radius = units(radius) as u32;
        self.backend.draw_circle(at(centre), radius, &style, false).ok();
    }

    /// Bold text that starts at the point.
    pub(super) fn bold(&mut self, text: &str, point: Point, size: f64) {
        let font = font(size, FontStyle::Bold);
        self.write(text, point, font, HPos::Left, style::TEXT);
    }

    /// Text that starts at the point.
    pub(super) fn text(&mut self, text: &str, point: Point, size: f64) {
        self.write(text, point, font(size, FontStyle::Normal), HPos::Left, style::TEXT);
    }

    /// Quiet text centred on the point.
    pub(super) fn centred(&mut self, text: &str, point: Point, size: f64) {
        self.write(text, point, font(size, FontStyle::Normal), HPos::Center, style::MUTED);
    }

    /// Quiet text that ends at the point.
    pub(super) fn ending(&mut self, text: &str, point: Point, size: f64) {
        self.write(text, point, font(size, FontStyle::Normal), HPos::Right, style::MUTED);
    }

    /// Quiet text centred on the point that reads upwards.
    pub(super) fn upwards(&mut self, text: &str, point: Point, size: f64) {
        let font = font(size, FontStyle::Normal).transform(FontTransform::Rotate270);
        self.write(text, point, font, HPos::Center, style::MUTED);
    }

    fn write(&mut self, text: &str, point: Point, font: FontDesc, side: HPos, color: RGBColor) {
        let style = TextStyle::from(font).color(&color).pos(Pos::new(side, VPos::Center));
        self.backend.draw_text(text, &style, at(point)).ok();
    }
}

fn font(size: f64, style: FontStyle) -> FontDesc<'static> {
    FontDesc::new(FontFamily::Name(FONT), size * FINE * FONT_FACTOR, style)
}

fn shape(color: RGBAColor, width: f64) -> ShapeStyle {
    ShapeStyle::from(color).stroke_width(units(width) as u32)
}

/// Whole drawing units; the clamp keeps sums of two in range.
fn units(px: f64) -> i32 {
    (px * FINE).round().clamp(-1e8, 1e8) as i32
}

fn at((x, y): Point) -> (i32, i32) {
    (units(x), units(y))
}
