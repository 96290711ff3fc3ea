//! The gradient of the bias.

use super::TASKS;
use super::rows::sum;
use crate::window::Convolution;
use rayon::prelude::*;

/// Gradient of the bias, `[O]`, from that of the result.
pub(crate) fn bias_gradient(g: &Convolution, gradient: &[f32]) -> Vec<f32> {
    let channels = g.groups * g.outputs;
    let of_frames = |frames: &[f32]| {
        let mut sums = vec![0.0; channels];
        for frame in frames.chunks_exact(g.output_frame()) {
            let planes = frame.chunks_exact(g.output_plane());
            sums.iter_mut().zip(planes).for_each(|(total, plane)| *total += f64::from(sum(plane)));
        }
        sums
    };
    let task = g.frames.div_ceil(TASKS) * g.output_frame();
    let sums: Vec<Vec<f64>> = gradient.par_chunks(task).map(of_frames).collect();
    (0..channels).map(|channel| sums.iter().map(|sums| sums[channel]).sum::<f64>() as f32).collect()
}
