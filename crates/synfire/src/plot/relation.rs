//! One quantity against another: firing rate over current, accuracy over firing rate.

use super::axis::{Axis, drawable, extent, padded};
use super::canvas::{Canvas, Point, no_data, picture};
use super::legend::{Dot, Key, dot, legend};
use super::panel::{Panel, label_room};
use super::{series, style};

/// Points of one colour, joined by a line in the order they come in.
#[derive(Clone, Copy, Debug)]
pub struct Curve<'a> {
    /// Name for the legend, which is left out if there is one curve.
    pub name: &'a str,
    /// Across and up, in the axes' units.
    pub points: &'a [(f64, f64)],
}

/// Curves a picture shows at most: one per colour.
const MOST_CURVES: usize = style::SERIES.len();
const HEIGHT: f64 = 360.0;
/// Longer curves are drawn without a dot per point.
const MOST_DOTS: usize = 60;

/// Draws curves as SVG; `x_name` and `y_name` say what the axes show, with the unit. Of more than six
/// curves the first six are drawn.
pub fn relation(title: &str, x_name: &str, y_name: &str, curves: &[Curve<'_>]) -> String {
    let shown = &curves[..curves.len().min(MOST_CURVES)];
    let points = || shown.iter().flat_map(|curve| curve.points).filter(|(x, y)| drawable(*x) && drawable(*y));
    let (Some(x_range), Some(y_range)) = (extent(points().map(|p| p.0)), extent(points().map(|p| p.1))) else {
        return no_data(title);
    };
    let y_axis = Axis::new(padded(y_range, 0.06), 6, 0.0);
    let with_legend = shown.len() > 1;
    let top = if with_legend { 96.0 } else { 72.0 };
    picture(HEIGHT, title, |canvas| {
        if with_legend {
            legend(canvas, &entries(shown));
        }
        let left = style::MARGIN + label_room([&y_axis]);
        let panel = Panel { left, right: style::WIDTH - style::MARGIN, top, bottom: HEIGHT - style::X_AXIS_ROOM };
        let x_axis = Axis::horizontal(padded(x_range, 0.02), panel.right - panel.left, 0.0);
        panel.heading(canvas, y_name, "");
        panel.y_grid(canvas, &y_axis);
        panel.x_line(canvas, &x_axis);
        panel.x_labels(canvas, &x_axis, x_name);
        for (number, curve) in shown.iter().enumerate() {
            let place = |&(x, y): &Point| match drawable(x) && drawable(y) {
                true => panel.place(&x_axis, &y_axis, (x, y)),
                false => (f64::NAN, f64::NAN),
            };
            draw(canvas, curve.points.iter().map(place).collect(), number);
        }
    })
}

/// One curve, in px.
fn draw(canvas: &mut Canvas<'_>, points: Vec<Point>, number: usize) {
    let few = points.len() <= MOST_DOTS;
    for run in series::segments(points) {
        canvas.path(&run, style::SERIES[number], 1.8);
        if few || run.len() == 1 {
            run.iter().for_each(|&at| dot(canvas, at, style::SERIES[number], Dot::Full));
        }
    }
}

fn entries(curves: &[Curve<'_>]) -> Vec<(Key, String)> {
    let key = |number: usize| Key::Dotted(style::SERIES[number], Dot::Full);
    curves.iter().enumerate().map(|(number, curve)| (key(number), curve.name.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::xml_check::assert_well_formed;

    #[test]
    fn a_curve_breaks_at_missing_values() {
        let points = [(0.0, 0.0), (1.0, 2.0), (2.0, f64::NAN), (3.0, 5.0)];
        let curve = Curve { name: "only", points: &points };
        let svg = relation("Rates", "current", "rate (Hz)", &[curve]);
        assert_well_formed(&svg);
        assert_eq!(svg.matches("<circle").count(), 3);
        assert!(svg.contains("rate (Hz)") && !svg.contains("only"));
        let svg = relation("Rates", "current", "rate (Hz)", &[curve; 9]);
        assert_well_formed(&svg);
        assert_eq!(svg.matches("only").count(), MOST_CURVES);
    }

    #[test]
    fn nothing_to_draw_says_no_data() {
        let curve = Curve { name: "", points: &[(f64::NAN, 1.0), (1.0, 1e300)] };
        for curves in [&[][..], &[curve]] {
            let svg = relation("Empty", "x", "y", curves);
            assert_well_formed(&svg);
            assert!(svg.contains("no data"));
        }
    }
}
