//! Networks: described by a few lines, a Burn module when built.

mod build;
mod circle;
mod components;
mod config;
mod delay;
mod flow;
mod fold_time;
mod insert;
mod layer;
mod linear;
mod module;
mod parameters;
mod pass;
mod plan;
mod precision;
mod two_layers;
mod widths;
mod wiring;

pub use config::{
    BetweenSteps, ClassesWord, DelayConfig, DelayPer, LayerConfig, LayerKind, NetworkConfig, RecurrentConfig, Width,
};
pub use fold_time::fold_time;
pub use layer::Layer;
pub use linear::Linear;
pub use module::{BatchNorm, Dropout, LayerNorm, ModuleConfig, ModuleLayer, Transform, all as modules, register};
pub use precision::Precision;

use crate::Error;
use crate::coding::{Activations, Decoded, Source};
use crate::neuron::Parameter;
use burn::tensor::{DType, Tensor};
use plan::Plan;
use std::sync::Arc;

/// Layers with an encoder in front and a decoder behind: a stack, unless their `inputs` say otherwise.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use synfire::network::NetworkConfig;
///
/// let config: NetworkConfig = toml::from_str(r#"
///     steps = 10
///     [[layers]]
///     linear = 32
///     [[layers]]
///     neuron = "plif"
///     [[layers]]
///     linear = "classes"
///     [[layers]]
///     neuron = "lif"
///     tau_m = 5.0
/// "#).unwrap();
/// let device = Device::default();
/// let network = config.init(&[8, 8], 10, 0, &device)?;
/// let scores = network.forward(Tensor::zeros([4, 64], &device), 0)?;
/// assert_eq!(scores.dims(), [4, 10]);
/// # Ok::<(), synfire::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Network {
    layers: Vec<Layer>,
    /// What the decoder learns.
    decoder: Vec<Parameter>,
    /// Connections of a layer of neurons with itself, for those that have such.
    recurrent: Vec<Option<Linear>>,
    plan: Arc<Plan>,
    config: Arc<NetworkConfig>,
    input: Vec<usize>,
    classes: usize,
}

/// What a batch makes a network do.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What the last layer did.
    pub activity: Activations,
    /// What the decoder makes of it.
    pub decoded: Decoded,
}

/// What one layer of neurons did, for pictures and statistics.
#[derive(Clone, Debug)]
pub struct Record {
    /// Name of the layer, `layers.1`.
    pub name: String,
    /// Name of its model.
    pub model: &'static str,
    /// Spikes or graded output, `[T, B, N]`.
    pub output: Tensor<3>,
    /// Unit of the membrane potential.
    pub unit: &'static str,
    /// Membrane potential after each step, `[T, B, N]`, if the model has a state `v`.
    pub potential: Option<Tensor<3>>,
}

impl Network {
    /// Its description.
    #[must_use]
    pub fn config(&self) -> &NetworkConfig {
        &self.config
    }

    /// Shape of a sample.
    #[must_use]
    pub fn input(&self) -> &[usize] {
        &self.input
    }

    /// Number of classes.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Its layers.
    #[must_use]
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// Connections of each layer with itself, where it has such.
    #[must_use]
    pub fn recurrent(&self) -> &[Option<Linear>] {
        &self.recurrent
    }

    /// Scores of a batch, `[B, classes]`. Random encoders draw from `seed`.
    ///
    /// # Shapes
    ///
    /// - samples `[B, F]`, flattened
    ///
    /// # Errors
    ///
    /// [`Error::Source`] if the encoder cannot encode the samples, [`Error::Scan`] if they do not have the
    /// network's size.
    pub fn forward(&self, samples: impl Into<Source>, seed: u64) -> Result<Tensor<2>, Error> {
        Ok(self.outcome(samples, seed)?.decoded.pooled())
    }

    /// What the last layer does, and what the decoder makes of it: for losses.
    ///
    /// # Errors
    ///
    /// As [`forward`](Self::forward).
    pub fn outcome(&self, samples: impl Into<Source>, seed: u64) -> Result<Outcome, Error> {
        self.pass(samples.into(), seed, false, &mut |_, _, _| {})
    }

    /// Scores, and what each layer of neurons did.
    ///
    /// # Errors
    ///
    /// As [`forward`](Self::forward).
    pub fn record(&self, samples: impl Into<Source>, seed: u64) -> Result<(Tensor<2>, Vec<Record>), Error> {
        let mut records = Vec::new();
        let outcome = self.pass(samples.into(), seed, true, &mut |i, neurons, out| {
            records.push(Record {
                name: format!("layers.{i}"),
                model: neurons.info().name,
                unit: neurons.info().states.iter().find(|state| state.name == "v").map_or("", |state| state.unit),
                output: out.output.clone(),
                potential: out.traces.first().cloned(),
            });
        })?;
        Ok((outcome.decoded.pooled(), records))
    }

    /// What the last layer does; `visit` is given the name and the output `[T, B, N]` of every layer of neurons.
    ///
    /// # Errors
    ///
    /// As [`forward`](Self::forward).
    pub fn outcome_with(
        &self,
        samples: impl Into<Source>,
        seed: u64,
        mut visit: impl FnMut(&str, &Tensor<3>),
    ) -> Result<Outcome, Error> {
        self.pass(samples.into(), seed, false, &mut |i, _, out| {
            visit(&format!("layers.{i}"), &precision::cast(out.output.clone(), DType::F32));
        })
    }

    /// Names of the layers of neurons.
    #[must_use]
    pub fn neuron_layers(&self) -> Vec<String> {
        let named = self.layers.iter().enumerate().filter(|(_, layer)| matches!(layer, Layer::Neurons(_)));
        named.map(|(i, _)| format!("layers.{i}")).collect()
    }
}
