//! `synfire export`: a trained network for other programs.

use crate::run::Trained;
use crate::{inputs, output::Output};
use anyhow::bail;
use serde::Serialize;
use std::fmt;
use std::path::{Path, PathBuf};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
The network's description travels in the file's metadata; the state of the training does not.
Weights are [inputs, outputs], neuron parameters are in the model's units.

Examples:
  synfire export runs/001-plif-digits --out network.safetensors
  synfire export network.safetensors --out network.bpk --force")]
pub(crate) struct Args {
    /// Checkpoint, .bpk or .safetensors, or a run folder
    file: PathBuf,
    /// File to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Format; told by the extension (.bpk, .safetensors) if not given
    #[arg(long)]
    format: Option<Format>,
    /// Overwrite the file if it exists
    #[arg(long)]
    force: bool,
}

#[derive(Clone, Copy, Debug, Serialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
enum Format {
    /// Burn's own format
    Burnpack,
    /// Read by PyTorch, JAX and others
    Safetensors,
}

pub(crate) fn run(args: &Args, output: Output) -> anyhow::Result<()> {
    let format = match args.format {
        Some(format) => format,
        None => by_extension(&args.out)?,
    };
    if args.out.is_dir() {
        bail!("{}: is a folder; give the name of a file in it", args.out.display());
    }
    if args.out.exists() && !args.force {
        bail!("{}: exists already; choose another name, or overwrite it with --force", args.out.display());
    }
    let checkpoint = Trained::read(&args.file)?.checkpoint.inference_only();
    // what cannot be loaded again is not worth writing
    checkpoint.network(&inputs::device(None)?.1)?;
    match format {
        Format::Burnpack => checkpoint.write(&args.out)?,
        Format::Safetensors => checkpoint.write_safetensors(&args.out)?,
    }
    output.print(&Written { file: &args.out, format })
}

fn by_extension(out: &Path) -> anyhow::Result<Format> {
    match out.extension().and_then(|extension| extension.to_str()) {
        Some("bpk") => Ok(Format::Burnpack),
        Some("safetensors") => Ok(Format::Safetensors),
        _ => bail!("{}: the name tells no format; let it end in .bpk or .safetensors, or give --format", out.display()),
    }
}

#[derive(Serialize)]
struct Written<'a> {
    file: &'a Path,
    format: Format,
}

impl fmt::Display for Written<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "written {}", self.file.display())
    }
}
