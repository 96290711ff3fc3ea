//! The `synfire` command: train, evaluate, fine-tune and export spiking neural networks.
//!
//! Every subcommand is a file of its own and calls the library; nothing is computed here.

mod bench;
#[cfg(test)]
mod book;
mod cli;
mod coding;
mod completions;
mod data;
mod devices;
mod eval;
mod export;
mod failure;
mod info;
mod inputs;
mod log;
mod man;
mod models;
mod output;
mod predict;
mod simulate;
mod table;
mod train;
mod words;

use clap::Parser;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = cli::Cli::parse();
    log::begin();
    failure::guard(|| cli.run())
}
