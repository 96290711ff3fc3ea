//! `synfire nir`: networks from and for other frameworks, in the files of NIR.

mod export;
mod import;
mod inspect;
mod report;

use crate::output::Output;

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Show the nodes of a file, with their shapes and parameters
    Inspect(inspect::Args),
    /// Make a network of a file, for `synfire eval`, `predict` and `train --init`
    Import(import::Args),
    /// Write a network for other frameworks and chips
    Export(export::Args),
}

pub(crate) fn run(command: &Command, output: Output) -> anyhow::Result<()> {
    match command {
        Command::Inspect(args) => inspect::run(args, output),
        Command::Import(args) => import::run(args, output),
        Command::Export(args) => export::run(args, output),
    }
}
