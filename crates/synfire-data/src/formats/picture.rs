//! Pictures: PNG, PGM, PPM, JPEG and BMP files.

use super::SampleFormat;
use crate::{Color, DataError, DataOptions, Raw, Values};
use image::imageops::FilterType;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader};
use std::{
    fs::File,
    io::{BufRead, BufReader, Cursor, Seek},
    path::Path,
};

pub(super) const FORMAT: SampleFormat = SampleFormat {
    name: "picture",
    recognises: |head, _| image::guess_format(head).is_ok_and(|format| KNOWN.contains(&format)),
    read,
};

const KNOWN: [ImageFormat; 4] = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::Bmp, ImageFormat::Pnm];

/// Most bytes that a byte of a file is decoded to: deflate makes 1032 of one at most, and pixels of one bit are eight.
const MOST_DECODED: u64 = 8 * 1032;

/// Most pixels that a picture in a folder may have.
const MOST_PIXELS: u64 = 1 << 26;

/// Reads a PNG, PGM, JPEG or BMP file as `height × width` grey values, row-major; as [`Values`](crate::Values) they
/// stand for 0 to 1.
///
/// The format is recognised by the content. Colours become grey by Rec. 709
/// luminance, and depths above 8 bits are rounded to 8. Nothing is
/// inverted: MNIST's strokes are light on black, so a pen on paper must be
/// inverted first. Nothing is resized either.
///
/// # Errors
/// If the file is not such a picture, has another size or transparent pixels.
pub fn read_image(path: impl AsRef<Path>, height: usize, width: usize) -> Result<Vec<u8>, DataError> {
    let path = path.as_ref();
    let file = File::open(path).map_err(DataError::io("open", path))?;
    let image = if file.metadata().is_ok_and(|about| about.is_dir()) {
        Err(DataError::NotAFile)
    } else {
        decode(BufReader::new(file), |[found_height, found_width], _| {
            match (found_height, found_width) == (height, width) {
                true => Ok(()),
                false => Err(DataError::PictureSize { found_height, found_width, height, width }),
            }
        })
    };
    image.map(|image| image.into_luma8().into_raw()).map_err(|error| error.within(path.display().to_string()))
}

/// A picture whose height, width and size in bytes are checked before any pixel is decoded: a wrong one of any size costs
/// nothing.
fn decode(
    file: impl BufRead + Seek,
    check: impl Fn([usize; 2], u64) -> Result<(), DataError>,
) -> Result<DynamicImage, DataError> {
    let unreadable = |cause: image::ImageError| DataError::Picture { cause: cause.to_string() };
    let reader = ImageReader::new(file)
        .with_guessed_format()
        .map_err(|cause| DataError::Picture { cause: cause.to_string() })?;
    let decoder = reader.into_decoder().map_err(unreadable)?;
    let (width, height) = decoder.dimensions();
    check([height as usize, width as usize], decoder.total_bytes())?;
    let image = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    if image.color().has_alpha() && image.to_rgba8().pixels().any(|pixel| pixel[3] < 255) {
        return Err(DataError::PictureTransparent);
    }
    Ok(image)
}

/// A picture as `[C, H, W]`, in the colours and the size of the options.
fn read(bytes: &[u8], options: &DataOptions) -> Result<Raw, DataError> {
    let image = decode(Cursor::new(bytes), |[height, width], decoded| {
        let pixels = (height as u64).checked_mul(width as u64);
        let fits = pixels.is_some_and(|pixels| (1..=MOST_PIXELS).contains(&pixels));
        match fits && decoded <= bytes.len() as u64 * MOST_DECODED {
            true => Ok(()),
            false => Err(DataError::Picture {
                cause: format!("it claims {height} x {width} pixels in {} bytes", bytes.len()),
            }),
        }
    })?;
    let image = match options.resize {
        Some([height, width]) if (image.height() as usize, image.width() as usize) != (height, width) => {
            image.resize_exact(width as u32, height as u32, FilterType::Triangle)
        }
        _ => image,
    };
    let (height, width) = (image.height() as usize, image.width() as usize);
    let color = options.color.unwrap_or(if image.color().has_color() { Color::Rgb } else { Color::Grey });
    let (channels, bytes) = match color {
        Color::Grey => (1, image.into_luma8().into_raw()),
        Color::Rgb => (3, planes(&image.into_rgb8().into_raw())),
    };
    Ok(Raw::Values { values: Values::Bytes(bytes), shape: vec![channels, height, width] })
}

/// `[H, W, 3]` as `[3, H, W]`.
fn planes(pixels: &[u8]) -> Vec<u8> {
    (0..3).flat_map(|channel| pixels.iter().skip(channel).step_by(3)).copied().collect()
}
