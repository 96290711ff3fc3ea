//! Neuron models without their type, so that networks can choose them by name.

use super::config::written;
use super::{Neuron, NeuronConfig, Neurons, OperatingPoint, Settings};
use crate::{Error, Surrogate};
use burn::tensor::Device;
use core::fmt::Debug;
use std::sync::Arc;
use synfire_dynamics::{
    Feedback, FieldInfo, Fields, Notation, Reached, Scan, ScanError, ScanOutput, Spikes, formulas, reached,
};

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

/// Interface of a layer, and of its configuration, to the model; parameters are a value each, in the order of
/// [`ModelInfo::parameters`].
pub trait AnyNeuron: Debug + Send + Sync {
    /// Facts about the model.
    fn info(&self) -> ModelInfo;

    /// Settings of the model, as a file writes them.
    fn settings(&self) -> Settings;

    /// The model with these settings.
    ///
    /// # Errors
    ///
    /// The message of the setting that cannot be read.
    fn with_settings(&self, settings: &Settings) -> Result<Model, String>;

    /// As [`Neuron::surrogate`].
    fn surrogate(&self) -> Option<Surrogate>;

    /// As [`Neuron::derived_default`].
    fn derived_default(&self, name: &str, given: &[f32]) -> Option<f32>;

    /// As [`Neuron::check`].
    ///
    /// # Errors
    ///
    /// The message of the model.
    fn check(&self, params: &[f32]) -> Result<(), String>;

    /// As [`Neuron::warning`].
    fn warning(&self, params: &[f32], dt: f32) -> Option<String>;

    /// As [`reached`].
    fn reached(&self, traces: &[usize]) -> Reached;

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

    /// Runs a layer, with `feedback` a recurrent one, to spikes as bits; `None` where there is no kernel for it.
    ///
    /// # Errors
    ///
    /// As [`Scan::run_to_spikes`].
    fn run_to_spikes(&self, scan: Scan, feedback: Option<Feedback>) -> Result<Option<ScanOutput<Spikes>>, ScanError>;
}

/// A model of these settings.
pub(super) fn read<D: Neuron>(settings: &Settings) -> Result<D, String> {
    let settings = settings.iter().map(|(key, value)| (key.clone(), value.clone()));
    serde_json::from_value(serde_json::Value::Object(settings.collect())).map_err(|error| error.to_string())
}

#[derive(Debug)]
struct Erased<D>(D);

impl<D: Neuron> AnyNeuron for Erased<D> {
    fn info(&self) -> ModelInfo {
        ModelInfo::of::<D>()
    }

    fn settings(&self) -> Settings {
        written(serde_json::to_value(self.0))
    }

    fn with_settings(&self, settings: &Settings) -> Result<Model, String> {
        read::<D>(settings).map(erase)
    }

    fn surrogate(&self) -> Option<Surrogate> {
        self.0.surrogate()
    }

    fn derived_default(&self, name: &str, given: &[f32]) -> Option<f32> {
        self.0.derived_default(name, Fields::from_fn(|i| given[i]))
    }

    fn check(&self, params: &[f32]) -> Result<(), String> {
        self.0.check(Fields::from_fn(|i| params[i]))
    }

    fn warning(&self, params: &[f32], dt: f32) -> Option<String> {
        self.0.warning(Fields::from_fn(|i| params[i]), dt)
    }

    fn reached(&self, traces: &[usize]) -> Reached {
        reached(&self.0, traces)
    }

    fn run(&self, scan: Scan, fused: bool) -> Result<ScanOutput, ScanError> {
        if fused { scan.run(self.0) } else { scan.run_by_operations(self.0) }
    }

    fn run_recurrent(&self, scan: Scan, feedback: Feedback) -> Result<Option<ScanOutput>, ScanError> {
        scan.run_recurrent(self.0, feedback)
    }

    fn run_to_spikes(&self, scan: Scan, feedback: Option<Feedback>) -> Result<Option<ScanOutput<Spikes>>, ScanError> {
        scan.run_to_spikes(self.0, feedback)
    }
}

/// Makes a layer: its name in messages, settings, shape, time step in ms, device.
type Init = fn(&str, &Settings, &[usize], f32, &Device) -> Result<Neurons, Error>;

/// A model by name: how to read its settings and make a layer of it.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// Facts about the model.
    pub info: ModelInfo,
    settings: fn() -> Settings,
    equations: fn(Notation) -> String,
    pub(crate) init: Init,
}

impl Entry {
    /// Whether the model has a setting (`reset`) or a parameter (`tau_m`) of this name.
    #[must_use]
    pub fn has_setting(&self, name: &str) -> bool {
        self.info.parameters.iter().any(|p| p.name == name) || (self.settings)().contains_key(name)
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
        (self.settings)()
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
            settings: || written(serde_json::to_value(D::default())),
            equations: |notation| formulas(&D::for_display(), notation),
            init: |layer, settings, shape, dt, device| {
                NeuronConfig::<D>::from_settings(layer, settings, dt)?.try_init(shape, device)
            },
        }
    }
}
