//! A sample as pictures.

use serde::Serialize;
use synfire_data::Batch;

/// Pictures of a sample, one for each step of one that changes over time.
#[derive(Debug, PartialEq, Serialize)]
pub(crate) struct Frames {
    pub(crate) width: usize,
    pub(crate) height: usize,
    /// One after the other, row major, each 0 to 255.
    pub(crate) pixels: Vec<u8>,
}

/// Pixels that are sent to a page at most.
const MOST_PIXELS: usize = 4_000_000;

/// The first sample of a batch: `[H, W]`, `[C, H, W]` or `[F]` as one picture, `[T, C, H, W]` or `[T, F]` of samples over
/// time as one for each step; the mean over channels. None of samples that are too large.
pub(crate) fn pixels(batch: &Batch, is_over_time: bool) -> Option<Frames> {
    let (steps, channels, height, width) = shape(&batch.shape, is_over_time)?;
    let plane = height * width;
    let values = batch.values.to_floats();
    let values =
        values.get(..steps * channels * plane).filter(|values| !values.is_empty() && steps * plane <= MOST_PIXELS)?;
    let mean = |frame: &[f32], pixel: usize| frame.iter().skip(pixel).step_by(plane).sum::<f32>() / channels as f32;
    let means: Vec<f32> =
        values.chunks(channels * plane).flat_map(|frame| (0..plane).map(move |pixel| mean(frame, pixel))).collect();
    let low = means.iter().copied().fold(f32::INFINITY, f32::min);
    let high = means.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let scale = 255.0 / (high - low).max(f32::MIN_POSITIVE);
    Some(Frames { width, height, pixels: means.iter().map(|x| ((x - low) * scale) as u8).collect() })
}

/// Steps, channels, height and width.
fn shape(shape: &[usize], is_over_time: bool) -> Option<(usize, usize, usize, usize)> {
    match (shape, is_over_time) {
        (&[steps, channels, height, width], _) => Some((steps, channels, height, width)),
        (&[steps, features], true) => Some((steps, 1, 1, features)),
        (&[steps, height, width], true) => Some((steps, 1, height, width)),
        (&[channels, height, width], false) => Some((1, channels, height, width)),
        (&[height, width], false) => Some((1, 1, height, width)),
        (&[features], _) => Some((1, 1, 1, features)),
        _ => None,
    }
}

impl Frames {
    /// Mean over the frames.
    pub(crate) fn mean(&self) -> Vec<f32> {
        let plane = (self.width * self.height).max(1);
        let frames = (self.pixels.len() / plane).max(1) as f32;
        let sum = |pixel: usize| self.pixels.iter().skip(pixel).step_by(plane).map(|&x| f32::from(x)).sum::<f32>();
        (0..plane).map(|pixel| sum(pixel) / frames).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn channels_are_averaged_and_steps_are_frames() {
        let of = |values: &[f32], shape: &[usize], over_time: bool| {
            pixels(&Batch::without_targets(values.to_vec(), shape), over_time)
                .map(|frames| (frames.width, frames.height, frames.pixels))
        };
        assert_eq!(of(&[0.0, 1.0, 0.5, 0.0], &[2, 2], false), Some((2, 2, vec![0, 255, 127, 0])));
        assert_eq!(of(&[0.0, 1.0, 0.0, 3.0], &[2, 1, 2], false), Some((2, 1, vec![0, 255])));
        assert_eq!(of(&[0.0, 1.0, 1.0, 0.0], &[2, 1, 1, 2], false), Some((2, 1, vec![0, 255, 255, 0])));
        assert_eq!(of(&[0.0, 2.0], &[2, 1], true), Some((1, 1, vec![0, 255])));
        assert_eq!(of(&[3.0, 3.0], &[2], false), Some((2, 1, vec![0, 0])));
        assert_eq!(of(&[], &[0, 3], false), None);
    }
}
