//! Pictures of a part of a sample's time: potentials of chosen neurons, scores.

use super::recorded::{Layer, Recent};
use crate::Error;
use crate::figure::{Csv, Figure};
use crate::query::Params;
use crate::trained::Trained;
use core::ops::Range;
use synfire::plot::{Curve, RasterLayer, TracePanel, membrane_traces_after, relation, spike_raster};

/// Neurons and classes that are drawn at most: one per colour.
const MOST: usize = 6;

/// The steps `from` up to `to` of a query.
fn window(params: &Params, steps: usize) -> Result<Range<usize>, Error> {
    let (from, to): (usize, usize) = (params.number("from", 0)?, params.number("to", steps)?);
    let (from, to) = (from.min(steps), to.min(steps));
    if from < to {
        Ok(from..to)
    } else {
        Err(Error::Request(format!("steps {from} to {to} of {steps}; expected some")))
    }
}

/// Potentials of the `neurons` of a `layer`, with threshold and spikes; the output of layers without one.
pub(crate) fn traces(trained: &Trained, index: usize, recent: &Recent, params: &Params) -> Result<Figure, Error> {
    let recorded = recent.of(trained, index)?;
    let name = params.need("layer")?;
    let missing = || Error::NotFound("the network has no layer of neurons of this name".to_string());
    let layer = recorded.layers.iter().find(|layer| layer.name == name).ok_or_else(missing)?;
    let window = window(params, recorded.scores.len())?;
    let neurons = neurons(params, layer)?;
    let columns = |values: &[f32]| -> Vec<f32> {
        let rows = values.chunks_exact(layer.neurons).skip(window.start).take(window.len());
        rows.flat_map(|row| neurons.iter().map(|&neuron| row[neuron])).collect()
    };
    let (values, quantity) = match &layer.potential {
        Some(potential) => (columns(potential), "V"),
        None => (columns(&layer.output.values), "output"),
    };
    let spikes = columns(&layer.output.values);
    let names: Vec<String> = neurons.iter().map(|neuron| format!("neuron {neuron}")).collect();
    let thresholds: Vec<f32> = match layer.thresholds[..] {
        [] => vec![],
        [one] => vec![one],
        // of each channel, or of each neuron
        _ => neurons.iter().map(|neuron| layer.thresholds[neuron * layer.thresholds.len() / layer.neurons]).collect(),
    };
    let axis = if layer.unit.is_empty() { quantity.to_string() } else { format!("{quantity} ({})", layer.unit) };
    let mut csv = Csv::new(["step".to_string()].into_iter().chain(names.iter().cloned()));
    for (row, step) in values.chunks_exact(neurons.len()).zip(window.clone()) {
        csv.row([step.to_string()].into_iter().chain(row.iter().map(f32::to_string)));
    }
    let panel = TracePanel {
        name,
        axis: &axis,
        values: &values,
        neurons: neurons.len(),
        names: &names,
        spikes: layer.spiking.then_some(spikes.as_slice()),
        thresholds: if layer.spiking && layer.potential.is_some() { &thresholds } else { &[] },
        ..TracePanel::default()
    };
    let title = format!("Test sample {index} of {}", trained.id);
    let picture = membrane_traces_after(&title, &[panel], recorded.dt, window.start);
    Ok(Figure { picture, csv: csv.finish() })
}

/// The neurons that a query names, `3,17`; the first three where it names none.
fn neurons(params: &Params, layer: &Layer) -> Result<Vec<usize>, Error> {
    let Some(text) = params.get("neurons").filter(|text| !text.is_empty()) else {
        return Ok((0..layer.neurons.min(3)).collect());
    };
    let refuse = || {
        let last = layer.neurons.saturating_sub(1);
        Error::Request(format!(
            "`neurons` names no neurons of `{}`; expected some of 0 to {last}, such as 0,1",
            layer.name
        ))
    };
    let known = |text: &str| text.trim().parse().ok().filter(|&neuron: &usize| neuron < layer.neurons);
    text.split(',').take(MOST).map(|text| known(text).ok_or_else(refuse)).collect()
}

/// Scores for the steps so far, of the classes with the highest ones.
pub(crate) fn scores(trained: &Trained, index: usize, recent: &Recent, params: &Params) -> Result<Figure, Error> {
    let recorded = recent.of(trained, index)?;
    let window = window(params, recorded.scores.len())?;
    let last = recorded.scores.last().map_or(&[][..], Vec::as_slice);
    let mut classes: Vec<usize> = (0..last.len()).collect();
    classes.sort_by(|&a, &b| last[b].total_cmp(&last[a]).then(a.cmp(&b)));
    classes.truncate(MOST);
    let time = |step: usize| step as f64 * f64::from(recorded.dt);
    let curve = |class: usize| window.clone().map(move |step| (step, class));
    let points = |class: usize| -> Vec<(f64, f64)> {
        curve(class).map(|(step, class)| (time(step), f64::from(recorded.scores[step][class]))).collect()
    };
    let lines: Vec<(String, Vec<(f64, f64)>)> =
        classes.iter().map(|&class| (format!("class {}", trained.class_name(class)), points(class))).collect();
    let mut csv =
        Csv::new(["step".to_string()].into_iter().chain((0..last.len()).map(|class| trained.class_name(class))));
    for step in window {
        csv.row([step.to_string()].into_iter().chain(recorded.scores[step].iter().map(f32::to_string)));
    }
    let curves: Vec<Curve<'_>> = lines.iter().map(|(name, points)| Curve { name, points }).collect();
    let unit = trained.network.config().decoder.unit(recorded.ends_spiking());
    let title = format!("Test sample {index} of {}: {unit} of the steps so far", trained.id);
    Ok(Figure { picture: relation(&title, "time (ms)", unit, &curves), csv: csv.finish() })
}

/// Spikes of all layers that spike, as a still picture.
pub(crate) fn raster(trained: &Trained, index: usize, recent: &Recent) -> Result<Figure, Error> {
    let recorded = recent.of(trained, index)?;
    let spiking = || recorded.layers.iter().filter(|layer| layer.spiking);
    let layers: Vec<RasterLayer<'_>> = spiking()
        .map(|layer| RasterLayer {
            name: &layer.name,
            spikes: &layer.output.values,
            neurons: layer.neurons,
            marked: &[],
        })
        .collect();
    let mut csv = Csv::new(["layer", "step", "neuron"]);
    for layer in spiking() {
        for (step, row) in layer.output.values.chunks_exact(layer.neurons.max(1)).enumerate() {
            for neuron in (0..row.len()).filter(|&neuron| row[neuron] != 0.0) {
                csv.row([layer.name.clone(), step.to_string(), neuron.to_string()]);
            }
        }
    }
    let title = format!("Spikes for test sample {index} of {}", trained.id);
    Ok(Figure { picture: spike_raster(&title, &layers, recorded.dt, None), csv: csv.finish() })
}
