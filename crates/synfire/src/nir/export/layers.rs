//! Layers that are no neurons.

use super::Exporter;
use super::nodes::{Part, number, per_axis, word};
use crate::Error;
use crate::network::{DelayConfig, Join};
use crate::neuron::OutputKind;
use crate::nir::{Affine, Array, Conv, Delay, Element, Flatten, Linear, NodeKind, Padding, Pool2d, Scale, Threshold};
use serde_json::{Map, Value};

impl Exporter<'_> {
    /// The nodes of a layer.
    pub(super) fn layer(&mut self, i: usize, name: &str) -> Result<Part, Error> {
        let config = &self.network.config().layers[i];
        let (kind, settings) = (config.kind.name(), config.kind.settings().clone());
        let refuse = |problem: String| Err(Error::config(format!("layers.{i}"), problem));
        if config.join != Join::Add && config.inputs.len() > 1 {
            return refuse("joins its inputs otherwise than by adding, which NIR cannot say".to_string());
        }
        if config.inject.is_some() {
            return refuse("has a current injected, which NIR cannot say; take it out".to_string());
        }
        let single = |kind: NodeKind| vec![(name.to_string(), kind)];
        let nodes = match kind {
            "neuron" => return self.neurons(i, name, &settings),
            "linear" => single(self.linear(i, &settings)?),
            "conv1d" => single(NodeKind::Conv1d(self.convolution(i, &settings)?)),
            "conv2d" => single(NodeKind::Conv2d(self.convolution(i, &settings)?)),
            "sum_pool2d" => single(NodeKind::SumPool2d(pool(&settings))),
            "average_pool2d" => single(NodeKind::AvgPool2d(pool(&settings))),
            "global_sum_pool" | "global_average_pool" => self.global_pool(i, name, kind)?,
            "flatten" => single(NodeKind::Flatten(flatten(self.input(i)))),
            "scale" => {
                let scale = self.per_value(i, "weight")?;
                single(NodeKind::Scale(Scale { scale }))
            }
            "voting" => {
                let group = number(&settings, "neurons", 1.0) as usize;
                single(NodeKind::Linear(Linear {
                    weight: voting(self.network.layers()[i].output_shape().size(), group),
                }))
            }
            "identity" | "dropout" => vec![],
            "batch_norm" => return self.normalise(i, &settings),
            "max_pool2d" | "global_max_pool" => self.max_pool(i, name, kind, &settings)?,
            other => {
                let problem = format!(
                    "is a `{other}`, and no node of NIR is like it; known: linear, conv1d, conv2d, sum_pool2d, \
                     average_pool2d, max_pool2d of spikes, global pools of pictures, flatten, batch_norm, scale, voting, \
                     identity, dropout, neurons"
                );
                return refuse(problem);
            }
        };
        let became = match nodes.iter().map(|(_, kind)| kind.name()).collect::<Vec<_>>() {
            none if none.is_empty() => "nothing: it passes its inputs on".to_string(),
            names => format!("`{name}`: {}", names.join(", ")),
        };
        // linear layers flatten what they are given, nodes do not
        let nodes = match (kind, self.input(i).len()) {
            ("linear" | "voting", 2..) => {
                [vec![(format!("{name} flat"), NodeKind::Flatten(flatten(self.input(i))))], nodes].concat()
            }
            _ => nodes,
        };
        self.tell(i, kind, &became, vec![]);
        Ok(self.add(nodes))
    }

    /// Puts the delay of a layer's inputs in front of its nodes.
    pub(super) fn delay(&mut self, i: usize, part: &mut Part) -> Result<(), Error> {
        let network = self.network.config();
        let config = &network.layers[i];
        let shape = self.input(i);
        let steps: Vec<f64> = match config.delay {
            Some(DelayConfig::Steps(steps)) => vec![steps as f64],
            Some(DelayConfig::Time { ms }) => vec![(ms / f64::from(network.dt)).round()],
            Some(DelayConfig::Between(_)) => self.stored(i, "delay").unwrap_or_default(),
            // that of connections that have none of their own
            None if ["linear", "conv1d", "conv2d"].contains(&config.kind.name()) => vec![network.delay as f64],
            None => vec![],
        };
        if steps.iter().all(|&steps| steps == 0.0) {
            return Ok(());
        }
        let count: usize = shape.iter().product();
        let values: Vec<f64> = (0..count).map(|k| steps[if steps.len() == 1 { 0 } else { k }] * self.dt).collect();
        let Some(delay) = Array::new(shape, values, Element::F64) else { return Ok(()) };
        let name = match &part.first {
            Some(first) => format!("{first} delay"),
            None => format!("layers.{i} delay"),
        };
        self.graph.insert(&name, NodeKind::Delay(Delay { delay }));
        match part.first.replace(name.clone()) {
            Some(first) => self.graph.connect(&name, &first),
            None => part.last = Some(name),
        }
        Ok(())
    }

    fn input(&self, i: usize) -> Vec<usize> {
        self.network.layers()[i].input_shape().dims().to_vec()
    }

    /// A stored parameter of this shape, times the gain of the layer.
    fn weights(&self, i: usize, name: &str, settings: &Map<String, Value>) -> Result<Option<Array>, Error> {
        let path = format!("layers.{i}.{name}");
        let Some(stored) = self.checkpoint.parameters.iter().find(|stored| stored.name == path) else {
            return Ok(None);
        };
        let gain = number(settings, "gain", 1.0);
        let values = stored.values.iter().map(|&value| f64::from((f64::from(value) * gain) as f32)).collect();
        let wrong =
            || Error::config(path.clone(), format!("has {} values for {:?}", stored.values.len(), stored.shape));
        Array::new(stored.shape.clone(), values, Element::F32).map(Some).ok_or_else(wrong)
    }

    fn linear(&self, i: usize, settings: &Map<String, Value>) -> Result<NodeKind, Error> {
        let weight = self.weights(i, "weight", settings)?;
        let weight = weight.ok_or_else(|| Error::config(format!("layers.{i}"), "has no `weight`"))?;
        Ok(match self.weights(i, "bias", settings)? {
            Some(bias) => NodeKind::Affine(Affine { weight, bias }),
            None => NodeKind::Linear(Linear { weight }),
        })
    }

    fn convolution<const AXES: usize>(&self, i: usize, settings: &Map<String, Value>) -> Result<Conv<AXES>, Error> {
        let weight = self.weights(i, "weight", settings)?;
        let weight = weight.ok_or_else(|| Error::config(format!("layers.{i}"), "has no `weight`"))?;
        let outputs = weight.shape().first().copied().unwrap_or(0);
        let bias = self.weights(i, "bias", settings)?;
        let input = self.input(i);
        // sizes come last, whatever comes before
        let sizes = input.len().checked_sub(AXES).and_then(|first| input.get(first..)?.try_into().ok());
        Ok(Conv {
            bias: bias.unwrap_or_else(|| Array::filled(&[outputs], 0.0, Element::F32)),
            weight,
            stride: per_axis(settings, "stride", 1),
            padding: match word(settings, "padding") {
                Some("same") => Padding::Same,
                Some(_) => Padding::Valid,
                None => Padding::Amount(per_axis(settings, "padding", 0)),
            },
            dilation: per_axis(settings, "dilation", 1),
            groups: number(settings, "groups", 1.0) as usize,
            input_shape: sizes,
        })
    }

    /// The largest of spikes is whether there is one: a sum, and a threshold.
    fn max_pool(
        &self,
        i: usize,
        name: &str,
        kind: &str,
        settings: &Map<String, Value>,
    ) -> Result<Vec<(String, NodeKind)>, Error> {
        let layers = self.network.layers();
        let spikes = |sender: Option<usize>| {
            let neurons = sender.and_then(|sender| layers[sender].neurons());
            neurons.is_some_and(|neurons| neurons.info().output == OutputKind::Spiking)
        };
        if !matches!(layers[i].sources().collect::<Vec<_>>()[..], [one] if spikes(one)) {
            let problem = "takes the largest value of each window, which no node of NIR does but for spikes; put it behind the \
                           neurons, or train with `sum_pool2d` or `average_pool2d`";
            return Err(Error::config(format!("layers.{i}"), problem));
        }
        let mut nodes = match kind {
            "global_max_pool" => self.global_pool(i, name, "global_sum_pool")?,
            _ => vec![(name.to_string(), NodeKind::SumPool2d(pool(settings)))],
        };
        let threshold = Array::filled(layers[i].output_shape().dims(), 0.5, Element::F32);
        nodes.push((format!("{name} any"), NodeKind::Threshold(Threshold { threshold })));
        Ok(nodes)
    }

    fn global_pool(&self, i: usize, name: &str, kind: &str) -> Result<Vec<(String, NodeKind)>, Error> {
        let [_, height, width] = self.input(i)[..] else {
            return Err(Error::config(format!("layers.{i}"), "pools series, and NIR pools pictures alone"));
        };
        let pool = Pool2d { kernel_size: [height, width], stride: [height, width], padding: [0, 0] };
        let pool = if kind == "global_sum_pool" { NodeKind::SumPool2d(pool) } else { NodeKind::AvgPool2d(pool) };
        let channels = self.network.layers()[i].output_shape().dims().to_vec();
        let flat = flatten([channels, vec![1, 1]].concat());
        Ok(vec![(name.to_string(), pool), (format!("{name} flat"), NodeKind::Flatten(flat))])
    }

    /// A stored parameter of one, channel or neuron values, as one for each value of a sample.
    pub(super) fn per_value(&self, i: usize, name: &str) -> Result<Array, Error> {
        let shape = self.input(i);
        let count: usize = shape.iter().product();
        let values = self.stored(i, name).filter(|values| !values.is_empty());
        let values = values.ok_or_else(|| Error::config(format!("layers.{i}"), format!("has no `{name}`")))?;
        let each = count / values.len();
        let values = (0..count).map(|k| values[k / each.max(1)]).collect();
        let wrong = || Error::config(format!("layers.{i}"), format!("has a `{name}` that does not fit {shape:?}"));
        Array::new(shape.clone(), values, Element::F64).ok_or_else(wrong)
    }
}

fn flatten(input: Vec<usize>) -> Flatten {
    Flatten { start_dim: 0, end_dim: -1, input_type: Some(input) }
}

fn pool(settings: &Map<String, Value>) -> Pool2d {
    let kernel_size = per_axis(settings, "kernel", 1);
    let stride = match settings.get("stride") {
        None | Some(Value::Null) => kernel_size,
        Some(_) => per_axis(settings, "stride", 1),
    };
    Pool2d { kernel_size, stride, padding: per_axis(settings, "padding", 0) }
}

/// Weights that take the mean of each group of neighbours.
fn voting(outputs: usize, group: usize) -> Array {
    let inputs = outputs * group;
    let weight = |(o, k): (usize, usize)| if k / group == o { 1.0 / group as f64 } else { 0.0 };
    let values = (0..outputs).flat_map(|o| (0..inputs).map(move |k| (o, k))).map(weight).collect();
    Array::new([outputs, inputs], values, Element::F32).unwrap_or_else(|| Array::doubles(vec![]))
}
