//! The network as a drawn graph: layers with their inputs, shapes and parameters.

use crate::figure::{Csv, Figure};
use crate::trained::Trained;
use synfire::network::Node;
use synfire::parameters::parameters;
use synfire::plot::{GraphNode, graph as draw};

/// The samples, the layers and the outputs, each below those that it listens to.
pub(crate) fn graph(trained: &Trained) -> Figure {
    let (network, config) = (&trained.network, trained.network.config());
    let parameters = parameters(network);
    let own = |node: &Node| -> Vec<String> {
        let prefix = format!("{}.", node.path());
        let named = parameters.iter().filter_map(|p| Some((p.name.strip_prefix(&prefix)?, &p.shape)));
        let shown = |(name, shape): (&str, &Vec<usize>)| match shape[..] {
            [1] => name.to_string(),
            _ => format!("{name} {shape:?}"),
        };
        named.map(shown).collect()
    };
    let time = format!("encoder {}, {} steps of {} ms", config.encoder.name(), config.steps, config.dt);
    let input = GraphNode::with_shapes("input", network.input(), network.input());
    let mut nodes = vec![with_words(input, &time)];
    let mut csv = Csv::new(["layer", "about", "inputs", "input_shape", "output_shape", "parameters"]);
    for node in network.layers() {
        let name = node.name().unwrap_or(node.path());
        let (input, output) = (node.input_shape().dims(), node.output_shape().dims());
        let shapes = GraphNode::with_shapes(format!("{name}: {}", node.layer().describe()), input, output);
        let inputs: Vec<usize> = node.sources().map(|source| source.map_or(0, |layer| layer + 1)).collect();
        let heard = inputs.iter().map(|&i| i.checked_sub(1).map_or("input", |i| network.layers()[i].path()));
        let heard = heard.collect::<Vec<_>>().join(" ");
        let parameters = own(node).join(", ");
        let [input, output] = [input, output].map(|shape| format!("{shape:?}"));
        csv.row([node.path(), &node.layer().describe(), &heard, &input, &output, &parameters]);
        nodes.push(GraphNode { inputs, ..with_words(shapes, &parameters) });
    }
    let outputs = GraphNode::with_shapes("output", &[network.classes()], &[network.classes()]);
    let decoder = format!("decoder {}", config.decoder.name());
    nodes.push(GraphNode { inputs: vec![network.layers().len()], ..with_words(outputs, &decoder) });
    Figure { picture: draw(&format!("The network of {}", trained.id), &nodes), csv: csv.finish() }
}

/// Adds words to the note of a node.
fn with_words(node: GraphNode, words: &str) -> GraphNode {
    let note = [node.note.as_str(), words].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("   ");
    GraphNode { note, ..node }
}
