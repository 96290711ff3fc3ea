//! `synfire export`: a trained network for other programs.

mod checkpoints;
mod format;
mod int8;
mod nir;
mod npz;
mod peer;
mod subject;

pub(crate) use format::{check_target, checkpoint_format};

use crate::number::whole;
use crate::run::Trained;
use crate::{inputs, output::Output};
use format::{Exported, FORMATS, by_extension, named};
use serde::Serialize;
use std::fmt;
use std::path::PathBuf;
use subject::Subject;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
burnpack and safetensors are checkpoints, without the state of the training: this program reads them again. Their weights
are as PyTorch has them, [outputs, inputs], neuron parameters in the model's units, and the description is in the metadata.
npz has the same arrays for NumPy, nir is the graph for frameworks and chips. snntorch and spikingjelly write a state dict
(.safetensors) for `load_state_dict`, and beside it the module in Python (.py). int8 has weights of 8 bits and runs in integers
alone: `synfire eval` and `predict` run it, and the crate synfire-int8 without the rest of Synfire.

Examples:
  synfire export runs/001-plif-digits --out network.safetensors
  synfire export runs/001-plif-digits --format snntorch --out net.safetensors
  synfire export network.safetensors --out network.bpk --force
  synfire export runs/001-plif-digits --out network.int8 --data datasets/mnist")]
pub(crate) struct Args {
    /// Checkpoint, .bpk or .safetensors, or a run folder
    file: PathBuf,
    /// File to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Format; told by the extension (.bpk, .safetensors, .int8, .nir, .npz) if not given
    #[arg(long, value_name = "NAME", value_parser = clap::builder::PossibleValuesParser::new(FORMATS.map(|format| {
        clap::builder::PossibleValue::new(format.name()).help(format.about())
    })))]
    format: Option<String>,
    /// Data set for int8, as `synfire train` takes it: the range of its inputs is found on the training samples, the accuracy
    /// that it costs is measured on the test samples; if not given that of the run folder, or the built-in digits
    #[arg(long, value_name = "PATH")]
    data: Option<PathBuf>,
    /// Number of test samples for int8, the first ones; all of them if not given
    #[arg(long, value_name = "N", value_parser = whole::<usize>, allow_negative_numbers = true)]
    samples: Option<usize>,
    /// Overwrite the file if it exists
    #[arg(long)]
    force: bool,
}

pub(crate) fn run(args: &Args, output: Output) -> anyhow::Result<()> {
    let format = match &args.format {
        Some(name) => named(name)?,
        None => by_extension(&args.out)?,
    };
    for (flag, given) in [("data", args.data.is_some()), ("samples", args.samples.is_some())] {
        anyhow::ensure!(
            !given || format.reads_data(),
            "--{flag}: the format {} reads no data; leave it out, or give --format int8",
            format.name()
        );
    }
    for file in format.files(&args.out) {
        check_target(&file, args.force)?;
    }
    let subject = Subject::new(Trained::read(&args.file)?, args.data.as_deref(), args.samples);
    // what cannot be loaded again is not worth writing
    subject.checkpoint.network(&inputs::device(None)?.1)?;
    let exported = format.export(&subject, &args.out)?;
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
        let Exported { files, notes, text, cost } = &self.exported;
        if let Some(text) = text {
            writeln!(f, "{text}")?;
        }
        for note in notes {
            writeln!(f, "note: {note}")?;
        }
        if let Some(cost) = cost {
            write!(f, "{cost}")?;
        }
        for file in files {
            writeln!(f, "written {}", file.display())?;
        }
        Ok(())
    }
}
