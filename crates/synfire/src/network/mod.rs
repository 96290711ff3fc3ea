//! Networks: described by a few lines, a Burn module when built.

mod config;
mod layer;
mod linear;
mod names;
mod parameters;
mod precision;
mod two_layers;

pub use config::{LayerConfig, NetworkConfig, Width};
pub use layer::Layer;
pub use linear::Linear;
pub use names::matches;
pub use parameters::{Kind, NamedParameter};
pub use precision::Precision;

use crate::Error;
use crate::coding::{Activity, Decoded, Reads, Signal, Source};
use crate::neuron::{NeuronInput, NeuronOutput, Neurons, Parameter, registry};
use burn::module::Module;
use burn::tensor::{DType, Device, Tensor};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::sync::Arc;

/// A stack of layers with an encoder in front and a decoder behind.
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
    /// What the decoder learns.
    decoder: Vec<Parameter>,
    #[module(skip)]
    config: Arc<NetworkConfig>,
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
        let mut features = features.map_err(|problem| Error::config("network.encoder", problem))?;
        let mut layers = Vec::with_capacity(self.layers.len());
        for (i, layer) in self.layers.iter().enumerate() {
            let place = format!("layers.{i}");
            layers.push(match layer {
                LayerConfig::Linear { linear, bias, gain } => {
                    let outputs = linear.resolve(classes);
                    check_size(&place, features, outputs)?;
                    check_gain(&place, *gain)?;
                    let layer = Linear::new(features, outputs, *bias, &mut rng, device).with_gain(*gain);
                    features = outputs;
                    Layer::Linear(layer)
                }
                LayerConfig::Neuron { neuron, settings } => {
                    let entry = registry::find(neuron)?;
                    Layer::Neurons((entry.init)(&place, settings, &[features], self.dt, device)?)
                }
            });
        }
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
        Ok(Network { layers, decoder, config: Arc::new(self.clone()), input: input.to_vec(), classes })
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
        self.pass(samples.into(), seed, false, |_, _, _| {})
    }

    /// Scores, and what each layer of neurons did.
    ///
    /// # Errors
    ///
    /// As [`forward`](Self::forward).
    pub fn record(&self, samples: impl Into<Source>, seed: u64) -> Result<(Tensor<2>, Vec<Record>), Error> {
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
        samples: impl Into<Source>,
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
        samples: Source,
        seed: u64,
        trace: bool,
        mut visit: impl FnMut(usize, &Neurons, &NeuronOutput),
    ) -> Result<Outcome, Error> {
        let steps = self.config.steps;
        let Signal { values, spike_times } = self.config.encoder.encode(samples, self.config.window(), seed)?;
        let mut values = self.config.precision.of(values);
        // the second channel: by how much each spike precedes the end of its step, in ms
        let mut times = spike_times
            .filter(|_| self.takes_times(0))
            .map(|times| values.clone() * self.config.precision.of(times * self.config.dt));
        let reads_potentials = self.config.decoder.reads() == Reads::Potentials;
        let mut last = None;
        for (i, layer) in self.layers.iter().enumerate() {
            match layer {
                Layer::Linear(linear) => {
                    values = linear.forward(values);
                    times = times.map(|times| linear.weigh(times));
                }
                Layer::Neurons(neurons) => {
                    let is_last = i + 1 == self.layers.len();
                    let v = neurons.state_index("v");
                    let potential = v.filter(|_| trace || is_last && reads_potentials);
                    let spike_time = neurons.info().spike_time.filter(|_| self.takes_times(i + 1));
                    let spike_time = spike_time.and_then(|name| neurons.state_index(name));
                    let traces: Vec<usize> = potential.into_iter().chain(spike_time).collect();
                    let mut input = NeuronInput::from(values).with_draws(seed, i as u32 + 1);
                    if let Some(times) = times.filter(|_| takes_times(neurons)) {
                        input = input.with(TIME_INPUT, times);
                    }
                    let out = neurons.run(input, steps, None, &traces)?;
                    visit(i, neurons, &out);
                    times = spike_time.and_then(|_| out.traces.last().cloned());
                    last = match potential {
                        Some(_) => out.traces.first().cloned(),
                        None => v.map(|v| out.state.0[v].clone().unsqueeze_dim(0)),
                    };
                    values = out.output;
                }
            }
        }
        let single = |values| precision::cast(values, DType::F32);
        let activity =
            Activity { output: single(values), spike_times: times.map(single), potential: last, dt: self.config.dt };
        let learned: Vec<Tensor<1>> = self.decoder.iter().map(Parameter::value).collect();
        Ok(Outcome { decoded: self.config.decoder.decode(&activity, &learned), activity })
    }

    /// Whether what comes next to layer `from` wants to know the times of spikes inside their step.
    fn takes_times(&self, from: usize) -> bool {
        let next = self.layers[from..].iter().find_map(|layer| match layer {
            Layer::Neurons(neurons) => Some(takes_times(neurons)),
            Layer::Linear(_) => None,
        });
        next.unwrap_or_else(|| self.config.decoder.reads() == Reads::SpikeTimes)
    }
}

/// The input that takes the times of spikes.
const TIME_INPUT: &str = "current_time";

fn takes_times(neurons: &Neurons) -> bool {
    neurons.info().inputs.iter().any(|input| input.name == TIME_INPUT)
}
