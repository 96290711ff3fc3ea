//! The picture of a sample, as a panel beside others.

use super::axis::{Axis, extent};
use super::picture::{Frame, Mark, Panel, Picture};
use super::style;

/// A sample that is a picture, row by row from its top.
#[derive(Clone, Copy, Debug, Default)]
pub struct SampleImage<'a> {
    /// Heading above it, where it stands beside others; none if empty.
    pub name: &'a str,
    /// Values of the pixels, `[height, width]`, or `[3, height, width]` of red, green and blue; the smallest is drawn
    /// black, the largest white.
    pub pixels: &'a [f32],
    /// Pixels of a row.
    pub width: usize,
    /// Whether there are three channels.
    pub is_rgb: bool,
}

/// Pixels along a side at most; of more, blocks are drawn with their mean.
const MOST: usize = 64;
/// Room between pictures.
const GAP: i32 = 16;
/// Width of the panel.
pub(super) const WIDTH: i32 = 300;

impl SampleImage<'_> {
    fn height(&self) -> usize {
        let channels = if self.is_rgb { 3 } else { 1 };
        self.pixels.len().checked_div(channels * self.width).unwrap_or(0)
    }

    /// The panel, with its upper right corner in that of the picture's space; none if there is no pixel.
    pub(super) fn panel(&self, top: i32) -> Option<Panel> {
        let (width, height) = (self.width, self.height());
        if height == 0 {
            return None;
        }
        let block = width.max(height).div_ceil(MOST);
        let [columns, rows] = [width, height].map(|side| side.div_ceil(block));
        let (low, high) = extent(self.pixels.iter().map(|&pixel| f64::from(pixel)))?;
        let share = |channel: usize, row: usize, column: usize| {
            let [rows, columns] =
                [(row, height), (column, width)].map(|(i, end)| i * block..((i + 1) * block).min(end));
            let plane = &self.pixels[channel * width * height..];
            let pixels = rows.flat_map(|y| columns.clone().map(move |x| f64::from(plane[y * width + x])));
            let (sum, count) = pixels.fold((0.0, 0.0), |(sum, count), pixel| (sum + pixel, count + 1.0));
            (sum / count - low) / (high - low).max(f64::MIN_POSITIVE)
        };
        let color = |row: usize, column: usize| match self.is_rgb {
            true => style::rgb([0, 1, 2].map(|channel| share(channel, row, column))),
            false => style::gray(share(0, row, column)),
        };
        let cell = |row: usize, column: usize| Mark::Cell {
            from: (column as f64 - 0.5, row as f64 - 0.5),
            to: (column as f64 + 0.5, row as f64 + 0.5),
            color: color(row, column),
            text: String::new(),
            dark: false,
        };
        let longest = columns.max(rows) as i32;
        // whole px for every pixel: all of one size
        let side = ((WIDTH - 20) / longest).max(1);
        let frame = Frame {
            left: style::WIDTH - style::MARGIN - side * columns as i32,
            top,
            width: side * columns as i32,
            height: style::HEADING_ROOM + 6 + side * rows as i32,
        };
        let axis = |count, down| Axis::places(count, vec![], down).without_labels();
        let mut panel = Panel::new(frame, "sample", axis(columns, false), axis(rows, true));
        (panel.is_bare, panel.label_room) = (true, 0);
        panel.marks =
            (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))).map(|(r, c)| cell(r, c)).collect();
        Some(panel)
    }
}

/// Draws pictures of one size beside and under each other, in the order of the text.
///
/// Of pictures of more than 64 pixels along a side, blocks are drawn with their mean.
#[must_use]
pub fn sample_images(title: &str, images: &[SampleImage<'_>]) -> Picture {
    let room = style::WIDTH - 2 * style::MARGIN;
    let (mut left, mut top, mut bottom) = (0, style::TITLE_ROOM, style::TITLE_ROOM);
    let mut panels = Vec::with_capacity(images.len());
    for image in images {
        let Some(mut panel) = image.panel(top) else { continue };
        if left > 0 && left + panel.frame.width > room {
            (left, top) = (0, bottom + GAP);
        }
        (panel.frame.left, panel.frame.top) = (style::MARGIN + left, top);
        panel.heading = image.name.to_owned();
        left += panel.frame.width + GAP;
        bottom = bottom.max(top + panel.frame.height);
        panels.push(panel);
    }
    if panels.is_empty() { Picture::no_data(title) } else { Picture::new(title, panels) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_are_shades_in_their_order() {
        let pixels = [0.0, 1.0, 0.5, 0.25, 0.0, 0.0];
        let panel = SampleImage { pixels: &pixels, width: 3, ..SampleImage::default() }.panel(0).unwrap();
        let colors = |panel: &Panel| -> Vec<[u8; 3]> {
            let color = |mark: &Mark| match mark {
                Mark::Cell { color, .. } => [color.0, color.1, color.2],
                _ => panic!("{mark:?}"),
            };
            panel.marks.iter().map(color).collect()
        };
        assert_eq!(colors(&panel), [0, 255, 128, 64, 0, 0].map(|shade| [shade; 3]));
        // two pixels: red and green of both, blue of both
        let panel = SampleImage { width: 2, is_rgb: true, pixels: &pixels, ..SampleImage::default() }.panel(0).unwrap();
        assert_eq!(colors(&panel), [[0, 128, 0], [255, 64, 0]]);
        assert!(SampleImage { pixels: &[], width: 3, ..SampleImage::default() }.panel(0).is_none());
        assert!(SampleImage { pixels: &[1.0], ..SampleImage::default() }.panel(0).is_none());
    }

    #[test]
    fn pictures_stand_in_rows() {
        let pixels = [0.0, 1.0, 0.5, 0.25];
        let images = vec![SampleImage { pixels: &pixels, width: 2, ..SampleImage::default() }; 7];
        let picture = sample_images("seven", &images);
        let at: Vec<(i32, i32)> = picture.panels.iter().map(|panel| (panel.frame.left, panel.frame.top)).collect();
        assert!(at[0].1 == at[1].1 && at[0].0 < at[1].0 && at[6].1 > at[0].1 && at[6].0 <= at[1].0);
        assert!(picture.panels.iter().all(|panel| panel.frame.left + panel.frame.width <= style::WIDTH));
    }

    #[test]
    fn large_pictures_are_drawn_in_blocks() {
        let pixels: Vec<f32> = (0..200 * 100).map(|i| (i / 100) as f32).collect();
        let panel = SampleImage { pixels: &pixels, width: 100, ..SampleImage::default() }.panel(0).unwrap();
        assert_eq!(panel.marks.len(), 50 * 25);
    }
}
