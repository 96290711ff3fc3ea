//! Stacked bars, one for each of a few things.

use super::axis::{Axis, drawable};
use super::picture::{Frame, Key, Mark, Panel, Picture};
use super::style;

/// A bar, made of a part for each entry of the legend.
#[derive(Clone, Debug, PartialEq)]
pub struct Bar {
    /// Its label.
    pub name: String,
    /// Lengths of its parts, 0 or more; what is no such number is left out.
    pub parts: Vec<f64>,
    /// Words at its end.
    pub note: String,
}

const ROW: i32 = 56;
/// Bars that a picture shows at most.
const MOST: usize = 60;

/// Draws bars from left to right, the first one at the top. `legend` names the parts, of which at most six are drawn;
/// `x_name` says what their lengths are, with the unit. Of more than 60 bars the first 60 are drawn.
#[must_use]
pub fn stacked_bars(title: &str, x_name: &str, legend: &[&str], bars: &[Bar]) -> Picture {
    let bars = &bars[..bars.len().min(MOST)];
    let parts = |bar: &Bar| -> Vec<f64> {
        let kept = bar.parts.iter().take(legend.len().min(style::SERIES.len()));
        kept.map(|part| if drawable(*part) && *part > 0.0 { *part } else { 0.0 }).collect()
    };
    let longest = bars.iter().map(|bar| parts(bar).iter().sum::<f64>()).fold(0.0, f64::max);
    if longest <= 0.0 {
        return Picture::no_data(title);
    }
    let labels = bars.iter().enumerate().map(|(row, bar)| (row as f64, bar.name.clone())).collect();
    let y = Axis::places(bars.len(), labels, true);
    let x = Axis::horizontal((0.0, longest * 1.02), style::WIDTH - 500, 0.0).named(x_name);
    let height = bars.len() as i32 * ROW + style::HEADING_ROOM + style::X_ROOM;
    let mut panel = Panel::new(Frame::row(style::TITLE_ROOM, height), "", x, y);
    panel.has_grid = false;
    panel.right_room = bars.iter().map(|bar| super::text::width(&bar.note, style::LABEL)).max().unwrap_or(0) + 24;
    panel.legend = legend
        .iter()
        .zip(style::SERIES)
        .map(|(name, color)| (Key::Dotted(color, false), (*name).to_string()))
        .collect();
    for (row, bar) in bars.iter().enumerate() {
        let mut from = 0.0;
        for (length, color) in parts(bar).into_iter().zip(style::SERIES) {
            if length > 0.0 {
                let (top, bottom) = (row as f64 - 0.35, row as f64 + 0.35);
                let cell = Mark::Cell {
                    from: (from, top),
                    to: (from + length, bottom),
                    color,
                    text: String::new(),
                    dark: true,
                };
                panel.marks.push(cell);
            }
            from += length;
        }
        panel.marks.push(Mark::Beside { row: row as f64, text: bar.note.clone(), color: style::MUTED });
    }
    Picture::new(title, vec![panel])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::xml_check::assert_well_formed;

    fn bar(name: &str, parts: &[f64]) -> Bar {
        Bar { name: name.to_string(), parts: parts.to_vec(), note: "<all>".to_string() }
    }

    #[test]
    fn parts_lie_one_after_the_other() {
        let bars = [bar("conv", &[1.0, 0.0, 2.0]), bar("linear", &[f64::NAN, 3.0, -1.0])];
        let picture = stacked_bars("Energy", "nJ", &["a", "b", "c"], &bars);
        let cells: Vec<(f64, f64)> = picture.panels[0]
            .marks
            .iter()
            .filter_map(|mark| if let Mark::Cell { from, to, .. } = mark { Some((from.0, to.0)) } else { None })
            .collect();
        assert_eq!(cells, [(0.0, 1.0), (1.0, 3.0), (0.0, 3.0)]);
        let svg = picture.svg();
        assert_well_formed(&svg);
        assert!(svg.contains("linear") && svg.contains("nJ"));
    }

    #[test]
    fn nothing_to_draw_says_no_data() {
        for bars in [&[][..], &[bar("", &[0.0, f64::INFINITY])]] {
            assert!(stacked_bars("", "", &["a", "b"], bars).svg().contains("no data"));
        }
    }
}
