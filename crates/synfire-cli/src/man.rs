//! `synfire man`: manual pages, made from the command line's definition.

use crate::cli::Cli;
use anyhow::Context;
use clap::CommandFactory;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  synfire man ~/.local/share/man/man1")]
pub(crate) struct Args {
    /// Folder for `synfire.1`, `synfire-train.1` and so on; made if it is not there
    folder: PathBuf,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let write = || {
        std::fs::create_dir_all(&args.folder)?;
        clap_mangen::generate_to(Cli::command(), &args.folder)
    };
    write().with_context(|| format!("manual pages could not be written into {}", args.folder.display()))
}
