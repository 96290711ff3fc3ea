//! The `synfire` command: train, evaluate, fine-tune and export spiking neural networks.
//!
//! Every subcommand is a file of its own and calls the library; nothing is computed here.

mod archive;
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
mod import;
mod info;
mod inputs;
mod log;
mod man;
mod models;
mod nir;
mod number;
mod output;
mod predict;
mod profile;
mod ranks;
mod run;
mod simulate;
mod sweep;
mod table;
mod train;
mod words;

use clap::Parser;
use std::process::ExitCode;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage(&error),
    };
    log::begin();
    failure::guard(cli.json(), || cli.run())
}

/// Ends the program after a command line that is none, or with the help or version that was asked for.
fn usage(error: &clap::Error) -> ExitCode {
    if error.use_stderr() && std::env::args_os().any(|argument| argument == "--json") {
        let text = error.to_string();
        failure::say(true, text.strip_prefix("error: ").unwrap_or(&text).trim_end());
        return ExitCode::from(2);
    }
    error.exit()
}
