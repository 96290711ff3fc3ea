//! `synfire import`: a network that another framework trained.

mod description;
mod shown;

use crate::inputs;
use crate::output::{Output, note};
use anyhow::bail;
use description::Described;
use shown::Shown;
use std::path::PathBuf;
use synfire::exchange::{Framework, Importer, StateDict, StateMap};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
A state dict has weights, but not the order of the layers, the kind of their neurons or the encoder: the file given with
--network has, a configuration of `synfire train` or its [network] alone. No code in a .pt file is run.

The table tells what became of each parameter and each tensor. `synfire eval`, `predict`, `train --init` and `export` take
the result.

Examples:
  synfire import snn.pt --network net.toml --out net.bpk
  synfire import snn.pt --network net.toml --data datasets/mnist --out net.bpk
  synfire import net.safetensors --network net.toml --map map.toml --out net.bpk
  synfire train --init net.bpk --data datasets/mnist --train-only '*.tau'")]
pub(crate) struct Args {
    /// State dict, .pt, .pth or .safetensors
    file: PathBuf,
    /// Description of the network, TOML or JSON
    #[arg(long, value_name = "FILE")]
    network: PathBuf,
    /// Checkpoint to write, .bpk or .safetensors
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Framework that wrote it; told by the names of the tensors if not given
    #[arg(long, value_name = "NAME", value_parser = framework)]
    from: Option<Framework>,
    /// Map of tensors to parameters, TOML; it overrides what is paired by name and order
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// Data set that the network is for, which tells the shape of a sample and the classes
    #[arg(long, value_name = "PATH", conflicts_with = "input")]
    data: Option<PathBuf>,
    /// Shape of a sample, such as 1,28,28
    #[arg(long, value_name = "SHAPE", value_delimiter = ',', value_parser = crate::number::whole::<usize>)]
    input: Vec<usize>,
    /// Import what fits: weights without a tensor are drawn at random, tensors without a place are left out
    #[arg(long)]
    partial: bool,
    /// Overwrite the file if it exists
    #[arg(long)]
    force: bool,
}

fn framework(name: &str) -> Result<Framework, String> {
    let known = Framework::ALL.map(Framework::name);
    let found = Framework::ALL.into_iter().find(|framework| framework.name() == name);
    found.ok_or_else(|| format!("expected one of {}", known.join(", ")))
}

pub(crate) fn run(args: &Args, output: Output) -> anyhow::Result<()> {
    let format = crate::export::checkpoint_format(&args.out)?;
    crate::export::check_target(&args.out, args.force)?;
    let Described { config, options } = description::read(&args.network)?;
    let mut map = args.map.as_deref().map(StateMap::read).transpose()?.unwrap_or_default();
    map.from = args.from.or(map.from);
    let mut importer = Importer::new(config).map(map);
    match &args.data {
        Some(path) => {
            let data = inputs::data(Some(path), &options)?;
            importer = importer.input(data.train.sample_shape()).outputs(data.outputs());
        }
        None if !args.input.is_empty() => importer = importer.input(&args.input),
        None => {}
    }
    let imported = importer.import(&StateDict::read(&args.file)?)?;
    let report = imported.report.clone();
    let checkpoint = if args.partial { imported.partial() } else { imported.complete() };
    let checkpoint = match checkpoint {
        Ok(checkpoint) => checkpoint.with_data(options),
        Err(error) if output.is_json() => bail!(error),
        Err(error) => {
            note!("{}", Shown { report: &report, written: None });
            bail!(error)
        }
    };
    format.write(&checkpoint, &args.out)?;
    output.print(&Shown { report: &report, written: Some(&args.out) })
}
