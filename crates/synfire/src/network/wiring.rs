//! What listens to what, and in which order layers run.

use super::components::components;
use super::config::{DelayConfig, LayerConfig, LayerKind, NetworkConfig};
use crate::Error;
use std::collections::BTreeMap;

/// Where an input of a layer comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Origin {
    /// The encoded samples.
    Sample,
    /// A layer by its number.
    Layer(usize),
}

/// The layers that run together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// One layer, over all steps at once.
    Whole(usize),
    /// Layers that listen to each other in a circle, one step at a time in this order.
    Loop(Vec<usize>),
}

/// A network's inputs and the order of its layers.
#[derive(Clone, Debug)]
pub(super) struct Wiring {
    /// Of each layer.
    pub(super) inputs: Vec<Vec<Origin>>,
    /// First to last.
    pub(super) stages: Vec<Stage>,
}

/// What the encoded samples are called.
const SAMPLE: &str = "input";
/// Finding loops goes as deep as there are layers.
const MOST_LAYERS: usize = 10_000;

impl Wiring {
    pub(super) fn of(config: &NetworkConfig) -> Result<Self, Error> {
        let layers = &config.layers;
        if layers.len() > MOST_LAYERS {
            let problem = format!("there are {}; expected at most {MOST_LAYERS}", layers.len());
            return Err(Error::config("network.layers", problem));
        }
        let names = names(layers)?;
        let inputs = (0..layers.len()).map(|i| origins(i, &layers[i], &names)).collect::<Result<Vec<_>, _>>()?;
        let all = |i: usize| of_layers(&inputs[i]);
        // what a layer needs of the same step
        let now = |i: usize| if delay(&layers[i], config.delay) == 0 { of_layers(&inputs[i]) } else { vec![] };
        let mut stages = vec![];
        for members in components(layers.len(), &all) {
            let first = members[0];
            if members.len() == 1 && !all(first).contains(&first) && !is_recurrent(&layers[first]) {
                stages.push(Stage::Whole(first));
                continue;
            }
            if let Some(i) = members.iter().find(|&&i| is_between_steps(&layers[i])) {
                let problem = "`delay` lies between steps in a circle of layers; give it a whole number of steps";
                return Err(Error::config(format!("layers.{i}"), problem));
            }
            let inside = |i: usize| if members.contains(&i) { now(i) } else { vec![] };
            let order = components(layers.len(), &inside).into_iter().filter(|order| members.contains(&order[0]));
            let order = order.map(|circle| match circle[..] {
                [one] if !inside(one).contains(&one) => Ok(one),
                _ => Err(no_delay(&circle)),
            });
            stages.push(Stage::Loop(order.collect::<Result<_, _>>()?));
        }
        Ok(Wiring { inputs, stages })
    }

    /// How many layers listen to `origin`.
    pub(super) fn listeners(&self, origin: Origin) -> usize {
        self.inputs.iter().flatten().filter(|input| **input == origin).count()
    }
}

fn no_delay(circle: &[usize]) -> Error {
    let names: Vec<String> = circle.iter().map(|i| format!("layers.{i}")).collect();
    let problem = format!(
        "{} listen to each other in a circle without delay; set `delay = 1` in one of its linear layers",
        names.join(" and ")
    );
    Error::config("network.layers", problem)
}

fn names(layers: &[LayerConfig]) -> Result<BTreeMap<String, Origin>, Error> {
    let mut names = BTreeMap::from([(SAMPLE.to_string(), Origin::Sample)]);
    names.extend((0..layers.len()).map(|i| (format!("layers.{i}"), Origin::Layer(i))));
    for (i, name) in layers.iter().enumerate().filter_map(|(i, layer)| Some((i, layer.name.as_ref()?))) {
        if names.insert(name.clone(), Origin::Layer(i)).is_some() {
            let problem = format!("the name `{name}` is taken; choose another one");
            return Err(Error::config(format!("layers.{i}.name"), problem));
        }
    }
    Ok(names)
}

fn origins(i: usize, layer: &LayerConfig, names: &BTreeMap<String, Origin>) -> Result<Vec<Origin>, Error> {
    if layer.inputs.is_empty() {
        return Ok(vec![i.checked_sub(1).map_or(Origin::Sample, Origin::Layer)]);
    }
    let find = |name: &String| {
        let unknown = || Error::unknown("input", name, &format!("layers.{i}"), names.keys().cloned());
        names.get(name).copied().ok_or_else(unknown)
    };
    layer.inputs.iter().map(find).collect()
}

fn of_layers(origins: &[Origin]) -> Vec<usize> {
    let layer = |origin: &Origin| match origin {
        Origin::Layer(i) => Some(*i),
        Origin::Sample => None,
    };
    origins.iter().filter_map(layer).collect()
}

/// Whole steps after which a layer passes on what it hears.
pub(super) fn delay(layer: &LayerConfig, general: usize) -> usize {
    match layer.kind {
        LayerKind::Linear { delay: Some(DelayConfig::Steps(steps)), .. } => steps,
        LayerKind::Linear { delay: None, .. } => general,
        LayerKind::Linear { delay: Some(DelayConfig::Between(_)), .. }
        | LayerKind::Neuron { .. }
        | LayerKind::Module { .. } => 0,
    }
}

fn is_between_steps(layer: &LayerConfig) -> bool {
    matches!(layer.kind, LayerKind::Linear { delay: Some(DelayConfig::Between(_)), .. })
}

fn is_recurrent(layer: &LayerConfig) -> bool {
    matches!(layer.kind, LayerKind::Neuron { recurrent: Some(_), .. })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wiring(layers: &str) -> Result<Wiring, Error> {
        Wiring::of(&toml::from_str(&format!("steps = 2\n{layers}")).unwrap())
    }

    const LINEAR: &str = "[[layers]]\nlinear = 4\n";
    const NEURONS: &str = "[[layers]]\nneuron = \"lif\"\n";

    #[test]
    fn a_stack_runs_whole_and_a_circle_step_by_step() {
        let stack = wiring(&format!("{LINEAR}{NEURONS}{LINEAR}{NEURONS}")).unwrap();
        assert_eq!(stack.stages, [0, 1, 2, 3].map(Stage::Whole));
        assert_eq!(stack.inputs[0], [Origin::Sample]);
        // the connections from the last layer back are needed before the first neurons
        let feedback = "inputs = [\"layers.0\", \"back\"]\n";
        let back = format!("[[layers]]\nname = \"back\"\nlinear = 4\ninput = \"layers.1\"\ndelay = 1\n{LINEAR}");
        let circle = wiring(&format!("{LINEAR}{NEURONS}{feedback}{back}input = \"layers.1\"\n{NEURONS}")).unwrap();
        let order = [Stage::Whole(0), Stage::Loop(vec![2, 1]), Stage::Whole(3), Stage::Whole(4)];
        assert_eq!(circle.stages, order);
        let recurrent = wiring(&format!("{LINEAR}{NEURONS}recurrent = true\n")).unwrap();
        assert_eq!(recurrent.stages, [Stage::Whole(0), Stage::Loop(vec![1])]);
    }

    #[test]
    fn what_cannot_be_wired_is_refused_by_name() {
        let message = |layers: String| wiring(&layers).unwrap_err().to_string();
        let circle = format!("{LINEAR}{NEURONS}inputs = [\"layers.0\", \"layers.2\"]\n{LINEAR}input = \"layers.1\"\n");
        assert!(message(circle).contains("in a circle without delay; set `delay = 1`"));
        let unknown = format!("[[layers]]\nname = \"hidden\"\nlinear = 4\n{NEURONS}input = \"hiden\"\n");
        assert!(message(unknown).contains("unknown input `hiden` in layers.1; did you mean `hidden`?"));
        let taken = format!("[[layers]]\nname = \"input\"\nlinear = 4\n{NEURONS}");
        assert_eq!(message(taken), "layers.0.name: the name `input` is taken; choose another one");
    }
}
