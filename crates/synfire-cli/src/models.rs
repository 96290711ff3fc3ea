//! `synfire models`: the neuron models, their parameters and equations.

mod facts;
mod list;
mod markdown;
mod show;

use crate::output::{self, Output};
use facts::Model;
use serde::Serialize;
use synfire::neuron::{Notation, registry};

#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "\
Examples:
  synfire models list                all models, as `synfire models`
  synfire models show plif           one in detail
  synfire models --markdown          the page of all of them in the book
  synfire simulate plif --plot a.svg see what it does
  synfire train --neuron plif        train with it"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Show this model in detail, as `show` does
    name: Option<String>,
    /// Print all models as a page of Markdown
    #[arg(long, conflicts_with = "name")]
    markdown: bool,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// List all models
    List,
    /// Show one model in detail
    Show {
        /// Its name, or another that it is known by
        name: String,
        /// Print its equations only, as LaTeX
        #[arg(long)]
        latex: bool,
    },
}

pub(crate) fn run(args: &Args, output: Output) -> anyhow::Result<()> {
    if let Some(Command::Show { name, latex: true }) = &args.command {
        let lines = registry::find(name)?.equations(Notation::Latex);
        return output::print(&format!("\\begin{{aligned}}\n{lines}\\end{{aligned}}\n"));
    }
    let shown = match &args.command {
        Some(Command::Show { name, .. }) => Some(name),
        Some(Command::List) | None => None,
    };
    let name = shown.or(args.name.as_ref());
    if let Some(name) = name {
        return output.print(&Model::from(registry::find(name)?));
    }
    let models: Vec<Model> = registry::models().into_iter().map(Model::from).collect();
    match args.markdown {
        true => output::print(&markdown::page(&models)),
        false => output.print(&Models(models)),
    }
}

/// All of them.
#[derive(Serialize)]
#[serde(transparent)]
struct Models(Vec<Model>);
