//! One quantity against another: firing rate over current, accuracy over firing rate.

use super::axis::{Axis, drawable, extent, padded};
use super::picture::{Frame, Key, Mark, Panel, Picture};
use super::{series, style};

/// Points of one colour, joined by a line in the order they come in.
#[derive(Clone, Copy, Debug)]
pub struct Curve<'a> {
    /// Name for the legend, which is left out if there is one curve.
    pub name: &'a str,
    /// Across and up, in the axes' units.
    pub points: &'a [(f64, f64)],
}

/// Curves that [`relation`] shows at most: one for each colour.
pub const MOST_CURVES: usize = style::SERIES.len();
const HEIGHT: i32 = 560;
/// Longer curves are drawn without a dot per point.
const MOST_DOTS: usize = 60;

/// Draws curves; `x_name` and `y_name` say what the axes show, with the unit. Whole numbers across, such as epochs, have no ticks
/// between them. Of more than [`MOST_CURVES`] the first ones are drawn.
#[must_use]
pub fn relation(title: &str, x_name: &str, y_name: &str, curves: &[Curve<'_>]) -> Picture {
    let shown = &curves[..curves.len().min(MOST_CURVES)];
    let points = || shown.iter().flat_map(|curve| curve.points).filter(|(x, y)| drawable(*x) && drawable(*y));
    let (Some(x_range), Some(y_range)) = (extent(points().map(|p| p.0)), extent(points().map(|p| p.1))) else {
        return Picture::no_data(title);
    };
    let between = if points().all(|(x, _)| x.fract() == 0.0) { 1.0 } else { 0.0 };
    let x = Axis::horizontal(padded(x_range, 0.02), style::WIDTH - 200, between).named(x_name);
    let y = Axis::new(padded(y_range, 0.06), 6, 0.0).named(y_name);
    let mut panel = Panel::new(Frame::row(style::TITLE_ROOM, HEIGHT), "", x, y);
    for (curve, color) in shown.iter().zip(style::SERIES) {
        if shown.len() > 1 {
            panel.legend.push((Key::Dotted(color, false), curve.name.to_owned()));
        }
        let few = curve.points.len() <= MOST_DOTS;
        for points in series::segments(curve.points.iter().copied()) {
            if few {
                panel.marks.push(Mark::Dots { points: points.clone(), color, hollow: false });
            }
            panel.marks.push(Mark::Line { points, color });
        }
    }
    Picture::new(title, vec![panel])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::xml_check::assert_well_formed;

    #[test]
    fn a_curve_breaks_at_missing_values() {
        let points = [(0.0, 0.0), (1.0, 2.0), (2.0, f64::NAN), (3.0, 5.0)];
        let curve = Curve { name: "only", points: &points };
        let picture = relation("Rates", "current", "rate (Hz)", &[curve]);
        let dots: usize = picture.panels[0]
            .marks
            .iter()
            .map(|mark| if let Mark::Dots { points, .. } = mark { points.len() } else { 0 })
            .sum();
        assert_eq!(dots, 3);
        let svg = picture.svg();
        assert_well_formed(&svg);
        assert!(svg.contains("rate (Hz)") && !svg.contains("only"));
        let svg = relation("Rates", "current", "rate (Hz)", &[curve; 9]).svg();
        assert_well_formed(&svg);
        assert_eq!(svg.matches("only").count(), MOST_CURVES);
    }

    #[test]
    fn whole_numbers_have_whole_ticks() {
        let svg = |points: &[(f64, f64)]| relation("", "epoch", "", &[Curve { name: "", points }]).svg();
        assert!(!svg(&[(1.0, 0.0), (2.0, 1.0)]).contains("\n1.5\n"));
        assert!(svg(&[(1.0, 0.0), (1.25, 0.0), (2.0, 1.0)]).contains("\n1.5\n"));
    }

    #[test]
    fn nothing_to_draw_says_no_data() {
        let curve = Curve { name: "", points: &[(f64::NAN, 1.0), (1.0, 1e300)] };
        for curves in [&[][..], &[curve]] {
            let svg = relation("Empty", "x", "y", curves).svg();
            assert_well_formed(&svg);
            assert!(svg.contains("no data"));
        }
    }
}
