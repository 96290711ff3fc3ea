//! Pictures in a run folder: learning curves, the activity of a model for one sample, a confusion matrix.

mod layer;

use crate::Error;
use crate::neuron::OutputKind;
use crate::plot::{self, RasterLayer, SampleImage, TracePanel, membrane_traces, spike_raster};
use crate::train::{Answer, EpochRecord, Recording, RunFolder, RunResult};
use layer::{Chosen, Layer, Role};
use synfire_data::Batch;

/// Writes `learning_curves.svg`.
pub(crate) fn learning_curves(folder: &RunFolder, title: &str, history: &[EpochRecord]) -> Result<(), Error> {
    folder.write("learning_curves.svg", plot::learning_curves(title, history).svg())
}

/// Writes `confusion_matrix.svg`; nothing where targets are no classes.
pub(crate) fn confusion_matrix(folder: &RunFolder, title: &str, result: &RunResult) -> Result<(), Error> {
    if result.confusion.is_empty() {
        return Ok(());
    }
    let right = result.test_accuracy.map_or(String::new(), |share| format!(", {:.1} % right", share * 100.0));
    let title = format!("{title}: {} test samples{right}", result.test_samples);
    folder.write("confusion_matrix.svg", plot::confusion_matrix(&title, &result.confusion).svg())
}

/// Writes `spike_raster.svg`, of the layers that spike, and `membrane_traces.svg` of a recording; it is of the first
/// sample of the batch, whose name is for titles. `answer` is the model's if the target is a class, one of `outputs`.
pub(crate) fn recording(
    folder: &RunFolder,
    recording: &Recording,
    (name, batch): (&str, &Batch),
    answer: Option<Answer>,
    outputs: usize,
) -> Result<(), Error> {
    let mut layers: Vec<Layer> = recording.layers.iter().map(Layer::of).collect();
    if let (Some(answer), Some(last)) = (answer, layers.last_mut()) {
        last.set_roles(Role::of(answer, outputs), outputs);
    }
    let about = about(name, answer);
    let image = picture_of(batch);
    let image = image.as_ref().map(|picture| picture.image());

    let marked: Vec<Vec<(usize, &str)>> = layers.iter().map(Layer::marked).collect();
    let spiking = layers.iter().zip(&marked).filter(|(layer, _)| layer.kind == OutputKind::Spiking);
    let rasters: Vec<RasterLayer<'_>> = spiking
        .map(|(layer, marked)| RasterLayer { name: &layer.name, spikes: &layer.output, neurons: layer.neurons, marked })
        .collect();
    if !rasters.is_empty() {
        let picture = spike_raster(&format!("Spikes for {about}"), &rasters, recording.dt, image);
        folder.write("spike_raster.svg", picture.svg())?;
    }

    let chosen: Vec<(&Layer, Chosen)> = layers.iter().filter_map(|layer| Some((layer, layer.chosen()?))).collect();
    if chosen.is_empty() {
        return Ok(());
    }
    let panels: Vec<TracePanel<'_>> = chosen.iter().map(|(layer, chosen)| chosen.panel(layer)).collect();
    let picture = membrane_traces(&format!("Membrane potentials for {about}"), &panels, recording.dt);
    folder.write("membrane_traces.svg", picture.svg())
}

/// `test sample 0 of digits, class 7, predicted 1 (wrong)`
fn about(name: &str, answer: Option<Answer>) -> String {
    match answer {
        None => name.to_owned(),
        Some(answer) => {
            let verdict = if answer.is_right() { "" } else { " (wrong)" };
            format!("{name}, class {}, predicted {}{verdict}", answer.class, answer.given)
        }
    }
}

/// A sample as a picture.
struct SamplePicture {
    pixels: Vec<f32>,
    width: usize,
    is_rgb: bool,
}

impl SamplePicture {
    fn image(&self) -> SampleImage<'_> {
        SampleImage { pixels: &self.pixels, width: self.width, is_rgb: self.is_rgb, ..SampleImage::default() }
    }
}

/// The first sample, if it is a picture: `[H, W]`, `[3, H, W]` in colours, or `[C, H, W]` with the mean over its channels.
fn picture_of(batch: &Batch) -> Option<SamplePicture> {
    let (channels, height, width) = match batch.shape[..] {
        [height, width] => (1, height, width),
        [channels, height, width] => (channels, height, width),
        _ => return None,
    };
    let is_series = !batch.lengths.is_empty();
    if is_series || height < 2 || width < 2 || channels == 0 {
        return None;
    }
    let values = batch.values.to_floats();
    if channels == 3 {
        let pixels = values.iter().copied().take(3 * height * width).collect();
        return Some(SamplePicture { pixels, width, is_rgb: true });
    }
    let mean = |pixel: usize| {
        let channels_of = (0..channels).filter_map(|channel| values.get(channel * height * width + pixel));
        channels_of.sum::<f32>() / channels as f32
    };
    Some(SamplePicture { pixels: (0..height * width).map(mean).collect(), width, is_rgb: false })
}

#[cfg(test)]
mod tests;
