//! PNG: plotters' bitmap backend, with text from a font of pixels that is part of the program.

use super::picture::Picture;
use super::{render, style};
use noto_sans_mono_bitmap::{FontWeight, RasterHeight, RasterizedChar, get_raster, get_raster_width};
use plotters::backend::BitMapBackend;
use plotters::drawing::IntoDrawingArea;
use plotters::style::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontStyle,
    FontTransform,
};

const RASTER: RasterHeight = RasterHeight::Size32;

pub(super) fn png(picture: &Picture) -> Vec<u8> {
    let size = (style::WIDTH as u32, picture.height as u32);
    let mut pixels = vec![255; size.0 as usize * size.1 as usize * 3];
    let sheet = Sheet(BitMapBackend::with_buffer(&mut pixels, size));
    // memory can always be drawn and written to
    let _ = render::draw(picture, &sheet.into_drawing_area());
    encoded(&pixels, size).unwrap_or_default()
}

fn encoded(pixels: &[u8], (width, height): (u32, u32)) -> Result<Vec<u8>, png::EncodingError> {
    let mut file = vec![];
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(pixels)?;
    writer.finish()?;
    Ok(file)
}

/// A bitmap on which text can be written without a font of the system.
struct Sheet<'a>(BitMapBackend<'a>);

type Done<'a> = Result<(), DrawingErrorKind<<BitMapBackend<'a> as DrawingBackend>::ErrorType>>;

impl<'a> DrawingBackend for Sheet<'a> {
    type ErrorType = <BitMapBackend<'a> as DrawingBackend>::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.0.get_size()
    }

    fn ensure_prepared(&mut self) -> Done<'a> {
        self.0.ensure_prepared()
    }

    fn present(&mut self) -> Done<'a> {
        self.0.present()
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Done<'a> {
        self.0.draw_pixel(point, color)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Done<'a> {
        self.0.draw_line(from, to, style)
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, fill: bool) -> Done<'a> {
        self.0.draw_rect(from, to, style, fill)
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        _: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Self::ErrorType>> {
        let width = get_raster_width(FontWeight::Regular, RASTER) * text.chars().count();
        Ok((width as u32, RASTER.val() as u32))
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, pos: BackendCoord) -> Done<'a> {
        let weight = match style.style() {
            FontStyle::Bold => FontWeight::Bold,
            _ => FontWeight::Regular,
        };
        let color = style.color();
        let glyphs: Vec<RasterizedChar> = text.chars().filter_map(|c| glyph(c, weight)).collect();
        let (wide, high) = (get_raster_width(weight, RASTER), RASTER.val() as i32);
        let length = (glyphs.len() * wide) as i32;
        let along = match style.anchor().h_pos {
            HPos::Left => 0,
            HPos::Center => -length / 2,
            HPos::Right => -length,
        };
        let across = match style.anchor().v_pos {
            VPos::Top => 0,
            VPos::Center => -high / 2,
            VPos::Bottom => -high,
        };
        for (i, glyph) in glyphs.iter().enumerate() {
            for (row, pixels) in glyph.rows().enumerate() {
                for (column, &ink) in pixels.iter().enumerate().filter(|(_, ink)| **ink > 0) {
                    let (x, y) = (along + (i * wide + column) as i32, across + row as i32);
                    let (x, y) = match style.transform() {
                        FontTransform::Rotate90 => (-y, x),
                        FontTransform::Rotate180 => (-x, -y),
                        FontTransform::Rotate270 => (y, -x),
                        FontTransform::None => (x, y),
                    };
                    let color = BackendColor { alpha: color.alpha * f64::from(ink) / 255.0, ..color };
                    self.0.draw_pixel((pos.0 + x, pos.1 + y), color)?;
                }
            }
        }
        Ok(())
    }
}

/// The character, or the one nearest to it that the font has.
fn glyph(c: char, weight: FontWeight) -> Option<RasterizedChar> {
    let near = match c {
        '−' | '–' | '—' => '-',
        '…' => '.',
        'μ' => 'µ',
        c => c,
    };
    get_raster(near, weight, RASTER).or_else(|| get_raster('?', weight, RASTER))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::{Curve, relation};

    #[test]
    fn a_png_has_the_size_of_the_picture_and_its_text() {
        let points = [(0.0, 0.0), (1.0, 2.0)];
        let picture = |title: &str| relation(title, "time (µs)", "−Ω", &[Curve { name: "", points: &points }]);
        let decoded = |picture: &Picture| {
            let file = picture.png();
            let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
            let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
            let info = reader.next_frame(&mut pixels).unwrap();
            assert_eq!((info.width, info.height), (style::WIDTH as u32, picture.height as u32));
            pixels
        };
        let dark_in_title = |pixels: &[u8]| {
            let title = &pixels[..style::TITLE_ROOM as usize * style::WIDTH as usize * 3];
            title.iter().filter(|&&shade| shade < 100).count()
        };
        assert_eq!(dark_in_title(&decoded(&picture(""))), 0);
        let [one, two] = ["A", "AA"].map(|title| dark_in_title(&decoded(&picture(title))));
        assert!(one > 0 && two == 2 * one, "{one} {two}");
    }
}
