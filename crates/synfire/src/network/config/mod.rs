//! The description of a network, as files and checkpoints carry it.

mod layer;
mod read;

pub use layer::{BetweenSteps, ClassesWord, DelayConfig, DelayPer, LayerConfig, LayerKind, RecurrentConfig, Width};

use super::Precision;
use crate::Error;
use crate::coding::{Decoder, Encoder, Reads, TimeGrid};
use crate::neuron::registry;
use serde::{Deserialize, Serialize};

/// Description of a [`Network`](super::Network).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NetworkConfig {
    /// Number of time steps, at least 1.
    pub steps: usize,
    /// Time step in ms.
    #[serde(default = "one")]
    pub dt: f32,
    /// Delay in steps of connections that do not say theirs: 0, or 1 as SPAIC builds networks by default.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub delay: usize,
    /// From intensities to input over time.
    #[serde(default)]
    pub encoder: Encoder,
    /// From the last layer's activity to scores.
    #[serde(default)]
    pub decoder: Decoder,
    /// Number type between the layers.
    #[serde(default, skip_serializing_if = "Precision::is_single")]
    pub precision: Precision,
    /// The layers, from input to output.
    pub layers: Vec<LayerConfig>,
}

/// More would not fit into any memory.
const MOST_STEPS: usize = 1_000_000;

fn one() -> f32 {
    1.0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
fn is_zero(delay: &usize) -> bool {
    *delay == 0
}

impl NetworkConfig {
    /// Refuses what no data can make sensible.
    pub(super) fn check(&self) -> Result<(), Error> {
        if self.steps == 0 {
            return Err(Error::config("network.steps", "is 0; expected at least 1 time step, for example 25"));
        }
        if self.steps > MOST_STEPS {
            let problem = format!("is {}; expected at most {MOST_STEPS} time steps", self.steps);
            return Err(Error::config("network.steps", problem));
        }
        if !(self.dt > 0.0 && self.dt.is_finite()) {
            return Err(Error::config("network.dt", format!("is {}; expected a time step in ms above 0", self.dt)));
        }
        self.encoder.check().map_err(|bad| bad.at("network.encoder"))?;
        self.decoder.check().map_err(|bad| bad.at("network.decoder"))?;
        let Some(LayerKind::Neuron { neuron, .. }) = self.layers.last().map(|layer| &layer.kind) else {
            return Err(Error::config(
                "network.layers",
                "the last layer must be one of neurons, for example `neuron = \"lif\"`",
            ));
        };
        let has_potential = registry::find(neuron)?.info.states.iter().any(|state| state.name == "v");
        let decoder = self.decoder.name();
        if matches!(self.decoder.reads(), Reads::FinalPotential | Reads::Potentials) && !has_potential {
            return Err(Error::config(
                "network.decoder",
                format!("`{decoder}` needs a last layer with a membrane potential; `{neuron}` has none"),
            ));
        }
        Ok(())
    }

    /// The time in which a sample is presented.
    #[must_use]
    pub fn time_grid(&self) -> TimeGrid {
        TimeGrid { steps: self.steps, dt: self.dt }
    }
}
