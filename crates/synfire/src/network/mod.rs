//! Networks: graphs of layers, described by a few lines, a Burn module when built.

mod activations;
mod build;
mod chunks;
mod cycle;
mod decoder_parameters;
mod delay;
mod description;
mod early_exit;
mod fold_time;
mod forward;
mod fusion;
mod graph;
mod insert;
mod join;
pub mod layer;
mod node;
mod parameters;
mod sent;
mod shape;
mod state;
mod stream;
#[cfg(test)]
mod testing;

pub use crate::parameters::{NamedParameter, ParameterKind, matches};
pub(crate) use chunks::{ChunkedRun, Chunks};
pub(crate) use description::cast;
pub use description::{BetweenSteps, DelayConfig, DelayPer, LayerConfig, NetworkConfig, Precision};
pub use early_exit::{EarlyAnswer, softmax};
pub use fold_time::fold_time;
pub use join::Join;
pub use layer::register;
pub use node::Node;
pub use shape::Shape;
pub use state::NetworkState;

use crate::Error;
use crate::coding::{Activations, Decoded, Ends, Source};
use crate::neuron::{Neurons, OutputKind};
use burn::module::Module;
use burn::tensor::{DType, Tensor};
use decoder_parameters::DecoderParameters;
use graph::Stage;
use node::Origin;
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
///     conv2d = 4
///     kernel = 3
///     [[layers]]
///     max_pool2d = 2
///     [[layers]]
///     neuron = "plif"
///     tau_m = { value = 2.0, learn = true, per = "channel" }
///     [[layers]]
///     linear = "classes"
///     [[layers]]
///     neuron = "lif"
///     tau_m = 5.0
/// "#).unwrap();
/// let device = Device::default();
/// let network = config.init(&[8, 8], 10, 0, &device)?;
/// assert_eq!(network.layers()[1].output_shape().dims(), [4, 3, 3]);
/// let scores = network.forward(Tensor::zeros([2, 64], &device), 0)?;
/// assert_eq!(scores.dims(), [2, 10]);
/// # Ok::<(), synfire::Error>(())
/// ```
#[derive(Module, Debug)]
pub struct Network {
    layers: Vec<Node>,
    /// Learned parameters of the decoder.
    decoder: DecoderParameters,
    #[module(skip)]
    topology: Arc<Topology>,
    #[module(skip)]
    config: Arc<NetworkConfig>,
    #[module(skip)]
    input: Vec<usize>,
    #[module(skip)]
    classes: usize,
}

/// Order in which the layers run, and who listens to the samples.
#[derive(Clone, Debug)]
struct Topology {
    stages: Vec<Stage>,
    /// Layers that listen to the encoded samples.
    listeners: usize,
    /// Whether one of them makes use of the times of their spikes.
    spike_times: bool,
    /// Whether all of them read bits, and need no tensor of spikes.
    samples_as_bits: bool,
    /// Whether that is so of those that listen to each layer.
    layers_as_bits: Vec<bool>,
}

impl Topology {
    fn new(stages: Vec<Stage>, layers: &[Node], listeners: usize, spike_times: bool) -> Self {
        let stages = fusion::fused(stages, layers);
        let as_bits = |origin| sent::bits_are_read(origin, layers, &stages);
        // the activity of the last layer is for the decoder too
        let layer = |i: usize| i + 1 < layers.len() && as_bits(Origin::Node(i));
        let (samples_as_bits, layers_as_bits) = (as_bits(Origin::Sample), (0..layers.len()).map(layer).collect());
        Topology { stages, listeners, spike_times, samples_as_bits, layers_as_bits }
    }
}

/// Results of a network for a batch.
#[derive(Clone, Debug)]
pub struct ForwardOutput {
    /// Activity of the last layer.
    pub activity: Activations,
    /// Scores that the decoder reads from it.
    pub decoded: Decoded,
    /// Ends of samples that are shorter than others.
    pub ends: Ends,
}

/// Activity of one layer of neurons, for pictures and statistics.
#[derive(Clone, Debug)]
pub struct Record {
    /// Path of the layer, `layers.1`.
    pub name: String,
    /// Name of its model.
    pub model: &'static str,
    /// Kind of its output.
    pub kind: OutputKind,
    /// Spikes or graded output, `[T, B, N]`.
    pub output: Tensor<3>,
    /// Unit of the membrane potential.
    pub unit: &'static str,
    /// Membrane potential after each step, `[T, B, N]`, if the model has a state `v`.
    pub potential: Option<Tensor<3>>,
    /// Firing threshold in the potential's unit, `[1]`, `[C]` of channels or `[N]`; none if it changes with time.
    pub threshold: Option<Tensor<1>>,
}

impl Record {
    /// Activity of a layer: its output, and the potential if it was recorded, `[T, B, ..]` each.
    ///
    /// ```
    /// # use burn::tensor::{Device, Tensor};
    /// # use synfire::network::Record;
    /// # use synfire::neuron::LifConfig;
    /// let neurons = LifConfig::new().init(&[3, 8, 8], &Device::default());
    /// let v = neurons.state_index("v").unwrap();
    /// let current = Tensor::<3>::ones([10, 1, 3 * 8 * 8], &Device::default());
    /// let out = neurons.run(current, 10, None, &[v])?;
    /// let record = Record::of("spike", &neurons, out.output, out.traces.into_iter().next());
    /// assert_eq!((record.model, record.output.dims()), ("lif", [10, 1, 192]));
    /// # Ok::<(), synfire::Error>(())
    /// ```
    #[must_use]
    pub fn of<const D: usize>(name: &str, neurons: &Neurons, output: Tensor<D>, potential: Option<Tensor<D>>) -> Self {
        let info = neurons.info();
        let flat = |x: Tensor<D>| {
            let [steps, batch] = [x.dims()[0], x.dims()[1]];
            cast(x.reshape([steps, batch, neurons.shape().iter().product()]), DType::F32)
        };
        Record {
            name: name.to_owned(),
            model: info.name,
            kind: info.output,
            output: flat(output),
            unit: info.states.iter().find(|state| state.name == "v").map_or("", |state| state.unit),
            potential: potential.map(flat),
            threshold: neurons.threshold().map(|v_th| cast(v_th, DType::F32)),
        }
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

    /// Its layers, in the order of the description.
    #[must_use]
    pub fn layers(&self) -> &[Node] {
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
        Ok(self.forward_full(samples, seed)?.decoded.pooled())
    }

    /// Activity of the last layer and scores: for losses.
    ///
    /// # Errors
    ///
    /// As [`forward`](Self::forward).
    pub fn forward_full(&self, samples: impl Into<Source>, seed: u64) -> Result<ForwardOutput, Error> {
        self.run(samples.into(), (seed, false), None)
    }

    /// Scores, and the activity of each layer of neurons.
    ///
    /// # Errors
    ///
    /// As [`forward`](Self::forward).
    pub fn record(&self, samples: impl Into<Source>, seed: u64) -> Result<(Tensor<2>, Vec<Record>), Error> {
        let mut records = Vec::new();
        let output = self.run(
            samples.into(),
            (seed, true),
            Some(&mut |node, activations| {
                let Some(neurons) = node.neurons() else { return };
                let Activations { values, potential, .. } = activations.clone();
                records.push(Record::of(&node.path, neurons, values, potential));
            }),
        )?;
        Ok((output.decoded.pooled(), records))
    }

    /// As [`forward_full`](Self::forward_full); `visit` is given the path and the output `[T, B, N]` of every layer of
    /// neurons.
    ///
    /// # Errors
    ///
    /// As [`forward`](Self::forward).
    pub fn forward_with(
        &self,
        samples: impl Into<Source>,
        seed: u64,
        mut visit: impl FnMut(&str, &Tensor<3>),
    ) -> Result<ForwardOutput, Error> {
        self.run(
            samples.into(),
            (seed, false),
            Some(&mut |node, activations| {
                if node.neurons().is_some() {
                    visit(&node.path, &cast(activations.values.clone(), DType::F32));
                }
            }),
        )
    }

    /// Outputs of each layer for a batch, by its index, in single precision, over all steps: `[T, B, N]`, or `[1, B, N]`
    /// where it is the same at all of them. None of connections whose pool is one operation with them. The encoded samples
    /// come first, with no index.
    pub(crate) fn activity(
        &self,
        source: Source,
        seed: u64,
        mut visit: impl FnMut(Option<usize>, Tensor<3>),
    ) -> Result<ForwardOutput, Error> {
        let steps = self.config.steps;
        let values = |activations: &Activations| cast(activations.clone().without_hold(steps).values, DType::F32);
        visit(None, values(&self.encoded(source.clone(), seed)?));
        self.run(
            source,
            (seed, false),
            Some(&mut |node, activations| {
                let index = self.layers.iter().position(|layer| layer.path == node.path);
                visit(index, values(activations));
            }),
        )
    }

    /// Paths of the layers of neurons that spike.
    #[must_use]
    pub fn spiking_layers(&self) -> Vec<String> {
        let spikes = |node: &&Node| node.neurons().is_some_and(|neurons| neurons.info().output == OutputKind::Spiking);
        self.layers.iter().filter(spikes).map(|node| node.path.clone()).collect()
    }

    /// Paths of the layers of neurons.
    #[must_use]
    pub fn neuron_layers(&self) -> Vec<String> {
        self.layers.iter().filter(|node| node.neurons().is_some()).map(|node| node.path.clone()).collect()
    }
}
