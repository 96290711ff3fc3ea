//! Neuron models without their type, so that networks can choose them by name.

use super::{Neuron, NeuronConfig, Neurons, OperatingPoint, Settings};
use crate::Error;
use burn::tensor::Device;
use core::fmt::Debug;
use std::sync::Arc;
use synfire_dynamics::{Feedback, FieldInfo, Fields, Notation, Scan, ScanError, ScanOutput, formulas};

/// Kind of the output of a model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutputKind {
    /// Spikes, 0 or 1.
    Spiking,
    /// Graded: a membrane potential, a rate.
    Graded,
}

/// Facts about a model: its names, records and properties.
#[derive(Clone, Copy, Debug)]
pub struct ModelInfo {
    /// Name in configuration files.
    pub name: &'static str,
    /// Description in a few words.
    pub about: &'static str,
    /// Parameters.
    pub parameters: &'static [FieldInfo],
    /// States.
    pub states: &'static [FieldInfo],
    /// Inputs.
    pub inputs: &'static [FieldInfo],
    /// Parameters that are learnable by default.
    pub learnable: &'static [&'static str],
    /// Other names under which it is found.
    pub aliases: &'static [&'static str],
    /// Kind of its output.
    pub output: OutputKind,
    /// Whether gradients flow through it.
    pub differentiable: bool,
    /// Typical magnitudes of its current and potential.
    pub operating_point: OperatingPoint,
    /// State with the time in ms by which a spike precedes the end of its step.
    pub spike_time: Option<&'static str>,
    /// States that keep their value from one sample to the next.
    pub persistent: &'static [&'static str],
}

impl ModelInfo {
    /// Facts about model `D`.
    #[must_use]
    pub const fn of<D: Neuron>() -> Self {
        ModelInfo {
            name: D::NAME,
            about: D::ABOUT,
            parameters: <D::Params<f32> as Fields<f32>>::INFO,
            states: <D::State<f32> as Fields<f32>>::INFO,
            inputs: <D::Input<f32> as Fields<f32>>::INFO,
            learnable: D::LEARNABLE,
            aliases: D::ALIASES,
            output: D::OUTPUT,
            differentiable: D::DIFFERENTIABLE,
            operating_point: D::OPERATING_POINT,
            spike_time: D::SPIKE_TIME,
            persistent: D::PERSISTENT,
        }
    }

    /// Its name, followed by its aliases.
    pub fn names(&self) -> impl Iterator<Item = &'static str> + use<> {
        core::iter::once(self.name).chain(self.aliases.iter().copied())
    }
}

/// A model of any type, shared between layers.
pub type Model = Arc<dyn AnyNeuron>;

pub(super) fn erase<D: Neuron>(model: D) -> Model {
    Arc::new(Erased(model))
}

/// Interface of a layer to its model.
pub trait AnyNeuron: Debug + Send + Sync {
    /// Facts about the model.
    fn info(&self) -> ModelInfo;

    /// Runs the model over all steps, fused or by tensor operations.
    ///
    /// # Errors
    ///
    /// As [`Scan::run`].
    fn run(&self, scan: Scan, fused: bool) -> Result<ScanOutput, ScanError>;

    /// Runs a recurrent layer over all steps; `None` where there is no kernel for it.
    ///
    /// # Errors
    ///
    /// As [`Scan::run_recurrent`].
    fn run_recurrent(&self, scan: Scan, feedback: Feedback) -> Result<Option<ScanOutput>, ScanError>;
}

#[derive(Debug)]
struct Erased<D>(D);

impl<D: Neuron> AnyNeuron for Erased<D> {
    fn info(&self) -> ModelInfo {
        ModelInfo::of::<D>()
    }

    fn run(&self, scan: Scan, fused: bool) -> Result<ScanOutput, ScanError> {
        if fused { scan.run(self.0) } else { scan.run_by_operations(self.0) }
    }

    fn run_recurrent(&self, scan: Scan, feedback: Feedback) -> Result<Option<ScanOutput>, ScanError> {
        scan.run_recurrent(self.0, feedback)
    }
}

/// Makes a layer: its name in messages, settings, shape, time step in ms, device.
type Init = fn(&str, &Settings, &[usize], f32, &Device) -> Result<Neurons, Error>;

/// A model by name: how to read its settings and make a layer of it.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Facts about the model.
    pub info: ModelInfo,
    settings: fn() -> serde_json::Value,
    equations: fn(Notation) -> String,
    pub(crate) init: Init,
}

impl Entry {
    /// Whether the model has a setting (`reset`) or a parameter (`tau_m`) of this name.
    #[must_use]
    pub fn has_setting(&self, name: &str) -> bool {
        self.info.parameters.iter().any(|p| p.name == name) || (self.settings)().get(name).is_some()
    }

    /// A layer of the model for samples of this shape, with settings and parameters as a configuration
    /// file writes them; what is left out takes its default. `dt` is in ms.
    ///
    /// # Errors
    ///
    /// As [`NeuronConfig::init`], and by name what the model does not have.
    pub fn layer(&self, settings: &Settings, shape: &[usize], dt: f32, device: &Device) -> Result<Neurons, Error> {
        (self.init)(&format!("`{}`", self.info.name), settings, shape, dt, device)
    }

    /// Its settings (`surrogate`, `reset`) with their defaults, as a configuration file writes them.
    #[must_use]
    pub fn settings(&self) -> Settings {
        match (self.settings)() {
            serde_json::Value::Object(settings) => settings.into_iter().collect(),
            _ => Settings::new(),
        }
    }

    /// Settings under which a single neuron is looked at: models that count crossings of a threshold far below their action
    /// potentials count these, unless the settings say otherwise.
    #[must_use]
    pub fn traced(&self, mut settings: Settings) -> Settings {
        if let Some(threshold) = self.info.operating_point.action_potential {
            // the model's own threshold is crossed by much that is no action potential
            settings.entry("v_th".to_string()).or_insert_with(|| threshold.into());
        }
        settings
    }

    /// Its equations in their form [for display](Neuron::for_display), printed from its code.
    #[must_use]
    pub fn equations(&self, notation: Notation) -> String {
        (self.equations)(notation)
    }

    pub(super) fn of<D: Neuron>() -> Self {
        Entry {
            info: ModelInfo::of::<D>(),
            settings: || serde_json::to_value(D::default()).unwrap_or_default(),
            equations: |notation| formulas(&D::for_display(), notation),
            init: |layer, settings, shape, dt, device| {
                NeuronConfig::<D>::from_settings(layer, settings, dt)?.try_init(shape, device)
            },
        }
    }
}
