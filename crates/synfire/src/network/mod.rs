//! Networks: described by a few lines, a Burn module when built.

mod config;
mod delay;
mod flow;
mod graph;
mod insert;
mod layer;
mod layer_config;
mod linear;
mod module;
mod names;
mod parameters;
mod place;
mod precision;
mod run;
mod source;
mod two_layers;
mod wiring;

pub use config::NetworkConfig;
pub use delay::{DelayConfig, DelayPer, DelayTimes, DelayValue, Delays};
pub use layer::Layer;
pub use layer_config::{ClassesWord, LayerConfig, Width};
pub use linear::Linear;
pub use module::{
    BatchNorm, Dropout, LayerNorm, ModuleConfig, ModuleLayer, Transform, all as modules, fold_time, register,
};
pub use names::matches;
pub use parameters::{Kind, NamedParameter};
pub use precision::Precision;
pub use source::Source;
pub use wiring::{RecurrentConfig, Wiring};

use crate::Error;
use crate::coding::{self, Activity, Decoded, Signal};
use crate::neuron::{NeuronOutput, Neurons, Parameter, registry};
use burn::module::Module;
use burn::tensor::{DType, Device, Tensor};
use flow::Flow;
use graph::Graph;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use run::{Last, Run};
use std::sync::Arc;

/// Layers with an encoder in front and a decoder behind: a stack, unless layers name their inputs.
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
#[derive(Module, Debug)]
pub struct Network {
    layers: Vec<Layer>,
    /// Connections of neurons with themselves, by their layer.
    recurrent: Vec<Option<Linear>>,
    /// What the decoder learns.
    decoder: Vec<Parameter>,
    #[module(skip)]
    config: Arc<NetworkConfig>,
    #[module(skip)]
    graph: Arc<Graph>,
    #[module(skip)]
    input: Vec<usize>,
    #[module(skip)]
    classes: usize,
}

/// What a batch makes a network do.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// What the last layer did.
    pub activity: Activity,
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

impl NetworkConfig {
    /// Builds the network for samples of shape `input` and this many classes.
    ///
    /// Initial weights are drawn on the host: the same seed gives the same ones on every backend.
    ///
    /// # Errors
    ///
    /// The first layer, key or parameter that makes no sense, by name.
    pub fn init(&self, input: &[usize], classes: usize, seed: u64, device: &Device) -> Result<Network, Error> {
        self.check()?;
        self.precision.check(device)?;
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let features = self.encoder.inputs(input.iter().product(), self.window());
        let features = features.map_err(|problem| Error::config("network.encoder", problem))?;
        let graph = Graph::of(self, features, classes)?;
        let mut layers = Vec::with_capacity(self.layers.len());
        let mut recurrent = Vec::with_capacity(self.layers.len());
        let generator_at = |place: &str, generator: &coding::Generator| generator.check().map_err(|bad| bad.at(place));
        for (i, layer) in self.layers.iter().enumerate() {
            let place = format!("layers.{i}");
            let (inputs, outputs) = (graph.inputs_of(i), graph.widths[i]);
            let mut own = None;
            layers.push(match layer {
                LayerConfig::Linear { bias, gain, delay, .. } => {
                    check_size(&place, inputs, outputs)?;
                    check_gain(&place, *gain)?;
                    let delay = delay.clone().unwrap_or(DelayConfig::Steps(self.delay));
                    let delay = Delays::of(&delay, &place, [inputs, outputs], self.window(), device)?;
                    let layer = Linear::new(inputs, outputs, *bias, &mut rng, device).with_gain(*gain);
                    Layer::Linear(layer.with_delay(delay))
                }
                LayerConfig::Neuron { neuron, recurrent, inject, settings, .. } => {
                    inject.iter().try_for_each(|one| generator_at(&format!("{place}.inject"), one))?;
                    if let Some(RecurrentConfig { delay, bias, gain }) = recurrent {
                        check_size(&place, outputs, outputs)?;
                        let connections = Linear::new(outputs, outputs, *bias, &mut rng, device).with_gain(*gain);
                        own = Some(connections.with_delay((*delay, None)));
                    }
                    let entry = registry::find(neuron)?;
                    Layer::Neurons((entry.init)(&place, settings, &[outputs], self.dt, device)?)
                }
                LayerConfig::Module { module: ModuleConfig::Named(module), .. } => {
                    module.check().map_err(|bad| bad.at(&format!("{place}.module")))?;
                    Layer::Module(module.init(outputs, device)?)
                }
                LayerConfig::Module { module: ModuleConfig::FromRust, .. } => {
                    let problem = "is a module put in from Rust; build the network without it, and `insert` it again";
                    return Err(Error::config(place, problem));
                }
                LayerConfig::Generator { generator, neurons, .. } => {
                    generator_at(&format!("{place}.generator"), generator)?;
                    Layer::Generator(Source::new(generator.clone(), *neurons))
                }
            });
            recurrent.push(own);
        }
        let features = graph.widths[self.layers.len() - 1];
        let scores = self.decoder.scores(features).map_err(|problem| Error::config("network.decoder", problem))?;
        if scores != classes {
            let last = self.layers.len() - 1;
            return Err(Error::config(
                format!("layers.{last}"),
                format!(
                    "the network ends with {scores} outputs, the data have {classes} classes; end with `linear = \"classes\"` and neurons"
                ),
            ));
        }
        let learned = self.decoder.parameters(features, &mut rng).into_iter();
        let decoder = learned.map(|p| Parameter::new(p.name, p.values, true, p.above, device)).collect();
        let (config, graph) = (Arc::new(self.clone()), Arc::new(graph));
        Ok(Network { layers, recurrent, decoder, config, graph, input: input.to_vec(), classes })
    }
}

/// Most weights of one layer, 4 GiB of them.
const MOST_WEIGHTS: usize = 1 << 30;

fn check_size(place: &str, inputs: usize, outputs: usize) -> Result<(), Error> {
    if outputs == 0 {
        return Err(Error::config(place, "`linear` is 0; expected the number of outputs, or \"classes\""));
    }
    match inputs.checked_mul(outputs) {
        Some(weights) if weights <= MOST_WEIGHTS => Ok(()),
        _ => Err(Error::config(
            place,
            format!("{inputs} inputs and {outputs} outputs are too many; expected at most {MOST_WEIGHTS} weights"),
        )),
    }
}

fn check_gain(place: &str, gain: f32) -> Result<(), Error> {
    match gain > 0.0 && gain.is_finite() {
        true => Ok(()),
        false => Err(Error::config(place, format!("`gain` is {gain}; expected a number above 0"))),
    }
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

    /// Connections of a layer of neurons with itself.
    #[must_use]
    pub fn recurrent(&self, layer: usize) -> Option<&Linear> {
        self.recurrent.get(layer)?.as_ref()
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
    pub fn forward(&self, samples: impl Into<coding::Source>, seed: u64) -> Result<Tensor<2>, Error> {
        Ok(self.outcome(samples, seed)?.decoded.pooled())
    }

    /// What the last layer does, and what the decoder makes of it: for losses.
    ///
    /// # Errors
    ///
    /// As [`forward`](Self::forward).
    pub fn outcome(&self, samples: impl Into<coding::Source>, seed: u64) -> Result<Outcome, Error> {
        self.pass(samples.into(), seed, false, |_, _, _| {})
    }

    /// Scores, and what each layer of neurons did.
    ///
    /// # Errors
    ///
    /// As [`forward`](Self::forward).
    pub fn record(&self, samples: impl Into<coding::Source>, seed: u64) -> Result<(Tensor<2>, Vec<Record>), Error> {
        let mut records = Vec::new();
        let outcome = self.pass(samples.into(), seed, true, |i, neurons, out| {
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
        samples: impl Into<coding::Source>,
        seed: u64,
        mut visit: impl FnMut(&str, &Tensor<3>),
    ) -> Result<Outcome, Error> {
        self.pass(samples.into(), seed, false, |i, _, out| {
            visit(&format!("layers.{i}"), &precision::cast(out.output.clone(), DType::F32));
        })
    }

    /// Names of the layers of neurons.
    #[must_use]
    pub fn neuron_layers(&self) -> Vec<String> {
        let named = self.layers.iter().enumerate().filter(|(_, layer)| matches!(layer, Layer::Neurons(_)));
        named.map(|(i, _)| format!("layers.{i}")).collect()
    }

    fn pass(
        &self,
        samples: coding::Source,
        seed: u64,
        trace: bool,
        visit: impl FnMut(usize, &Neurons, &NeuronOutput),
    ) -> Result<Outcome, Error> {
        let Signal { values, spike_times } = self.config.encoder.encode(samples, self.config.window(), seed)?;
        let values = self.config.precision.of(values);
        // the second channel: by how much each spike precedes the end of its step, in ms
        let times = spike_times
            .filter(|_| self.times_wanted().0)
            .map(|times| values.clone() * self.config.precision.of(times * self.config.dt));
        let Last { flow, potential } = Run::new(self, Flow { values, times }, seed, trace).all(visit)?;
        let single = |values| precision::cast(values, DType::F32);
        let (output, spike_times) = (single(flow.values), flow.times.map(single));
        let activity = Activity { output, spike_times, potential, dt: self.config.dt };
        let learned: Vec<Tensor<1>> = self.decoder.iter().map(Parameter::value).collect();
        Ok(Outcome { decoded: self.config.decoder.decode(&activity, &learned), activity })
    }
}
