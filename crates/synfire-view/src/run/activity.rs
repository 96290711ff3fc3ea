//! Activity of a network on test samples: firing rates of its neurons, operations and energy.

use crate::Error;
use crate::answer::json;
use crate::figure::Figure;
use crate::histogram::{Sample, histogram};
use crate::trained::Trained;
use axum::response::Response;
use synfire::coding::Source;
use synfire::host::floats;
use synfire::neuron::OutputKind;
use synfire::profile::EnergyConstants;
use synfire::train::inference_seed;

/// Test samples that are run, the first ones.
const SAMPLES: usize = 64;

fn indices(trained: &Trained) -> Result<Vec<usize>, Error> {
    Ok((0..trained.data()?.test.len().min(SAMPLES)).collect())
}

/// Histogram of the neurons' firing rates in each layer.
pub(crate) fn rates(trained: &Trained) -> Result<Figure, Error> {
    let batch = trained.data()?.test.batch(&indices(trained)?)?;
    let samples = batch.len();
    let seed = inference_seed(&trained.options);
    let (_, records) = trained.network.record(Source::from_batch(&batch, &trained.device), seed)?;
    let mut layers = vec![];
    for record in records.into_iter().filter(|record| record.kind == OutputKind::Spiking) {
        let values = floats(&record.output.mean_dim(0).mean_dim(1).into_data());
        layers.push(Sample { name: format!("{} ({})", record.name, record.model), values });
    }
    let title = format!("{}: firing rates of the neurons, mean over {samples} test samples", trained.id);
    Ok(histogram(&title, "spikes per step", &layers))
}

/// Operations and energy of each layer.
pub(crate) fn profile(trained: &Trained) -> Result<Response, Error> {
    let (test, seed) = (&trained.data()?.test, inference_seed(&trained.options));
    let constants = EnergyConstants::default();
    json(&synfire::profile::profile(&trained.network, test, &indices(trained)?, constants, seed, &trained.device)?)
}
