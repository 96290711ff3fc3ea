//! The description of a network, as files and checkpoints carry it.

mod delay;
mod layer;
mod precision;
mod read;
mod two_layers;

pub use delay::{BetweenSteps, DelayConfig, DelayPer};
pub use layer::LayerConfig;
pub use precision::Precision;
pub(crate) use precision::cast;

use crate::Error;
use crate::coding::{Decoder, Encoder, Reads, TimeGrid};
use crate::neuron::registry;
use crate::registry::BadSetting;
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
    /// Delay in steps of connections that have none of their own: 0, or 1 as SPAIC builds networks by default.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub delay: usize,
    /// From samples to input over time.
    #[serde(default)]
    pub encoder: Encoder,
    /// From the last layer's activity to scores.
    #[serde(default)]
    pub decoder: Decoder,
    /// Type of the values between the layers.
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
    /// Refuses descriptions that no data can make sensible.
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
        for (i, layer) in self.layers.iter().enumerate() {
            layer.kind.check().map_err(|BadSetting { key, problem }| {
                Error::config(format!("layers.{i}.{}", layer.kind.key_of(key)), problem)
            })?;
        }
        self.check_neurons()
    }

    /// Refuses networks without neurons, and decoders of potentials where the last layer has none.
    fn check_neurons(&self) -> Result<(), Error> {
        let mut models = self.layers.iter().filter_map(|layer| layer.kind.model());
        let (Some(_), Some(last)) = (models.next(), self.layers.last()) else {
            let problem = "there is no layer of neurons; end with one, for example `neuron = \"lif\"`";
            return Err(Error::config("network.layers", problem));
        };
        for (i, layer) in self.layers.iter().enumerate() {
            if let Some(model) = layer.kind.model() {
                registry::find(model).map_err(|error| error.in_layer(&format!("layers.{i}")))?;
            }
        }
        let reads_potential = matches!(self.decoder.reads(), Reads::FinalPotential | Reads::Potentials);
        if reads_potential && !last.kind.has_potential() {
            let (decoder, last) = (self.decoder.name(), last.kind.model().unwrap_or(last.kind.name()));
            return Err(Error::config(
                "network.decoder",
                format!("`{decoder}` needs a last layer with a membrane potential; `{last}` has none"),
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
