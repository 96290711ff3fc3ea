//! `synfire info`: what is in a checkpoint.

mod parameter;
mod text;

use crate::run::Trained;
use crate::{inputs, output::Output};
use parameter::Parameter;
use serde::Serialize;
use std::path::{Path, PathBuf};
use synfire::checkpoint::{Checkpoint, Description};
use synfire::network::{Network, Node};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  synfire info runs/001-plif-digits/checkpoints/last.bpk
  synfire info network.safetensors --json")]
pub(crate) struct Args {
    /// Checkpoint, .bpk or .safetensors, or a run folder
    file: PathBuf,
}

pub(crate) fn run(args: &Args, output: Output) -> anyhow::Result<()> {
    let Trained { checkpoint, file, .. } = Trained::read(&args.file)?;
    let network = checkpoint.network(&inputs::device(None)?.1)?;
    output.print(&Info {
        file: &file,
        description: &checkpoint.description,
        training: training(&checkpoint),
        layers: layers(&checkpoint, &network),
    })
}

#[derive(Serialize)]
struct Info<'a> {
    file: &'a Path,
    description: &'a Description,
    /// `None`: for inference and fine-tuning only.
    training: Option<Training>,
    layers: Vec<LayerInfo>,
}

#[derive(Serialize)]
struct Training {
    epoch: usize,
    batch: usize,
    epochs: usize,
}

#[derive(Serialize)]
struct LayerInfo {
    name: String,
    about: String,
    parameters: Vec<Parameter>,
}

fn training(checkpoint: &Checkpoint) -> Option<Training> {
    let state = checkpoint.training_state().ok()?;
    Some(Training { epoch: state.position.epoch, batch: state.position.batch, epochs: state.options.epochs })
}

fn layers(checkpoint: &Checkpoint, network: &Network) -> Vec<LayerInfo> {
    let known = network.parameters();
    let layers = network.layers().iter().enumerate().map(|(i, layer)| {
        let name = format!("layers.{i}");
        let of_layer = |parameter: &str| parameter.strip_prefix(&name).is_some_and(|rest| rest.starts_with('.'));
        // in the network's order, which is not always the file's
        let named = known.iter().filter(|named| of_layer(&named.name));
        let parameters = named.filter_map(|named| {
            let stored = checkpoint.parameters.iter().find(|stored| stored.name == named.name)?;
            Some(Parameter::new(stored, named, layer))
        });
        LayerInfo { parameters: parameters.collect(), about: about(layer), name: name.clone() }
    });
    layers.collect()
}

/// `conv2d 1 -> 12, [1, 28, 28] -> [12, 24, 24]`
fn about(node: &Node) -> String {
    match node.input_shape() == node.output_shape() {
        true => format!("{}, {}", node.layer().describe(), node.output_shape()),
        false => format!("{}, {} -> {}", node.layer().describe(), node.input_shape(), node.output_shape()),
    }
}
