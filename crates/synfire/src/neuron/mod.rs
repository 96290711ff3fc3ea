//! Neuron models and the Burn module that runs any of them.

mod config;
mod constant;
mod input;
mod integrate;
mod layer;
mod model;
mod models;
mod operating_point;
mod parameter;
mod parameter_info;
pub mod registry;
mod reset;
mod state;
mod visit;
mod with_dt;

pub use config::{NeuronConfig, ParameterConfig, ParameterValue, Per, Settings};
pub use constant::OverTime;
pub use input::NeuronInput;
pub use integrate::{Derivative, Integrator, exprel};
pub use layer::{NeuronOutput, Neurons};
pub use model::{Model, ModelInfo, OutputKind};
pub use models::*;
pub use operating_point::OperatingPoint;
pub use parameter::Parameter;
pub use parameter_info::ParameterInfo;
pub use reset::Reset;
pub use state::NeuronState;
pub use synfire_dynamics::Notation;
pub use with_dt::WithDt;

use crate::Surrogate;
use serde::{Serialize, de::DeserializeOwned};
use synfire_dynamics::Dynamics;

/// A model with a name: what [`Dynamics`] needs to appear in configuration files and checkpoints.
///
/// The fields of `Self` are its settings there (`surrogate`, `reset`); the records of `Dynamics` are
/// its parameters, states and inputs. A state that has the name of a parameter starts from its value; an
/// input with a default need not be given, one in units of `[uniform]` is drawn.
pub trait Neuron: Dynamics + Default + Serialize + DeserializeOwned {
    /// Name in configuration files, lower case.
    const NAME: &'static str;
    /// What it is, in a few words.
    const ABOUT: &'static str;
    /// Other names it is known by.
    const ALIASES: &'static [&'static str] = &[];
    /// What its output is.
    const OUTPUT: OutputKind = OutputKind::Spiking;
    /// Whether gradients flow through it.
    const DIFFERENTIABLE: bool = true;
    /// The sizes at which it lives: its current, the rise of its potential.
    const OPERATING_POINT: OperatingPoint = OperatingPoint::UNIT;
    /// The state that says by how much of a step (in ms) a spike precedes the end of its step, for models
    /// whose spikes have a time of their own.
    const SPIKE_TIME: Option<&'static str> = None;
    /// States that keep their value from one sample to the next (adaptive thresholds).
    const PERSISTENT: &'static [&'static str] = &[];
    /// Parameters that learn unless the configuration says otherwise.
    const LEARNABLE: &'static [&'static str] = &[];

    /// The model with the settings that show its equations best.
    fn for_display() -> Self {
        Self::default()
    }

    /// The surrogate whose default width a parameter `alpha` takes.
    fn surrogate(&self) -> Option<Surrogate> {
        None
    }

    /// Default of a parameter that depends on others. In `given` those without a value are NaN.
    fn derived_default(&self, name: &str, given: Self::Params<f32>) -> Option<f32> {
        let _ = (name, given);
        None
    }

    /// Refuses parameters that do not go together; each that was given is in its range.
    ///
    /// # Errors
    ///
    /// What is wrong, what was expected and the cure, in words.
    fn check(&self, params: Self::Params<f32>) -> Result<(), String> {
        let _ = params;
        Ok(())
    }
}
