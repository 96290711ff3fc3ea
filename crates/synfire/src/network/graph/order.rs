//! Order in which the layers of a network run.

use super::components::components;
use crate::Error;
use crate::network::description::{DelayConfig, LayerConfig, NetworkConfig};
use crate::network::node::Origin;
use std::collections::BTreeMap;

/// Layers that run together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::network) enum Stage {
    /// One layer, over all steps at once.
    FeedForward(usize),
    /// A convolution and the max pool behind it, over all steps at once, as one operation.
    Pooled([usize; 2]),
    /// Layers that listen to each other in a cycle, one step at a time in this order.
    Cycle(Vec<usize>),
}

/// Inputs of all layers, and the order in which they run.
#[derive(Clone, Debug)]
pub(in crate::network) struct Order {
    /// Of each layer of the description.
    pub(in crate::network) inputs: Vec<Vec<Origin>>,
    /// First to last.
    pub(in crate::network) stages: Vec<Stage>,
}

/// Name of the encoded samples.
const SAMPLE: &str = "input";
/// Finding cycles goes as deep as there are layers.
const MOST_LAYERS: usize = 10_000;

impl Order {
    /// Finds inputs by name and puts the layers in order.
    ///
    /// # Errors
    ///
    /// Names that nothing has or that two layers have, and cycles without a delay.
    pub(in crate::network) fn of(config: &NetworkConfig) -> Result<Self, Error> {
        let layers = &config.layers;
        if layers.len() > MOST_LAYERS {
            let problem = format!("there are {}; expected at most {MOST_LAYERS}", layers.len());
            return Err(Error::config("network.layers", problem));
        }
        let names = names(layers)?;
        let inputs = (0..layers.len()).map(|i| origins(i, &layers[i], &names)).collect::<Result<Vec<_>, _>>()?;
        let delays = layers.iter().enumerate().map(|(i, layer)| whole_delay(i, layer, config));
        let delays = delays.collect::<Result<Vec<usize>, _>>()?;
        let all = |i: usize| nodes(&inputs[i]);
        // inputs that are needed in the step in which they are sent
        let now = |i: usize| if delays[i] == 0 { nodes(&inputs[i]) } else { vec![] };
        let mut stages = vec![];
        for members in components(layers.len(), &all) {
            let first = members[0];
            if members.len() == 1 && !all(first).contains(&first) {
                stages.push(Stage::FeedForward(first));
                continue;
            }
            if let Some(i) = members.iter().find(|&&i| matches!(layers[i].delay, Some(DelayConfig::Between(_)))) {
                let problem = "`delay` lies between steps in a cycle of layers; give it a whole number of steps";
                return Err(Error::config(format!("layers.{i}"), problem));
            }
            let inside = |i: usize| if members.contains(&i) { now(i) } else { vec![] };
            let order = components(layers.len(), &inside).into_iter().filter(|order| members.contains(&order[0]));
            let order = order.map(|cycle| match cycle[..] {
                [one] if !inside(one).contains(&one) => Ok(one),
                _ => Err(no_delay(&cycle)),
            });
            stages.push(Stage::Cycle(order.collect::<Result<_, _>>()?));
        }
        Ok(Order { inputs, stages })
    }

    /// Layers that listen to `origin`.
    pub(in crate::network) fn listeners(&self, origin: Origin) -> usize {
        self.inputs.iter().flatten().filter(|input| **input == origin).count()
    }
}

/// Whole steps after which the inputs of a layer arrive.
pub(in crate::network) fn whole_delay(i: usize, layer: &LayerConfig, config: &NetworkConfig) -> Result<usize, Error> {
    let (steps, place) = match layer.delay {
        Some(delay) => {
            let place = format!("layers.{i}.delay");
            (delay.whole_steps(config.dt).map_err(|problem| Error::config(&place, problem))?, place)
        }
        None if layer.kind.is_connection() => (config.delay, "network.delay".to_string()),
        None => (0, String::new()),
    };
    if steps >= config.steps.max(1) {
        let problem = format!(
            "is {steps} steps, a sample has {}: nothing would arrive before its end; expected a shorter delay or more `steps`",
            config.steps
        );
        return Err(Error::config(place, problem));
    }
    Ok(steps)
}

fn no_delay(cycle: &[usize]) -> Error {
    let names: Vec<String> = cycle.iter().map(|i| format!("layers.{i}")).collect();
    let problem = format!(
        "{} listen to each other in a cycle without delay; set `delay = 1` in one of them",
        names.join(" and ")
    );
    Error::config("network.layers", problem)
}

fn names(layers: &[LayerConfig]) -> Result<BTreeMap<String, Origin>, Error> {
    let mut names = BTreeMap::from([(SAMPLE.to_string(), Origin::Sample)]);
    names.extend((0..layers.len()).map(|i| (format!("layers.{i}"), Origin::Node(i))));
    for (i, name) in layers.iter().enumerate().filter_map(|(i, layer)| Some((i, layer.name.as_ref()?))) {
        if names.insert(name.clone(), Origin::Node(i)).is_some() {
            let problem = format!("the name `{name}` is taken; choose another one");
            return Err(Error::config(format!("layers.{i}.name"), problem));
        }
    }
    Ok(names)
}

fn origins(i: usize, layer: &LayerConfig, names: &BTreeMap<String, Origin>) -> Result<Vec<Origin>, Error> {
    if layer.inputs.is_empty() {
        return Ok(vec![i.checked_sub(1).map_or(Origin::Sample, Origin::Node)]);
    }
    let find = |name: &String| {
        let unknown = || Error::unknown("input", name, &format!("layers.{i}"), names.keys().cloned());
        names.get(name).copied().ok_or_else(unknown)
    };
    layer.inputs.iter().map(find).collect()
}

fn nodes(origins: &[Origin]) -> Vec<usize> {
    let node = |origin: &Origin| match origin {
        Origin::Node(i) => Some(*i),
        Origin::Sample => None,
    };
    origins.iter().filter_map(node).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(layers: &str) -> Result<Order, Error> {
        Order::of(&toml::from_str(&format!("steps = 2\n{layers}")).unwrap())
    }

    const LINEAR: &str = "[[layers]]\nlinear = 4\n";
    const NEURONS: &str = "[[layers]]\nneuron = \"lif\"\n";

    #[test]
    fn a_stack_runs_whole_and_a_cycle_step_by_step() {
        let stack = order(&format!("{LINEAR}{NEURONS}{LINEAR}{NEURONS}")).unwrap();
        assert_eq!(stack.stages, [0, 1, 2, 3].map(Stage::FeedForward));
        assert_eq!(stack.inputs[0], [Origin::Sample]);
        // the connections from the last layer back are needed before the first neurons
        let feedback = "inputs = [\"layers.0\", \"back\"]\n";
        let back = format!("[[layers]]\nname = \"back\"\nlinear = 4\ninput = \"layers.1\"\ndelay = 1\n{LINEAR}");
        let cycle = order(&format!("{LINEAR}{NEURONS}{feedback}{back}input = \"layers.1\"\n{NEURONS}")).unwrap();
        let expected = [Stage::FeedForward(0), Stage::Cycle(vec![2, 1]), Stage::FeedForward(3), Stage::FeedForward(4)];
        assert_eq!(cycle.stages, expected);
        // a layer that is connected to itself runs its steps by itself
        let recurrent = order(&format!("{LINEAR}{NEURONS}recurrent = true\n")).unwrap();
        assert_eq!(recurrent.stages, [0, 1].map(Stage::FeedForward));
    }

    #[test]
    fn what_cannot_be_wired_is_refused_by_name() {
        let message = |layers: String| order(&layers).unwrap_err().to_string();
        let cycle = format!("{LINEAR}{NEURONS}inputs = [\"layers.0\", \"layers.2\"]\n{LINEAR}input = \"layers.1\"\n");
        assert!(message(cycle).contains("in a cycle without delay; set `delay = 1`"));
        let unknown = format!("[[layers]]\nname = \"hidden\"\nlinear = 4\n{NEURONS}input = \"hiden\"\n");
        assert!(message(unknown).contains("unknown input `hiden` in layers.1; did you mean `hidden`?"));
        let taken = format!("[[layers]]\nname = \"input\"\nlinear = 4\n{NEURONS}");
        assert_eq!(message(taken), "layers.0.name: the name `input` is taken; choose another one");
    }
}
