//! Pictures in a run folder: learning curves, and the activity of a model for one sample.

use crate::Error;
use crate::host::floats;
use crate::network::Record;
use crate::plot::{self, EpochPoint, RasterLayer, TracePanel, membrane_traces, spike_raster};
use crate::train::{EpochRecord, Recording, RunFolder};
use burn::tensor::Tensor;

/// Neurons whose potential is drawn.
const TRACED: usize = 3;

/// Writes `learning_curves.svg`.
pub(crate) fn learning_curves(folder: &RunFolder, title: &str, history: &[EpochRecord]) -> Result<(), Error> {
    let points: Vec<EpochPoint> = history
        .iter()
        .map(|record| EpochPoint {
            epoch: record.epoch,
            train_loss: record.train_loss,
            validation_loss: record.validation_loss.unwrap_or(f64::NAN),
            train_accuracy: record.train_accuracy.unwrap_or(f64::NAN),
            validation_accuracy: record.validation_accuracy.unwrap_or(f64::NAN),
        })
        .collect();
    folder.write("learning_curves.svg", plot::learning_curves(title, &points))
}

/// Writes `spike_raster.svg` and `membrane_traces.svg` of the first sample in a recording; nothing if it has no layers.
pub(crate) fn recording(folder: &RunFolder, recording: Recording, sample: &str) -> Result<(), Error> {
    let dt = recording.dt;
    let layers: Vec<Layer> = recording.layers.into_iter().map(Layer::from).collect();
    if layers.is_empty() {
        return Ok(());
    }

    let rasters: Vec<RasterLayer<'_>> = layers
        .iter()
        .map(|layer| RasterLayer { name: &layer.name, spikes: &layer.spikes, neurons: layer.neurons })
        .collect();
    folder.write("spike_raster.svg", spike_raster(&format!("Spikes for {sample}"), &rasters, dt))?;

    let chosen: Vec<Chosen> = layers.iter().map(Layer::liveliest).collect();
    let panels: Vec<TracePanel<'_>> = layers
        .iter()
        .zip(&chosen)
        .filter(|(layer, _)| !layer.potential.is_empty())
        .map(|(layer, chosen)| TracePanel {
            name: &layer.name,
            unit: layer.unit,
            values: &chosen.potential,
            neurons: chosen.numbers.len(),
            numbers: &chosen.numbers,
            spikes: Some(&chosen.spikes),
            threshold: None,
        })
        .collect();
    let title = format!("Membrane potential for {sample}");
    folder.write("membrane_traces.svg", membrane_traces(&title, &panels, dt))
}

struct Layer {
    name: String,
    /// Of the potential.
    unit: &'static str,
    neurons: usize,
    /// `[T, N]`
    spikes: Vec<f32>,
    /// `[T, N]`, or nothing
    potential: Vec<f32>,
}

/// Some neurons of a layer.
struct Chosen {
    /// Which.
    numbers: Vec<usize>,
    /// `[T, min(N, TRACED)]`, as the spikes
    potential: Vec<f32>,
    spikes: Vec<f32>,
}

impl From<Record> for Layer {
    fn from(record: Record) -> Self {
        let neurons = record.output.dims()[2];
        let numbers = |x: Tensor<3>| floats(&x.narrow(1, 0, 1).into_data());
        Layer {
            name: format!("{} ({})", record.name, record.model),
            unit: record.unit,
            neurons,
            spikes: numbers(record.output),
            potential: record.potential.map_or_else(Vec::new, numbers),
        }
    }
}

impl Layer {
    /// The neurons whose potential varies most.
    fn liveliest(&self) -> Chosen {
        let column = |n: usize| self.potential.iter().skip(n).step_by(self.neurons);
        let variance = |n: usize| {
            let (sum, squares) = column(n).fold((0.0, 0.0), |(sum, squares), &v| (sum + v, squares + v * v));
            let steps = column(n).count().max(1) as f32;
            squares / steps - (sum / steps) * (sum / steps)
        };
        let mut neurons: Vec<(f32, usize)> = (0..self.neurons).map(|n| (variance(n), n)).collect();
        neurons.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        neurons.truncate(TRACED);
        let numbers: Vec<usize> = neurons.into_iter().map(|(_, n)| n).collect();
        let columns = |values: &[f32]| {
            values.chunks_exact(self.neurons).flat_map(|row| numbers.iter().map(|&n| row[n])).collect()
        };
        Chosen { potential: columns(&self.potential), spikes: columns(&self.spikes), numbers }
    }
}
