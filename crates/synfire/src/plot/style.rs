//! The look that all pictures share: sizes in px, colours, one width.

use plotters::style::{Color, FontFamily, FontStyle, IntoFont, RGBColor, TextStyle};

/// Width of every picture: twice that of a page, since the SVG backend rounds coordinates to whole px.
pub(super) const WIDTH: i32 = 1600;
/// Empty border around a picture.
pub(super) const MARGIN: i32 = 28;
/// Room of the title.
pub(super) const TITLE_ROOM: i32 = 64;
/// Room of a panel's heading, and of each row of its legend.
pub(super) const HEADING_ROOM: i32 = 40;
/// Room of the numbers under a panel, and of the axis' name.
pub(super) const X_ROOM: i32 = 72;
/// Room under a panel without numbers.
pub(super) const X_ROOM_BARE: i32 = 22;

pub(super) const TITLE: f64 = 32.0;
pub(super) const HEADING: f64 = 26.0;
pub(super) const LABEL: f64 = 23.0;

pub(super) const TEXT: RGBColor = RGBColor(0x22, 0x22, 0x22);
pub(super) const MUTED: RGBColor = RGBColor(0x50, 0x50, 0x50);
pub(super) const AXIS: RGBColor = RGBColor(0x80, 0x80, 0x80);
pub(super) const GRID: RGBColor = RGBColor(0xE4, 0xE4, 0xE4);
pub(super) const SPIKE: RGBColor = RGBColor(0x20, 0x20, 0x20);

/// Okabe and Ito's palette without its yellow, which is too pale for a thin line on white: the colours stay apart for
/// every common colour blindness.
pub(super) const SERIES: [RGBColor; 6] = [
    RGBColor(0x00, 0x72, 0xB2),
    RGBColor(0xD5, 0x5E, 0x00),
    RGBColor(0x00, 0x9E, 0x73),
    RGBColor(0xCC, 0x79, 0xA7),
    RGBColor(0xE6, 0x9F, 0x00),
    RGBColor(0x56, 0xB4, 0xE9),
];

/// White at 0, dark blue at 1.
pub(super) fn blue(share: f64) -> RGBColor {
    mixed(RGBColor(0xFF, 0xFF, 0xFF), RGBColor(0x08, 0x45, 0x8C), share)
}

/// White at 0, dark orange at 1.
pub(super) fn orange(share: f64) -> RGBColor {
    mixed(RGBColor(0xFF, 0xFF, 0xFF), RGBColor(0xB4, 0x4B, 0x00), share)
}

/// Black at 0, white at 1, as a display shows a pixel.
pub(super) fn gray(share: f64) -> RGBColor {
    mixed(RGBColor(0, 0, 0), RGBColor(0xFF, 0xFF, 0xFF), share)
}

/// Red, green and blue as shares of the brightest.
pub(super) fn rgb(shares: [f64; 3]) -> RGBColor {
    let [red, green, blue] = shares.map(|share| gray(share).0);
    RGBColor(red, green, blue)
}

fn mixed(from: RGBColor, to: RGBColor, share: f64) -> RGBColor {
    let share = share.clamp(0.0, 1.0);
    let mix = |a: u8, b: u8| (f64::from(a) + (f64::from(b) - f64::from(a)) * share).round() as u8;
    RGBColor(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

/// Text of this size in px. plotters divides the size of a font by 1.24 before it is written.
pub(super) fn text(size: f64, color: RGBColor, bold: bool) -> TextStyle<'static> {
    let face = if bold { FontStyle::Bold } else { FontStyle::Normal };
    (FontFamily::SansSerif, size * 1.24, face).into_font().color(&color.to_rgba())
}
