//! Pictures: PNG, PGM, JPEG and BMP files.

use crate::DataError;
use image::{DynamicImage, ImageDecoder, ImageReader};
use std::{fs::File, io::BufReader, path::Path};

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
        decode(BufReader::new(file), height, width)
    };
    image.map_err(|error| error.within(path.display().to_string()))
}

fn decode(file: BufReader<File>, height: usize, width: usize) -> Result<Vec<u8>, DataError> {
    let unreadable = |cause: image::ImageError| DataError::Picture { cause: cause.to_string() };
    let reader = ImageReader::new(file)
        .with_guessed_format()
        .map_err(|cause| DataError::Picture { cause: cause.to_string() })?;
    let decoder = reader.into_decoder().map_err(unreadable)?;

    // Before decoding: a wrong picture of any size costs nothing.
    let (found_width, found_height) = decoder.dimensions();
    let (found_height, found_width) = (found_height as usize, found_width as usize);
    if (found_height, found_width) != (height, width) {
        return Err(DataError::PictureSize { found_height, found_width, height, width });
    }

    let image = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    if image.color().has_alpha() && image.to_rgba8().pixels().any(|pixel| pixel[3] < 255) {
        return Err(DataError::PictureTransparent);
    }
    Ok(image.into_luma8().into_raw())
}
