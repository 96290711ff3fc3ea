//! Neuron models, one file each, and the Burn module that runs any of them.
//!
//! To add a model: write a file like `lif.rs` and add one line to the [registry].

mod clif;
mod config;
mod integrate_and_fire;
mod layer;
mod lif;
mod model;
mod parameter;
mod plif;
pub mod registry;
mod reset;

pub use clif::{Clif, ClifConstants, ClifParams, ClifState};
pub use config::{NeuronConfig, ParameterConfig, Per, Settings};
pub use integrate_and_fire::{If, IfParams, IfState};
pub use layer::{NeuronOutput, NeuronState, Neurons};
pub use lif::{Lif, LifConstants, LifParams, LifState};
pub use model::{Model, ModelInfo};
pub use parameter::Parameter;
pub use plif::{Plif, PlifConstants, PlifParams, PlifState};
pub use reset::Reset;

use crate::Surrogate;
use serde::{Serialize, de::DeserializeOwned};
use synfire_dynamics::Dynamics;

/// Configuration of [`If`] neurons.
pub type IfConfig = NeuronConfig<If>;
/// Configuration of [`Lif`] neurons.
pub type LifConfig = NeuronConfig<Lif>;
/// Configuration of [`Plif`] neurons.
pub type PlifConfig = NeuronConfig<Plif>;
/// Configuration of [`Clif`] neurons.
pub type ClifConfig = NeuronConfig<Clif>;

/// A model with a name: what [`Dynamics`] needs to appear in configuration files and checkpoints.
///
/// The fields of `Self` are its settings there (`surrogate`, `reset`); the records of `Dynamics` are
/// its parameters and states.
pub trait Neuron: Dynamics + Default + Serialize + DeserializeOwned {
    /// Name in configuration files, lower case.
    const NAME: &'static str;
    /// What it is, in a few words.
    const ABOUT: &'static str;
    /// Parameters that learn unless the configuration says otherwise.
    const LEARNS: &'static [&'static str] = &[];

    /// The surrogate whose default width a parameter `alpha` takes.
    fn surrogate(&self) -> Option<Surrogate> {
        None
    }

    /// Default of a parameter that depends on others. In `given` those without a value are NaN.
    fn derived_default(&self, name: &str, given: Self::Params<f32>) -> Option<f32> {
        let _ = (name, given);
        None
    }

    /// Refuses parameters that do not go together; each alone is in its range already.
    ///
    /// # Errors
    ///
    /// What is wrong, what was expected and the cure, in words.
    fn check(&self, params: Self::Params<f32>) -> Result<(), String> {
        let _ = params;
        Ok(())
    }
}
