//! What leads where in a network, and in which order it runs.

use super::{DelayConfig, LayerConfig, NetworkConfig};
use crate::Error;
use core::ops::RangeInclusive;

/// Where a layer's input comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    /// The encoded sample.
    Input,
    /// A layer.
    Layer(usize),
}

/// What runs at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// A layer over all steps.
    Whole(usize),
    /// Layers that act on each other, `block` steps at a time: as many as every delay among them.
    Loop { layers: Vec<usize>, block: usize },
}

/// The layers' inputs, sizes and order.
#[derive(Clone, Debug)]
pub(super) struct Graph {
    pub(super) inputs: Vec<Vec<From>>,
    /// Number of outputs of each layer.
    pub(super) widths: Vec<usize>,
    /// Number of numbers of an encoded sample.
    features: usize,
    pub(super) parts: Vec<Part>,
}

impl NetworkConfig {
    /// Names and shapes of all weights of a network for samples of so many numbers, without building it.
    ///
    /// # Errors
    ///
    /// As [`init`](NetworkConfig::init).
    pub(crate) fn weights(&self, numbers: usize, classes: usize) -> Result<Vec<(String, [usize; 2])>, Error> {
        self.check()?;
        let features = self.encoder.inputs(numbers, self.window());
        let features = features.map_err(|problem| Error::config("network.encoder", problem))?;
        let graph = Graph::of(self, features, classes)?;
        let mut weights = Vec::new();
        for (i, layer) in self.layers.iter().enumerate() {
            let (inputs, outputs) = (graph.inputs_of(i), graph.widths[i]);
            match layer {
                LayerConfig::Linear { .. } => weights.push((format!("layers.{i}.weight"), [inputs, outputs])),
                LayerConfig::Neuron { recurrent: Some(_), .. } => {
                    weights.push((format!("layers.{i}.recurrent.weight"), [outputs, outputs]));
                }
                _ => {}
            }
        }
        Ok(weights)
    }
}

/// Most outputs of a layer without weights.
const MOST_OUTPUTS: usize = 1 << 24;

impl Graph {
    /// Refuses what cannot be built.
    pub(super) fn of(config: &NetworkConfig, features: usize, classes: usize) -> Result<Self, Error> {
        let inputs = inputs(&config.layers)?;
        let delays = delays(config)?;
        let parts = parts(&config.layers, &inputs, &delays)?;
        let mut graph = Graph { inputs, widths: vec![0; config.layers.len()], features, parts };
        graph.find_widths(&config.layers, classes)?;
        Ok(graph)
    }

    /// Number of numbers that come from there.
    pub(super) fn width(&self, from: From) -> usize {
        match from {
            From::Input => self.features,
            From::Layer(i) => self.widths[i],
        }
    }

    /// Number of inputs of a layer; 0 for a generator.
    pub(super) fn inputs_of(&self, layer: usize) -> usize {
        self.inputs[layer].first().map_or(0, |&from| self.width(from))
    }

    fn find_widths(&mut self, layers: &[LayerConfig], classes: usize) -> Result<(), Error> {
        let mut waiting = Vec::new();
        for (i, layer) in layers.iter().enumerate() {
            match layer {
                LayerConfig::Linear { linear, .. } => self.widths[i] = linear.resolve(classes),
                LayerConfig::Generator { neurons, .. } if (1..=MOST_OUTPUTS).contains(neurons) => {
                    self.widths[i] = *neurons;
                }
                LayerConfig::Generator { neurons, .. } => {
                    let problem = format!("`neurons` is {neurons}; expected 1 to {MOST_OUTPUTS}");
                    return Err(Error::config(format!("layers.{i}"), problem));
                }
                LayerConfig::Neuron { .. } | LayerConfig::Module { .. } => waiting.push(i),
            }
        }
        // forwards, and again where something comes from behind
        while !waiting.is_empty() {
            let before = waiting.len();
            waiting.retain(|&i| {
                let known = self.inputs[i].iter().map(|&from| self.width(from)).find(|&width| width > 0);
                self.widths[i] = known.unwrap_or(0);
                known.is_none()
            });
            if waiting.len() == before {
                let problem = "has inputs of no known size; put a `linear` layer before it";
                return Err(Error::config(format!("layers.{}", waiting[0]), problem));
            }
        }
        for (i, inputs) in self.inputs.iter().enumerate() {
            let mut widths = inputs.iter().map(|&from| self.width(from));
            let Some(first) = widths.next() else { continue };
            if let Some(other) = widths.find(|&width| width != first) {
                let problem =
                    format!("sums inputs of {first} and of {other} numbers; make the `linear` layers before it alike");
                return Err(Error::config(format!("layers.{i}"), problem));
            }
        }
        Ok(())
    }
}

/// The inputs of each layer by its words.
fn inputs(layers: &[LayerConfig]) -> Result<Vec<Vec<From>>, Error> {
    let mut names = std::collections::BTreeMap::from([("input".to_string(), From::Input)]);
    for (i, layer) in layers.iter().enumerate() {
        names.insert(format!("layers.{i}"), From::Layer(i));
        let Some(name) = &layer.wiring().name else { continue };
        let is_number = name.strip_prefix("layers.").is_some();
        if name.is_empty() || is_number || names.insert(name.clone(), From::Layer(i)).is_some() {
            let problem = format!("`name = \"{name}\"` is taken or means something else; choose another name");
            return Err(Error::config(format!("layers.{i}"), problem));
        }
    }
    let before = |i: usize| if i == 0 { From::Input } else { From::Layer(i - 1) };
    let mut all = Vec::with_capacity(layers.len());
    for (i, layer) in layers.iter().enumerate() {
        let place = format!("layers.{i}");
        all.push(match (&layer.wiring().inputs, layer) {
            (_, LayerConfig::Generator { .. }) => vec![],
            (None, _) => vec![before(i)],
            (Some(given), _) if given.is_empty() => {
                return Err(Error::config(place, "`inputs` is empty; name what leads to the layer, or leave it out"));
            }
            (Some(given), _) => {
                let mut found = Vec::with_capacity(given.len());
                for name in given {
                    let from = names.get(name).copied().ok_or_else(|| {
                        Error::unknown("layer", name, &format!("the inputs of {place}"), names.keys().cloned())
                    })?;
                    if found.contains(&from) {
                        return Err(Error::config(place, format!("has the input `{name}` twice; keep one of them")));
                    }
                    found.push(from);
                }
                found
            }
        });
    }
    Ok(all)
}

/// The delay in steps of what a layer receives, and that of its connections with itself.
struct Late {
    input: RangeInclusive<usize>,
    recurrent: Option<usize>,
}

fn delays(config: &NetworkConfig) -> Result<Vec<Late>, Error> {
    let default = DelayConfig::Steps(config.delay);
    let late = |(i, layer): (usize, &LayerConfig)| {
        let place = format!("layers.{i}");
        let window = config.window();
        Ok(match layer {
            LayerConfig::Linear { delay, .. } => {
                Late { input: delay.as_ref().unwrap_or(&default).steps(&place, window)?, recurrent: None }
            }
            LayerConfig::Neuron { recurrent: Some(recurrent), .. } => {
                if recurrent.delay == 0 {
                    let problem = "is 0; neurons reach themselves one step later at the earliest: 1 or more";
                    return Err(Error::config(format!("{place}.recurrent.delay"), problem));
                }
                if !(recurrent.gain > 0.0 && recurrent.gain.is_finite()) {
                    let problem = format!("is {}; expected a number above 0", recurrent.gain);
                    return Err(Error::config(format!("{place}.recurrent.gain"), problem));
                }
                DelayConfig::Steps(recurrent.delay).steps(&format!("{place}.recurrent"), window)?;
                Late { input: 0..=0, recurrent: Some(recurrent.delay) }
            }
            _ => Late { input: 0..=0, recurrent: None },
        })
    };
    config.layers.iter().enumerate().map(late).collect()
}

/// The parts in an order in which each has what it needs.
fn parts(layers: &[LayerConfig], inputs: &[Vec<From>], delays: &[Late]) -> Result<Vec<Part>, Error> {
    let before: Vec<Vec<usize>> = inputs.iter().map(|from| from.iter().filter_map(layer_of).collect()).collect();
    let forwards = before.iter().enumerate().all(|(i, before)| before.iter().all(|&j| j < i));
    let groups = if forwards { (0..layers.len()).map(|i| vec![i]).collect() } else { components(&before) };
    let mut parts = Vec::with_capacity(groups.len());
    for group in groups {
        let inside = |i: usize| before[i].iter().copied().filter(|j| group.contains(j));
        let mut shortest = group.iter().filter_map(|&i| delays[i].recurrent).min();
        for &i in group.iter().filter(|&&i| inside(i).next().is_some()) {
            let least = *delays[i].input.start();
            shortest = if least == 0 { shortest } else { Some(shortest.map_or(least, |s| s.min(least))) };
        }
        let at_once =
            |i: usize| -> Vec<usize> { if *delays[i].input.start() == 0 { inside(i).collect() } else { vec![] } };
        // in a loop, what arrives in the same step comes first
        let mut order: Vec<usize> = Vec::with_capacity(group.len());
        while order.len() < group.len() {
            let ready = |i: &&usize| !order.contains(i) && at_once(**i).iter().all(|j| order.contains(j));
            let Some(&next) = group.iter().find(ready) else {
                let stuck = group.iter().find(|i| !order.contains(i)).copied().unwrap_or_default();
                let problem = "is in a loop without delay; give one of the `linear` layers in it `delay = 1` (a learned \
                               one `min` of one step)";
                return Err(Error::config(format!("layers.{stuck}"), problem));
            };
            order.push(next);
        }
        parts.push(match (order.as_slice(), shortest) {
            (&[i], None) => Part::Whole(i),
            (_, shortest) => Part::Loop { layers: order, block: shortest.unwrap_or(1) },
        });
    }
    Ok(parts)
}

fn layer_of(from: &From) -> Option<usize> {
    match from {
        From::Input => None,
        From::Layer(i) => Some(*i),
    }
}

/// Layers that act on each other together, each group after those that it needs (Kosaraju 1978).
fn components(before: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut after = vec![vec![]; before.len()];
    for (i, before) in before.iter().enumerate() {
        before.iter().for_each(|&j| after[j].push(i));
    }
    let mut seen = vec![false; before.len()];
    let mut order = Vec::with_capacity(before.len());
    (0..before.len()).for_each(|root| visit(&after, root, &mut seen, &mut order));
    let mut seen = vec![false; before.len()];
    let mut groups = Vec::new();
    for &root in order.iter().rev() {
        let mut group = vec![];
        visit(before, root, &mut seen, &mut group);
        group.sort_unstable();
        if !group.is_empty() {
            groups.push(group);
        }
    }
    groups
}

/// All that is reached from `root` and not seen yet, each after what it reaches.
fn visit(next: &[Vec<usize>], root: usize, seen: &mut [bool], order: &mut Vec<usize>) {
    let mut path = vec![];
    if !std::mem::replace(&mut seen[root], true) {
        path.push((root, 0));
    }
    while let Some((i, done)) = path.pop() {
        match next[i].get(done) {
            Some(&j) => {
                path.push((i, done + 1));
                if !std::mem::replace(&mut seen[j], true) {
                    path.push((j, 0));
                }
            }
            None => order.push(i),
        }
    }
}
