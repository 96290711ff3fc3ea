//! The `synfire` command: train, evaluate, fine-tune and export spiking neural networks.
//!
//! Every subcommand is a file of its own and calls the library; nothing is computed here.

mod allocator;
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
mod int8;
mod log;
mod man;
mod models;
mod nir;
mod number;
mod output;
mod picture_file;
mod predict;
mod profile;
mod ranks;
mod run;
mod simulate;
mod sweep;
mod table;
mod threads;
mod train;
mod view;
mod words;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    allocator::keep_freed_memory();
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
