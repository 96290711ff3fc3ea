//! Which neurons of a layer a raster draws, and where their spikes lie.

use super::raster::RasterLayer;
use super::series;

/// More neurons than this are thinned out evenly.
const MOST_NEURONS: usize = 200;

/// A spike to draw.
pub(super) struct Mark {
    /// Horizontal position, px.
    pub(super) x: f64,
    /// Magnitude of the spike.
    pub(super) size: f64,
}

/// One drawn neuron.
pub(super) struct Row {
    pub(super) neuron: usize,
    pub(super) marks: Vec<Mark>,
}

/// Evenly chosen neurons, at most 200, and fewer if their marks would exceed
/// `budget`; none if the layer has no step. `place` turns a step into px.
pub(super) fn rows(layer: &RasterLayer<'_>, place: impl Fn(usize) -> f64, budget: usize) -> Vec<Row> {
    if series::steps(layer.spikes, layer.neurons) == 0 {
        return Vec::new();
    }
    let mut wanted = layer.neurons.min(MOST_NEURONS);
    loop {
        let chosen = (0..wanted).map(|i| i * layer.neurons / wanted);
        let rows: Vec<Row> = chosen.map(|neuron| row(layer, neuron, &place)).collect();
        let marks: usize = rows.iter().map(|row| row.marks.len()).sum();
        if marks <= budget || wanted == 1 {
            return rows;
        }
        wanted = (wanted * budget / marks).clamp(1, wanted - 1);
    }
}

/// The marks of one neuron, left to right.
pub(super) fn row(layer: &RasterLayer<'_>, neuron: usize, place: impl Fn(usize) -> f64) -> Row {
    let mut marks: Vec<Mark> = Vec::new();
    for (t, size) in series::spikes_of(layer.spikes, layer.neurons, neuron) {
        let (x, size) = (place(t), f64::from(size.abs()));
        match marks.last_mut() {
            // Within half a pixel the two would be one blot.
            Some(last) if x - last.x < 0.5 => last.size = last.size.max(size),
            _ => marks.push(Mark { x, size }),
        }
    }
    Row { neuron, marks }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn layer(spikes: &[f32], neurons: usize) -> RasterLayer<'_> {
        RasterLayer { name: "layer", spikes, neurons }
    }

    #[test]
    fn many_neurons_are_thinned_evenly() {
        let spikes = vec![1.0; 2000 * 3];
        let rows = rows(&layer(&spikes, 2000), |t| t as f64, 10_000);
        assert_eq!(rows.len(), 200);
        assert!(rows.iter().enumerate().all(|(i, row)| row.neuron == i * 10));
        assert!(rows.iter().all(|row| row.marks.len() == 3));
    }

    #[test]
    fn the_budget_holds() {
        let spikes = vec![1.0; 100 * 50];
        let rows = rows(&layer(&spikes, 100), |t| t as f64, 1000);
        assert_eq!(rows.len(), 20);
    }

    #[test]
    fn spikes_too_close_to_tell_apart_are_one_mark() {
        let spikes = vec![1.0; 10_000];
        let rows = rows(&layer(&spikes, 1), |t| t as f64 / 100.0, 1);
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].marks.len(), 200);
    }
}
