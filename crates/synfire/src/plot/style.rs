//! The look every picture shares: sizes in px, colours, one width.

use plotters::style::RGBColor;

/// Width of every picture, px: fills a README column and a two-column figure.
pub(super) const WIDTH: f64 = 900.0;
/// Empty border around a picture, px.
pub(super) const MARGIN: f64 = 18.0;

pub(super) const TITLE_SIZE: f64 = 17.0;
pub(super) const HEADING_SIZE: f64 = 13.5;
pub(super) const LABEL_SIZE: f64 = 12.0;

/// Baselines (vertical centres) of the title and of the legend under it, px.
pub(super) const TITLE_Y: f64 = 24.0;
pub(super) const LEGEND_Y: f64 = 51.0;
/// Room a panel's heading needs above the panel, px.
pub(super) const HEADING_ROOM: f64 = 24.0;
/// Room the time or epoch axis needs below the last panel, px.
pub(super) const X_AXIS_ROOM: f64 = 52.0;

pub(super) const PAPER: RGBColor = RGBColor(255, 255, 255);
pub(super) const TEXT: RGBColor = RGBColor(0x22, 0x22, 0x22);
pub(super) const MUTED: RGBColor = RGBColor(0x59, 0x59, 0x59);
pub(super) const AXIS: RGBColor = RGBColor(0x80, 0x80, 0x80);
pub(super) const GRID: RGBColor = RGBColor(0xE8, 0xE8, 0xE8);

/// Okabe and Ito's palette without its yellow, which is too pale for a thin
/// line on white: the colours stay apart for every common colour blindness.
pub(super) const SERIES: [RGBColor; 6] = [
    RGBColor(0x00, 0x72, 0xB2),
    RGBColor(0xD5, 0x5E, 0x00),
    RGBColor(0x00, 0x9E, 0x73),
    RGBColor(0xCC, 0x79, 0xA7),
    RGBColor(0xE6, 0x9F, 0x00),
    RGBColor(0x56, 0xB4, 0xE9),
];
/// A spike in a raster: dark, so that marks of one pixel still read.
pub(super) const SPIKE: RGBColor = RGBColor(0x0B, 0x3C, 0x6B);
