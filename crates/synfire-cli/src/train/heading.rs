//! The table that is printed before a training begins.

use super::{plan::RunPlan, taus};
use crate::output::note;
use crate::table::Table;
use crate::words;
use burn::module::Module;
use synfire::device::is_gpu;
use synfire::network::Network;
use synfire::parameters::NamedParameter;
use synfire::train::ShardCount;

/// Device, data, network and what learns, on stderr.
pub(super) fn print(plan: &RunPlan) {
    let network = plan.training.model();
    let mut table = Table::default();
    let mut row = |name: &str, value: String| table.row([name.to_string(), value]);
    row("device", plan.device_name.clone());
    row("data", data(plan));
    row("network", summary(&network));
    row("learns", learning(plan.training.learning()));
    let frozen = frozen(&network, plan.training.learning());
    if !frozen.is_empty() {
        row("frozen", frozen.join(", "));
    }
    let taus = plan.training.time_constants();
    if !taus.is_empty() {
        let tau = |(name, value): &(String, f64)| format!("{name} {}", taus::value(*value, taus::unit(&network, name)));
        row("taus", taus.iter().map(tau).collect::<Vec<_>>().join(", "));
    }
    if let done @ 1.. = plan.training.history().len() {
        row("resumed", format!("after epoch {done} of {}", plan.training.options().epochs));
    }
    if let (ranks @ 2.., Some(shards)) = (plan.training.ranks().size(), plan.training.options().shards) {
        let shards = match shards {
            ShardCount::Fixed(shards) => format!("{shards} shards of every batch"),
            ShardCount::Ranks => "every batch, in an order of sums that depends on their number".to_string(),
        };
        row("ranks", format!("{ranks} share {shards}"));
    }
    row("run", plan.folder.path().display().to_string());
    note!("{table}");
    let layers = network.layers().iter().filter_map(|node| node.neurons().map(|neurons| (node.path(), neurons)));
    for (path, warning) in layers.filter_map(|(path, neurons)| Some((path, neurons.warning()?))) {
        note!("warning: {path}: {warning}");
    }
    if plan.training.sample_range().is_some_and(|samples| samples.is_dark()) {
        note!("warning: the samples are bytes of 0 and 1, read as 0 and 1/255; store them as 0 and 255, or as floats");
    }
    let precision = network.config().precision.name();
    if precision != "f32" && !network.devices().iter().any(is_gpu) {
        note!("warning: on a CPU the precision {precision} is only slower and less exact than f32; it is for GPUs");
    }
}

/// `digits: 1437 training and 360 test samples of 8 x 8, 10 classes`
fn data(plan: &RunPlan) -> String {
    let data = &plan.data;
    format!(
        "{}: {} training and {} test samples of {}, {}",
        data.name,
        data.train.len(),
        data.test.len(),
        words::shape(data.train.sample_shape()),
        words::targets(data)
    )
}

/// `64 -> 128 plif -> 10 plif, 20 steps of 1 ms, constant -> spike_counts`
fn summary(network: &Network) -> String {
    let mut layers = network.input().iter().product::<usize>().to_string();
    for node in network.layers() {
        let arrow = if node.output_shape() == node.input_shape() { "" } else { " ->" };
        layers += &format!("{arrow} {}", node.layer().describe());
    }
    let config = network.config();
    let (encoder, decoder) = (words::coding(&config.encoder), words::coding(&config.decoder));
    format!("{layers}; {} steps of {} ms, encoder {encoder}, decoder {decoder}", config.steps, config.dt)
}

/// `9612 values: weight, bias, tau_m`
fn learning(parameters: &[NamedParameter]) -> String {
    let values: usize = parameters.iter().map(|p| p.count).sum();
    let mut names: Vec<&str> = Vec::new();
    for p in parameters {
        let short = p.name.splitn(3, '.').nth(2).unwrap_or(&p.name);
        if !names.contains(&short) {
            names.push(short);
        }
    }
    format!("{values} values: {}", names.join(", "))
}

/// Names of learnable parameters that are frozen.
fn frozen(network: &Network, learning: &[NamedParameter]) -> Vec<String> {
    let learns = |name: &str| learning.iter().any(|p| p.name == name);
    network.parameters().into_iter().filter(|p| p.learnable && !learns(&p.name)).map(|p| p.name).collect()
}
