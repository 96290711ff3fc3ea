//! A sample in a file of its own: a picture, or one like those of the training.

use crate::output::note;
use crate::words;
use anyhow::bail;
use std::path::Path;
use synfire::checkpoint::{Description, SampleRange};
use synfire_data::{Batch, Values};

/// The sample of a picture's pixels.
pub(super) fn from_picture(picture: &Path, network: &Description) -> anyhow::Result<Batch> {
    let shape = &network.input;
    match shape.as_slice() {
        &[height, width] | &[1, height, width] => {
            let pixels = synfire_data::read_image(picture, height, width)?;
            if looks_inverted(&pixels, height, width) {
                note!(
                    "hint: the border of {} is bright, as of dark strokes on white; MNIST-like networks read light strokes on \
                     black: invert the picture if its class is wrong",
                    picture.display()
                );
            }
            Ok(Batch::without_targets(as_trained(pixels, network), shape.as_slice()))
        }
        other => bail!(
            "{}: the network reads samples of {}, and --image reads grey pictures; give the picture with --sample, or a sample of \
             a data set with --index",
            picture.display(),
            words::shape(other)
        ),
    }
}

/// The sample in a file, read as those that the network learned from.
pub(super) fn from_file(file: &Path, network: &Description) -> anyhow::Result<Batch> {
    let batch = Batch::from_file(file, &network.data)?;
    let expected = &network.input;
    if batch.shape != *expected {
        let [found, expected] = [&batch.shape, expected].map(|shape| words::shape(shape));
        bail!(
            "{}: is a sample of {found}, the network reads {expected}; give one like those it learned from",
            file.display()
        );
    }
    Ok(batch)
}

/// The pixels as the samples were that the network learned from.
fn as_trained(pixels: Vec<u8>, network: &Description) -> Values {
    match network.samples.filter(|samples| !samples.takes_bytes()) {
        Some(samples) => {
            let SampleRange { low, high, .. } = samples;
            note!("the network learned from values of {low} to {high}: black is read as {low}, white as {high}");
            samples.read(pixels)
        }
        None => Values::Bytes(pixels),
    }
}

/// Whether most of a picture's border is brighter than half, and its middle is not.
fn looks_inverted(pixels: &[u8], height: usize, width: usize) -> bool {
    let is_border = |i: usize| {
        let (row, column) = (i / width.max(1), i % width.max(1));
        row == 0 || column == 0 || row + 1 == height || column + 1 == width
    };
    let border: Vec<u8> = pixels.iter().enumerate().filter(|(i, _)| is_border(*i)).map(|(_, &pixel)| pixel).collect();
    let bright = border.iter().filter(|&&pixel| pixel > 127).count();
    2 * bright > border.len() && pixels.iter().any(|&pixel| pixel < 128)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dark_strokes_on_white_look_inverted() {
        let light_on_black = [0, 0, 0, 0, 255, 0, 0, 0, 0];
        let inverted = light_on_black.map(|pixel: u8| 255 - pixel);
        assert!(looks_inverted(&inverted, 3, 3) && !looks_inverted(&light_on_black, 3, 3));
        assert!(!looks_inverted(&[255; 9], 3, 3), "nothing is drawn on it");
    }
}
