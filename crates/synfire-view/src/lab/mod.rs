//! The neuron lab: any model under any current.

mod facts;
mod plane;
mod rates;
mod setup;

pub(crate) use facts::{model, models};
pub(crate) use plane::plane;
pub(crate) use rates::rates;

use crate::Error;
use crate::answer::json;
use crate::figure::Figure;
use crate::query::Params;
use axum::response::Response;
use serde::Serialize;
use setup::Setup;
use synfire::neuron::Simulation;
use synfire::plot;

/// A neuron over time, as a picture.
pub(crate) fn trace(params: &Params) -> Result<Response, Error> {
    let simulation = Setup::read(params)?.simulate()?;
    Figure { csv: simulation.csv(), picture: plot::simulation(&simulation) }.answer(params)
}

/// Spikes and rate of a neuron, warnings, and its configuration.
#[derive(Serialize)]
struct Summary {
    /// Of spiking models.
    spikes: Option<usize>,
    /// In Hz, of spiking models.
    rate: Option<f64>,
    /// Warnings of the model, such as of a step that is too long.
    warnings: Vec<String>,
    toml: String,
}

/// Spikes and rate of a neuron, warnings, and the layer as a configuration file has it.
pub(crate) fn summary(params: &Params) -> Result<Response, Error> {
    let setup = Setup::read(params)?;
    let simulation = setup.simulate()?;
    let not_finite = simulation.first_not_finite().map(|(name, ms)| {
        format!("{name} is not a finite number from {ms:.4} ms on; a smaller step or current may help")
    });
    let warning = setup.layer(1)?.warning().map(str::to_string);
    let spikes = |simulation: &Simulation| simulation.spike_times().len();
    json(&Summary {
        spikes: simulation.is_spiking().then(|| spikes(&simulation)),
        rate: simulation.is_spiking().then(|| simulation.rate()),
        warnings: [warning, not_finite].into_iter().flatten().collect(),
        toml: setup.toml()?,
    })
}
