//! The gradient of the bias.

use super::TASKS;
use super::rows::sum;
use rayon::prelude::*;

/// Gradient of the bias, `[O]`, from that of the results of this many frames and channels.
pub(crate) fn bias_gradient([frames, channels]: [usize; 2], gradient: &[f32]) -> Vec<f32> {
    let frame = gradient.len() / frames;
    let of_frames = |frames: &[f32]| {
        let mut sums = vec![0.0; channels];
        for frame in frames.chunks_exact(frame) {
            let planes = frame.chunks_exact(frame.len() / channels);
            sums.iter_mut().zip(planes).for_each(|(total, plane)| *total += f64::from(sum(plane)));
        }
        sums
    };
    let task = frames.div_ceil(TASKS) * frame;
    let sums: Vec<Vec<f64>> = gradient.par_chunks(task).map(of_frames).collect();
    (0..channels).map(|channel| sums.iter().map(|sums| sums[channel]).sum::<f64>() as f32).collect()
}
