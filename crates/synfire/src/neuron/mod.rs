//! Neuron models and the Burn module that runs any of them.

mod config;
mod constant;
mod input;
mod integrate;
mod layer;
mod model;
pub(crate) mod models;
mod module;
mod operating_point;
mod parameter;
mod parameter_info;
pub mod registry;
mod reset;
mod simulation;
mod state;
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
pub use simulation::{Current, InputTrace, MOST_STEPS, Simulation};
pub use state::NeuronState;
pub use synfire_dynamics::{FieldInfo, Notation};
pub use with_dt::WithDt;

use crate::Surrogate;
use serde::{Serialize, de::DeserializeOwned};
use synfire_dynamics::Dynamics;

/// A neuron model by name, for configuration files and checkpoints.
///
/// The fields of `Self` are its settings there (`surrogate`, `reset`); the records of [`Dynamics`] are
/// its parameters, states and inputs. A state that has the name of a parameter starts from its value. An
/// input with a default need not be given; one in units of `[uniform]` is drawn at random.
pub trait Neuron: Dynamics + Default + Serialize + DeserializeOwned {
    /// Name in configuration files, lower case.
    const NAME: &'static str;
    /// Description in a few words, for lists of models.
    const ABOUT: &'static str;
    /// Other names under which it is found.
    const ALIASES: &'static [&'static str] = &[];
    /// Kind of its output.
    const OUTPUT: OutputKind = OutputKind::Spiking;
    /// Whether gradients flow through it.
    const DIFFERENTIABLE: bool = true;
    /// Typical magnitudes of its current and potential.
    const OPERATING_POINT: OperatingPoint = OperatingPoint::UNIT;
    /// State that holds the time in ms by which a spike precedes the end of its step, for models whose
    /// spikes have a time inside the step.
    const SPIKE_TIME: Option<&'static str> = None;
    /// States that keep their value from one sample to the next, such as adaptive thresholds.
    const PERSISTENT: &'static [&'static str] = &[];
    /// Parameters that are learnable by default.
    const LEARNABLE: &'static [&'static str] = &[];

    /// The model with the settings under which its equations are printed.
    fn for_display() -> Self {
        Self::default()
    }

    /// The surrogate that gives the parameter `alpha` its default.
    fn surrogate(&self) -> Option<Surrogate> {
        None
    }

    /// Default of a parameter that follows from others. In `given` parameters without a value are NaN.
    fn derived_default(&self, name: &str, given: Self::Params<f32>) -> Option<f32> {
        let _ = (name, given);
        None
    }

    /// Warnings about these settings and parameters with steps of `dt` ms, which are not errors: an
    /// integration that is not stable at this step. None by default.
    fn warning(&self, params: Self::Params<f32>, dt: f32) -> Option<String> {
        let _ = (params, dt);
        None
    }

    /// Checks parameters against each other. Each is in its own range already.
    ///
    /// # Errors
    ///
    /// A message that says what is wrong, what was expected and the cure.
    fn check(&self, params: Self::Params<f32>) -> Result<(), String> {
        let _ = params;
        Ok(())
    }
}
