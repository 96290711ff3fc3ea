//! `synfire completions`: completion scripts, made from the command line's definition.

use crate::{cli::Cli, output};
use clap::CommandFactory;
use clap_complete::Shell;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  synfire completions bash > ~/.local/share/bash-completion/completions/synfire
  synfire completions zsh > ~/.zfunc/_synfire
  synfire completions fish > ~/.config/fish/completions/synfire.fish")]
pub(crate) struct Args {
    /// Which shell
    shell: Shell,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "synfire", &mut script);
    output::print(&String::from_utf8_lossy(&script))
}
