//! `synfire nir export`: a network for other frameworks and chips.

use super::report::Written;
use crate::export::check_target;
use crate::output::Output;
use crate::run::Trained;
use std::path::PathBuf;
use synfire::nir::{ExportOptions, export};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Encoder and decoder stay behind: the input of the graph is what the encoder makes. A decay of `beta` in a step becomes
`tau = dt / (1 - beta)`; the step and what NIR has no place for are in the metadata.

Examples:
  synfire nir export runs/001-plif-digits --out net.nir
  synfire nir export net.bpk --dt 1e-4 --out net.nir       for snnTorch, which reads every file so
  synfire nir export net.bpk --strict --out net.nir        refuse what NIR cannot say")]
pub(crate) struct Args {
    /// Checkpoint, .bpk or .safetensors, or a run folder
    file: PathBuf,
    /// Length of a step in the file, in seconds; that of the network if not given
    #[arg(long, value_name = "SECONDS", allow_negative_numbers = true)]
    dt: Option<f64>,
    /// Refuse what NIR cannot say, such as a reset that subtracts, instead of leaving it out with a note
    #[arg(long)]
    strict: bool,
    /// Give integrators without leak `r = 1`, as snnTorch and Norse want it, and not `1 / dt`
    #[arg(long)]
    impulses: bool,
    /// File to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Overwrite the file if it exists
    #[arg(long)]
    force: bool,
}

pub(super) fn run(args: &Args, output: Output) -> anyhow::Result<()> {
    check_target(&args.out, args.force)?;
    let trained = Trained::read(&args.file)?;
    let options = ExportOptions { dt: args.dt, strict: args.strict, impulses: args.impulses };
    let exported = export(&trained.checkpoint, &options)
        .map_err(|error| anyhow::anyhow!("{}: {error}", trained.file.display()))?;
    exported.graph.write(&args.out)?;
    output.print(&Written { file: &args.out, report: exported.report })
}
