//! `synfire nir inspect`: what is in a file.

use crate::export::check_target;
use crate::output::Output;
use crate::picture_file;
use crate::table::Table;
use anyhow::bail;
use serde::Serialize;
use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use synfire::nir::{NodeSummary, Observable, ParameterSummary, Recorded, Summary, read};
use synfire::plot::{GraphNode, Picture, graph};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Nodes of nested graphs are shown with the path of their graph. Faults of exporters that can be mended are, and told.

Examples:
  synfire nir inspect net.nir
  synfire nir inspect net.nir --json
  synfire nir inspect net.nir --plot graph.svg")]
pub(crate) struct Args {
    /// File of NIR, a graph or recorded activity
    file: PathBuf,
    /// Picture of the graph to write, .svg or .png
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,
    /// Overwrite the picture if it exists
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: &Args, output: Output) -> anyhow::Result<()> {
    if let Some(plot) = &args.plot {
        picture_file::check(plot)?;
        check_target(plot, args.force)?;
    }
    let mut graph = match (read(&args.file), Recorded::read(&args.file)) {
        (Err(_), Ok(_)) if args.plot.is_some() => {
            bail!("--plot: {} is recorded activity, and no graph; leave it out", args.file.display())
        }
        (Err(_), Ok(recorded)) => return output.print(&Activity::of(&recorded)),
        (graph, _) => graph?,
    };
    let notes = graph.repair();
    let summary = graph.inlined().and_then(|flat| flat.summary());
    let summary = summary.map_err(|error| anyhow::anyhow!("{}: {error}", args.file.display()))?;
    if let Some(plot) = &args.plot {
        picture_file::write(&picture(&summary, &args.file), plot)?;
    }
    output.print(&Shown { summary, notes })
}

/// The nodes as boxes.
fn picture(summary: &Summary, file: &Path) -> Picture {
    let index: HashMap<&str, usize> = summary.nodes.iter().map(|node| node.name.as_str()).zip(0..).collect();
    let node = |node: &NodeSummary| {
        let name = match node.name.to_lowercase() == node.kind.to_lowercase() {
            true => node.kind.to_string(),
            false => format!("{} {}", node.kind, node.name),
        };
        GraphNode::with_shapes(name, &node.input, &node.output)
    };
    let mut nodes: Vec<GraphNode> = summary.nodes.iter().map(node).collect();
    for [from, to] in &summary.edges {
        if let (Some(&from), Some(&to)) = (index.get(from.as_str()), index.get(to.as_str())) {
            nodes[to].inputs.push(from);
        }
    }
    graph(&file.file_name().unwrap_or_default().to_string_lossy(), &nodes)
}

#[derive(Serialize)]
struct Shown {
    #[serde(flatten)]
    summary: Summary,
    notes: Vec<String>,
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(version) = &self.summary.version {
            writeln!(f, "written by nir {version}")?;
        }
        let mut table = Table::new(["node", "type", "input", "output", "listens to", "parameters"]);
        for node in &self.summary.nodes {
            let senders = self.summary.edges.iter().filter(|[_, to]| *to == node.name).map(|[from, _]| from.clone());
            let parameters: Vec<String> = node.parameters.iter().map(parameter).chain(node.settings.clone()).collect();
            let [input, output] = [&node.input, &node.output].map(|shape| format!("{shape:?}"));
            table.row([
                node.name.clone(),
                node.kind.to_string(),
                input,
                output,
                senders.collect::<Vec<_>>().join(", "),
                parameters.join(", "),
            ]);
        }
        write!(f, "{table}")?;
        self.notes.iter().try_for_each(|note| writeln!(f, "note: {note}"))
    }
}

/// Recorded activity.
#[derive(Serialize)]
struct Activity {
    recorded: Vec<Trace>,
}

#[derive(Serialize)]
struct Trace {
    node: String,
    observable: String,
    /// Samples, steps and neurons; of events their number.
    shape: Vec<usize>,
    /// Time step in seconds, or the length of a recording of events.
    seconds: f64,
    range: Option<[f64; 2]>,
}

impl Activity {
    fn of(recorded: &Recorded) -> Self {
        let all = recorded
            .nodes
            .iter()
            .flat_map(|(node, observables)| observables.iter().map(move |(o, data)| (node, o, data)));
        let trace = |(node, observable, data): (&String, &String, &Observable)| {
            let (array, seconds) = match data {
                Observable::Gridded { data, dt } => (data, *dt),
                Observable::Events { time, duration, .. } => (time, *duration),
            };
            let (node, observable, shape) = (node.clone(), observable.clone(), array.shape().to_vec());
            Trace { node, observable, shape, seconds, range: array.range() }
        };
        Activity { recorded: all.map(trace).collect() }
    }
}

impl fmt::Display for Activity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new(["node", "observable", "shape", "seconds", "range"]);
        for Trace { node, observable, shape, seconds, range } in &self.recorded {
            let range = range.map_or_else(String::new, |[low, high]| format!("{} to {}", short(low), short(high)));
            table.row([node.clone(), observable.clone(), format!("{shape:?}"), short(*seconds), range]);
        }
        write!(f, "{table}")
    }
}

/// `tau [40] 0.002`, or with the smallest and the largest value.
fn parameter(parameter: &ParameterSummary) -> String {
    let ParameterSummary { name, shape, range, .. } = parameter;
    match range {
        None => format!("{name} {shape:?}"),
        Some([low, high]) if low == high => format!("{name} {shape:?} {}", short(*low)),
        Some([low, high]) => format!("{name} {shape:?} {} to {}", short(*low), short(*high)),
    }
}

/// A number with four digits.
fn short(value: f64) -> String {
    let rounded = format!("{value:.3e}").parse().unwrap_or(value);
    let plain = format!("{rounded}");
    if plain.len() > 8 { format!("{rounded:e}") } else { plain }
}
