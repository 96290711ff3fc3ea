//! `synfire export`: a trained network for other programs.

mod checkpoints;
mod format;
mod nir;
mod npz;
mod peer;

pub(crate) use format::{check_target, checkpoint_format};

use crate::run::Trained;
use crate::{inputs, output::Output};
use format::{Exported, FORMATS, by_extension, named};
use serde::Serialize;
use std::fmt;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
burnpack and safetensors are checkpoints, without the state of the training: this program reads them again. Their weights
are as PyTorch has them, [outputs, inputs], neuron parameters in the model's units, and the description is in the metadata.
npz has the same arrays for NumPy, nir is the graph for frameworks and chips. snntorch and spikingjelly write a state dict (.safetensors) for `load_state_dict`, and
beside it the module in Python (.py).

Examples:
  synfire export runs/001-plif-digits --out network.safetensors
  synfire export runs/001-plif-digits --format snntorch --out net.safetensors
  synfire export network.safetensors --out network.bpk --force")]
pub(crate) struct Args {
    /// Checkpoint, .bpk or .safetensors, or a run folder
    file: PathBuf,
    /// File to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Format; told by the extension (.bpk, .safetensors, .nir, .npz) if not given
    #[arg(long, value_name = "NAME", value_parser = clap::builder::PossibleValuesParser::new(FORMATS.map(|format| {
        clap::builder::PossibleValue::new(format.name()).help(format.about())
    })))]
    format: Option<String>,
    /// Overwrite the file if it exists
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(args: &Args, output: Output) -> anyhow::Result<()> {
    let format = match &args.format {
        Some(name) => named(name)?,
        None => by_extension(&args.out)?,
    };
    for file in format.files(&args.out) {
        check_target(&file, args.force)?;
    }
    let checkpoint = Trained::read(&args.file)?.checkpoint.inference_only();
    // what cannot be loaded again is not worth writing
    checkpoint.network(&inputs::device(None)?.1)?;
    let exported = format.export(&checkpoint, &args.out)?;
    output.print(&Written { format: format.name(), exported })
}

#[derive(Serialize)]
struct Written {
    format: &'static str,
    #[serde(flatten)]
    exported: Exported,
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Exported { files, notes, text } = &self.exported;
        if let Some(text) = text {
            writeln!(f, "{text}")?;
        }
        for note in notes {
            writeln!(f, "note: {note}")?;
        }
        for file in files {
            writeln!(f, "written {}", file.display())?;
        }
        Ok(())
    }
}
