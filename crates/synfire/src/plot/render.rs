//! Draws a picture with any backend of plotters.

use super::picture::{Key, Mark, Panel, Picture};
use super::{axis::Axis, style, text};
use plotters::chart::{ChartBuilder, ChartContext};
use plotters::coord::Shift;
use plotters::coord::cartesian::Cartesian2d;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind, IntoDrawingArea};
use plotters::element::{Circle, DashedPathElement, PathElement, Polygon, Rectangle, Text};
use plotters::prelude::{DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, RGBColor, ShapeStyle, TextStyle, WHITE};

type Drawn<DB> = Result<(), DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;
type Chart<'a, DB> = ChartContext<'a, DB, Cartesian2d<Axis, Axis>>;

pub(super) fn svg(picture: &Picture) -> String {
    let mut svg = String::new();
    let size = (style::WIDTH as u32, picture.height as u32);
    // a string can always be written to
    let _ = draw(picture, &SVGBackend::with_string(&mut svg, size).into_drawing_area());
    svg
}

pub(super) fn draw<DB: DrawingBackend>(picture: &Picture, root: &DrawingArea<DB, Shift>) -> Drawn<DB> {
    root.fill(&WHITE)?;
    let title = text::fit(&text::clean(&picture.title), style::TITLE, style::WIDTH - 2 * style::MARGIN);
    write(root, &title, (style::MARGIN, 36), &style::text(style::TITLE, style::TEXT, true), HPos::Left)?;
    for panel in &picture.panels {
        draw_panel(panel, root)?;
    }
    root.present()
}

/// Room above a panel: of its heading, and of its legend if that has a row of its own.
pub(super) fn heading_room(panel: &Panel) -> i32 {
    let own = match (panel.heading.is_empty() && panel.note.is_empty() && panel.legend.is_empty(), legend_rows(panel)) {
        (true, _) => 8,
        (false, rows) => style::HEADING_ROOM * (1 + rows.len() as i32) + 6,
    };
    own.max(panel.heading_room)
}

/// Room under a panel.
pub(super) fn x_room(panel: &Panel) -> i32 {
    match (panel.x.is_labelled, panel.x.name.is_empty()) {
        _ if panel.is_bare => 0,
        (false, _) => style::X_ROOM_BARE,
        (true, true) => style::X_ROOM - 36,
        (true, false) => style::X_ROOM,
    }
}

fn draw_panel<DB: DrawingBackend>(panel: &Panel, root: &DrawingArea<DB, Shift>) -> Drawn<DB> {
    let frame = &panel.frame;
    draw_heading(panel, root)?;
    let sides = [frame.left, style::WIDTH - frame.left - frame.width];
    let ends = [frame.top, root.dim_in_pixel().1 as i32 - frame.top - frame.height];
    let area = root.margin(ends[0], ends[1], sides[0], sides[1]);
    let mut chart = ChartBuilder::on(&area)
        .margin_top(heading_room(panel))
        .margin_right(panel.right_room)
        .x_label_area_size(x_room(panel))
        .y_label_area_size(panel.label_room)
        .build_cartesian_2d(panel.x.clone(), panel.y.clone())?;
    if !panel.is_bare {
        draw_axes(panel, &mut chart)?;
    }
    panel.marks.iter().try_for_each(|mark| draw_mark(mark, &mut chart, root))?;
    if !panel.message.is_empty() {
        let middle = chart.plotting_area().get_pixel_range();
        let middle = ((middle.0.start + middle.0.end) / 2, (middle.1.start + middle.1.end) / 2);
        write(root, panel.message, middle, &style::text(style::HEADING, style::MUTED, false), HPos::Center)?;
    }
    Ok(())
}

fn draw_axes<DB: DrawingBackend>(panel: &Panel, chart: &mut Chart<'_, DB>) -> Drawn<DB> {
    let label = style::text(style::LABEL, style::MUTED, false);
    let mut mesh = chart.configure_mesh();
    mesh.axis_style(style::AXIS.stroke_width(2))
        .bold_line_style(style::GRID.stroke_width(2))
        .label_style(label.clone())
        .axis_desc_style(label)
        .disable_x_mesh();
    if !panel.has_grid {
        mesh.disable_y_mesh();
    }
    if panel.x.is_labelled && !panel.x.name.is_empty() {
        mesh.x_desc(text::clean(&panel.x.name));
    }
    if !panel.y.name.is_empty() {
        mesh.y_desc(text::clean(&panel.y.name));
    }
    mesh.draw()
}

fn draw_mark<DB: DrawingBackend>(mark: &Mark, chart: &mut Chart<'_, DB>, root: &DrawingArea<DB, Shift>) -> Drawn<DB> {
    let area = chart.plotting_area();
    match mark {
        Mark::Line { points, color } => match points[..] {
            [only] => area.draw(&Circle::new(only, 5, color.filled())),
            _ => area.draw(&PathElement::new(points.clone(), line(*color))),
        },
        Mark::Dashed { from, to, color } => {
            area.draw(&DashedPathElement::new([*from, *to], 12, 8, color.stroke_width(3)))
        }
        Mark::Dots { points, color, hollow } => points.iter().try_for_each(|&at| {
            area.draw(&Circle::new(at, 6, color.filled()))?;
            if *hollow { area.draw(&Circle::new(at, 3, WHITE.filled())) } else { Ok(()) }
        }),
        Mark::Ring { at } => area.draw(&Circle::new(*at, 13, style::TEXT.stroke_width(3))),
        Mark::Ticks { at, row, height, width, color } => at.iter().try_for_each(|&x| {
            let ends = [(x, row - height / 2.0), (x, row + height / 2.0)];
            area.draw(&PathElement::new(ends, color.stroke_width(*width)))
        }),
        Mark::Area { points, color } => area.draw(&Polygon::new(points.clone(), color.mix(0.2))),
        Mark::Cell { from, to, color, text, dark } => {
            // with the px on the border, over which the next one is drawn: no seams where the picture is scaled
            let (from_px, to_px) = (chart.backend_coord(from), chart.backend_coord(to));
            let corners = [
                (from_px.0.min(to_px.0), from_px.1.min(to_px.1)),
                (from_px.0.max(to_px.0) + 1, from_px.1.max(to_px.1) + 1),
            ];
            root.draw(&Rectangle::new(corners, color.filled()))?;
            if text.is_empty() {
                return Ok(());
            }
            let middle = ((from.0 + to.0) / 2.0, (from.1 + to.1) / 2.0);
            let style = style::text(style::LABEL, if *dark { WHITE } else { style::TEXT }, false);
            write(root, text, chart.backend_coord(&middle), &style, HPos::Center)
        }
        Mark::Beside { row, text, color } => {
            let (_, y) = chart.backend_coord(&(0.0, *row));
            let right = area.get_pixel_range().0.end + 12;
            write(root, &text::clean(text), (right, y), &style::text(style::LABEL, *color, false), HPos::Left)
        }
    }
}

fn line(color: RGBColor) -> ShapeStyle {
    color.stroke_width(4)
}

fn write<DB: DrawingBackend>(
    root: &DrawingArea<DB, Shift>,
    words: &str,
    at: (i32, i32),
    style: &TextStyle<'_>,
    side: HPos,
) -> Drawn<DB> {
    if words.is_empty() { Ok(()) } else { root.draw(&Text::new(words, at, style.pos(Pos::new(side, VPos::Center)))) }
}

/// Room of an entry's sample and its words, and between two entries.
const SAMPLE: i32 = 56;
const BETWEEN: i32 = 28;

fn entry_width((key, words): &(Key, String)) -> i32 {
    let sample = match key {
        Key::Nothing => 0,
        Key::Tick(_) | Key::Ring => SAMPLE / 2,
        _ => SAMPLE,
    };
    sample + text::width(words, style::LABEL) + BETWEEN
}

/// Width inside the frame, between the labels and the right edge.
fn inner(panel: &Panel) -> i32 {
    panel.frame.width - panel.label_room
}

/// Whether the legend stands beside the heading, where no note does.
fn is_beside(panel: &Panel) -> bool {
    let legend: i32 = panel.legend.iter().map(entry_width).sum();
    let fits = text::width(&panel.heading, style::HEADING) + BETWEEN + legend <= inner(panel);
    panel.legend.is_empty() || (panel.note.is_empty() && fits)
}

/// The entries in rows under the heading; none if they stand beside it.
fn legend_rows(panel: &Panel) -> Vec<Vec<&(Key, String)>> {
    let mut rows: Vec<Vec<&(Key, String)>> = vec![];
    if is_beside(panel) {
        return rows;
    }
    let mut left = 0;
    for entry in &panel.legend {
        let wide = entry_width(entry);
        if rows.is_empty() || left + wide > inner(panel) {
            rows.push(vec![]);
            left = 0;
        }
        left += wide;
        if let Some(row) = rows.last_mut() {
            row.push(entry);
        }
    }
    rows
}

fn draw_heading<DB: DrawingBackend>(panel: &Panel, root: &DrawingArea<DB, Shift>) -> Drawn<DB> {
    let (left, y) = (panel.frame.left + panel.label_room, panel.frame.top + style::HEADING_ROOM / 2);
    let right = panel.frame.left + panel.frame.width;
    let heading = text::fit(&text::clean(&panel.heading), style::HEADING, inner(panel));
    let room = inner(panel) - text::width(&heading, style::HEADING) - BETWEEN / 2;
    let note = text::fit(&text::clean(&panel.note), style::LABEL, room);
    write(root, &note, (right, y), &style::text(style::LABEL, style::MUTED, false), HPos::Right)?;
    write(root, &heading, (left, y), &style::text(style::HEADING, style::TEXT, true), HPos::Left)?;
    if is_beside(panel) {
        let wide: i32 = panel.legend.iter().map(entry_width).sum();
        let from = (right - wide + BETWEEN).max(left);
        return draw_entries(&panel.legend.iter().collect::<Vec<_>>(), (from, y), root);
    }
    let mut rows = legend_rows(panel).into_iter().enumerate();
    rows.try_for_each(|(row, entries)| draw_entries(&entries, (left, y + style::HEADING_ROOM * (row as i32 + 1)), root))
}

fn draw_entries<DB: DrawingBackend>(
    entries: &[&(Key, String)],
    (mut x, y): (i32, i32),
    root: &DrawingArea<DB, Shift>,
) -> Drawn<DB> {
    for entry in entries {
        let (key, words) = entry;
        let wide = entry_width(entry) - BETWEEN - text::width(words, style::LABEL);
        let (ends, middle) = ([(x, y), (x + SAMPLE - 10, y)], (x + (wide - 10) / 2, y));
        match *key {
            Key::Nothing => {}
            Key::Line(color) => root.draw(&PathElement::new(ends, line(color)))?,
            Key::Dashed(color) => {
                root.draw(&DashedPathElement::new(ends, 12, 8, color.stroke_width(3)))?;
            }
            Key::Dotted(color, hollow) => {
                root.draw(&PathElement::new(ends, line(color)))?;
                root.draw(&Circle::new(middle, 6, color.filled()))?;
                if hollow {
                    root.draw(&Circle::new(middle, 3, WHITE.filled()))?;
                }
            }
            Key::Tick(color) => {
                let ends = [(middle.0, y - 10), (middle.0, y + 10)];
                root.draw(&PathElement::new(ends, line(color)))?;
            }
            Key::Ring => root.draw(&Circle::new(middle, 9, style::TEXT.stroke_width(3)))?,
        }
        write(root, &text::clean(words), (x + wide, y), &style::text(style::LABEL, style::MUTED, false), HPos::Left)?;
        x += entry_width(entry);
    }
    Ok(())
}
