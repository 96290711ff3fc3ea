//! Pictures: exact grey values, and no silent guesses.

use image::{DynamicImage, GrayImage, Luma, Rgb, RgbImage, Rgba, RgbaImage};
use std::fs;
use synfire_data::read_image;

/// 2 rows, 3 columns.
const GREYS: [u8; 6] = [0, 51, 102, 153, 204, 255];

fn grey() -> GrayImage {
    GrayImage::from_raw(3, 2, GREYS.to_vec()).unwrap()
}

#[test]
fn grey_values_are_those_of_a_data_set() {
    let folder = tempfile::tempdir().unwrap();
    let colour = RgbImage::from_fn(3, 2, |x, y| Rgb([grey().get_pixel(x, y)[0]; 3]));
    let opaque = RgbaImage::from_fn(3, 2, |x, y| {
        let Luma([grey]) = *grey().get_pixel(x, y);
        Rgba([grey, grey, grey, 255])
    });
    for (name, picture) in [
        ("grey.png", DynamicImage::from(grey())),
        ("grey.pgm", grey().into()),
        ("grey.bmp", grey().into()),
        ("colour.png", colour.into()),
        ("opaque.png", opaque.into()),
    ] {
        let path = folder.path().join(name);
        picture.save(&path).unwrap();
        let pixels = read_image(&path, 2, 3).unwrap();
        assert_eq!(pixels, GREYS, "{name}");
    }
}

#[test]
fn jpeg_is_read_nearly_exactly() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("flat.jpg");
    GrayImage::from_pixel(8, 8, Luma([128])).save(&path).unwrap();
    let pixels = read_image(&path, 8, 8).unwrap();
    assert_eq!(pixels.len(), 64);
    assert!(pixels.iter().all(|pixel| pixel.abs_diff(128) <= 2), "{pixels:?}");
}

#[test]
fn the_content_decides_the_format() {
    let folder = tempfile::tempdir().unwrap();
    let (png, misnamed) = (folder.path().join("a.png"), folder.path().join("a.jpg"));
    grey().save(&png).unwrap();
    fs::rename(&png, &misnamed).unwrap();
    assert_eq!(read_image(&misnamed, 2, 3).unwrap().len(), 6);
}

#[test]
fn unsuitable_pictures_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    grey().save(path("grey.png")).unwrap();
    RgbaImage::from_pixel(3, 2, Rgba([0, 0, 0, 254])).save(path("clear.png")).unwrap();
    fs::write(path("text.png"), "no picture").unwrap();
    fs::write(path("empty.png"), "").unwrap();
    let whole = fs::read(path("grey.png")).unwrap();
    fs::write(path("cut.png"), &whole[..whole.len() - 20]).unwrap();
    fs::create_dir(path("folder.png")).unwrap();
    for (name, height, message) in [
        ("grey.png", 3, "is 2 x 3 pixels (height x width), but the network reads 3 x 3"),
        ("clear.png", 2, "transparent"),
        ("text.png", 2, "expected a PNG, PGM, JPEG or BMP"),
        ("empty.png", 2, "expected a PNG, PGM, JPEG or BMP"),
        ("cut.png", 2, "cannot be read as a picture"),
        ("folder.png", 2, "this is a folder"),
        ("absent.png", 2, "cannot open"),
    ] {
        let error = read_image(path(name), height, 3).unwrap_err().to_string();
        assert!(error.contains(message) && error.contains(name), "{name}: {error}");
    }
}
