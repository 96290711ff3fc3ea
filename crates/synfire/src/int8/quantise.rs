//! From a checkpoint to a model.

use super::neurons::RealNeurons;
use super::pending::{Pending, Pooling, convolution};
use super::{DESCRIPTION, Layer, Model, Network as Int8Network, fixed, range, refused};
use crate::Error;
use crate::checkpoint::Checkpoint;
use crate::network::layer::Conv2d;
use crate::network::{LayerConfig, Network};
use burn::tensor::Device;
use serde_json::{Map, Value};
use synfire_data::Split;

/// Makes a model of a network: weights of 8 bits with a scale for each channel, potentials of 32. Normalisations are folded into
/// the weights before them, gains and the factors of means too.
///
/// The scale of the inputs is found on these samples of a split, after the encoder; spikes and small whole numbers need none.
///
/// # Errors
///
/// [`Error::Config`] with the layer that the arithmetic does not have. It has chains of `linear`, `conv2d`, pools of pictures,
/// `batch_norm` behind a connection, `flatten`, `identity`, `dropout`, and neurons of `lif`, `plif`, `eulerlif`, `if`, `ifb` and
/// `ifsoftreset`; no delays, and no decoder with parameters of its own.
pub fn quantise(
    checkpoint: &Checkpoint,
    split: &Split,
    samples: &[usize],
    seed: u64,
    device: &Device,
) -> Result<Model, Error> {
    let network = checkpoint.network(device)?;
    let input = range::of(&network, split, samples, seed, device)?;
    if checkpoint.parameters.iter().any(|stored| !stored.name.starts_with("layers.")) {
        let problem = format!(
            "`{}` has parameters of its own, which an int8 export does not have; train with another, such as spike_counts",
            network.config().decoder.name()
        );
        return Err(Error::config("network.decoder", problem));
    }
    let mut chain = Chain {
        checkpoint,
        network: &network,
        unit: f64::from(input.scale),
        largest: f64::from(input.high.max(-input.low)),
        pending: None,
        layers: vec![],
    };
    for i in 0..network.layers().len() {
        chain.add(i).map_err(|problem| Error::config(format!("layers.{i}"), problem))?;
    }
    let Chain { pending, layers, .. } = chain;
    if let (Some(_), _) | (_, None | Some(Layer::Pool2d(_))) = (pending, layers.last()) {
        let last = network.layers().len().saturating_sub(1);
        let problem = "is the last layer and has no neurons; an int8 export ends with neurons, whose spikes or potentials it gives";
        return Err(Error::config(format!("layers.{last}"), problem));
    }
    let description = serde_json::to_string(&checkpoint.description);
    let description = description.map_err(|error| Error::config("description", error.to_string()))?;
    let model = Model { input, layers, metadata: [(DESCRIPTION.to_string(), description)].into() };
    // as whoever reads the file will check it
    Int8Network::new(model.clone()).map_err(refused)?;
    Ok(model)
}

/// A model in the making.
struct Chain<'a> {
    checkpoint: &'a Checkpoint,
    network: &'a Network,
    /// Value of a 1 of what the next layer is given, and the largest number of it.
    unit: f64,
    largest: f64,
    /// A connection whose neurons have not come yet.
    pending: Option<Pending>,
    layers: Vec<Layer>,
}

impl Chain<'_> {
    fn add(&mut self, i: usize) -> Result<(), String> {
        let (network, stored) = (self.network, Stored { checkpoint: self.checkpoint, layer: i });
        let (config, node) = (&network.config().layers[i], &network.layers()[i]);
        check(i, config, network.config().delay)?;
        let (kind, settings) = (config.kind.name(), config.kind.settings());
        if let Some(pooling) = Pooling::of(kind, settings, node.input_shape())? {
            return self.pool(pooling);
        }
        match kind {
            "flatten" | "identity" | "dropout" => Ok(()),
            "linear" => {
                let outputs = node.output_shape().size();
                self.connect(i, settings, outputs, Layer::Linear(super::Linear { outputs, weight: vec![] }))
            }
            "conv2d" => {
                let conv: Conv2d = read(settings)?;
                self.connect(i, settings, conv.channels, convolution(&conv))
            }
            "batch_norm" => match &mut self.pending {
                Some(pending) => pending.normalise(&read(settings)?, stored),
                None => {
                    Err("normalises what is no sum of weights, which it could be folded into; put it right behind a \
                             `linear` or `conv2d`"
                        .to_string())
                }
            },
            "neuron" => {
                let Some(pending) = self.pending.take() else {
                    return Err(
                        "has neurons that listen to no weights; put a `linear` or `conv2d` before them".to_string()
                    );
                };
                let dt = f64::from(network.config().dt);
                let channels = pending.channels();
                let neurons = RealNeurons::of(settings, dt, channels, stored)?;
                self.layers.extend(fixed::layers(pending, &neurons, self.largest));
                (self.unit, self.largest) = (1.0, 1.0);
                Ok(())
            }
            other => Err(format!(
                "is a `{other}`, which an int8 export does not have; it has linear, conv2d, max_pool2d, sum_pool2d, \
                 average_pool2d, global pools of pictures, batch_norm, flatten, identity, dropout and neurons"
            )),
        }
    }

    fn connect(
        &mut self,
        i: usize,
        settings: &Map<String, Value>,
        channels: usize,
        layer: Layer,
    ) -> Result<(), String> {
        if let Some(before) = &self.pending {
            return Err(format!(
                "follows {} without neurons in between, which round sums to spikes; put neurons there",
                before.path
            ));
        }
        let stored = Stored { checkpoint: self.checkpoint, layer: i };
        let gain = settings.get("gain").and_then(Value::as_f64).unwrap_or(1.0);
        let scaled = |values: &[f32]| values.iter().map(|&value| f64::from(value) * gain).collect::<Vec<f64>>();
        let weight =
            stored.get("weight").map(scaled).filter(|weight| channels > 0 && weight.len().is_multiple_of(channels));
        let weight = weight.ok_or("has no whole `weight`")?;
        let bias = stored.get("bias").map_or_else(|| vec![0.0; channels], scaled);
        let path = format!("layers.{i}");
        self.pending = Some(Pending { path, layer, weight, bias, unit: self.unit, pools: vec![] });
        Ok(())
    }

    fn pool(&mut self, pooling: Pooling) -> Result<(), String> {
        if let Some(pending) = &mut self.pending {
            return pending.pool(pooling);
        }
        if pooling.layer.pool == super::PoolKind::Sum {
            self.largest *= (pooling.layer.kernel[0] * pooling.layer.kernel[1]) as f64;
        }
        self.unit *= pooling.factor;
        self.layers.push(Layer::Pool2d(pooling.layer));
        Ok(())
    }
}

/// Refuses a layer that is more than the next one of a chain.
fn check(i: usize, layer: &LayerConfig, delay: usize) -> Result<(), String> {
    let before = format!("layers.{}", i.wrapping_sub(1));
    let is_next = match &layer.inputs[..] {
        [] => true,
        [one] => i == 0 && one == "input" || *one == before,
        _ => false,
    };
    if !is_next {
        let inputs = layer.inputs.join(", ");
        return Err(format!(
            "listens to {inputs}, and an int8 export is a chain of layers; train one without branches"
        ));
    }
    if layer.delay.is_some() || delay > 0 && layer.kind.is_connection() {
        return Err("has a delay, which an int8 export does not have; train without `delay`".to_string());
    }
    if layer.inject.is_some() {
        return Err("has a current of its own, which an int8 export does not have; take `inject` out".to_string());
    }
    Ok(())
}

/// The parameters of a layer.
#[derive(Clone, Copy)]
pub(super) struct Stored<'a> {
    checkpoint: &'a Checkpoint,
    layer: usize,
}

impl Stored<'_> {
    /// Values of the parameter of this name, if the layer has it.
    pub(super) fn get(&self, name: &str) -> Option<&[f32]> {
        let path = format!("layers.{}.{name}", self.layer);
        let stored = self.checkpoint.parameters.iter().find(|stored| stored.name == path)?;
        (!stored.values.is_empty()).then_some(stored.values.as_slice())
    }
}

fn read<T: serde::de::DeserializeOwned>(settings: &Map<String, Value>) -> Result<T, String> {
    serde_json::from_value(Value::Object(settings.clone())).map_err(|error| error.to_string())
}
