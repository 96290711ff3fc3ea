//! `synfire coding`: what stands around a network by name, and its settings.

use crate::output::Output;
use crate::table::Table;
use crate::words;
use clap::builder::PossibleValuesParser;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt;
use synfire::coding::{ActionSelector, Criterion, Decode, Encode, Generate, Regularize, RewardFunction};
use synfire::registry::{ComponentKind, Entry};

/// Lists one kind.
type List = fn() -> Vec<Part>;

/// Every kind by its plural.
const KINDS: &[(&str, List)] = &[
    ("encoders", parts::<dyn Encode>),
    ("decoders", parts::<dyn Decode>),
    ("losses", parts::<dyn Criterion>),
    ("regularizers", parts::<dyn Regularize>),
    ("generators", parts::<dyn Generate>),
    ("actions", parts::<dyn ActionSelector>),
    ("rewards", parts::<dyn RewardFunction>),
];

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Each is chosen by its name, or by a table with its name and settings; what is left out takes the default
that is shown here, and a setting without one is left out.

Examples:
  synfire coding                                    all of them
  synfire coding encoders                           one kind
  synfire train --encoder latency
  synfire train --encoder '{ name = \"poisson\", unit_conversion = 0.5 }'")]
pub(crate) struct Args {
    /// Which of them; all if not given
    #[arg(value_parser = PossibleValuesParser::new(KINDS.iter().map(|(kind, _)| *kind)))]
    kind: Option<String>,
}

pub(crate) fn run(args: &Args, output: Output) -> anyhow::Result<()> {
    match KINDS.iter().find(|(kind, _)| args.kind.as_deref() == Some(*kind)) {
        Some((_, parts)) => output.print(&Parts(parts())),
        None => output.print(&Everything(KINDS.iter().map(|(kind, parts)| (*kind, Parts(parts()))).collect())),
    }
}

fn parts<K: ?Sized + ComponentKind>() -> Vec<Part> {
    K::registry().all().into_iter().map(Part::from).collect()
}

/// Facts about one component.
#[derive(Serialize)]
struct Part {
    name: &'static str,
    aliases: &'static [&'static str],
    about: &'static str,
    /// With their defaults; without one, null.
    settings: Map<String, Value>,
}

impl<K: ?Sized + ComponentKind> From<Entry<K>> for Part {
    fn from(entry: Entry<K>) -> Self {
        Part { name: entry.name, aliases: entry.aliases, about: entry.about, settings: entry.settings() }
    }
}

/// All of a kind.
#[derive(Serialize)]
#[serde(transparent)]
struct Parts(Vec<Part>);

impl fmt::Display for Parts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new(["name", "about", "settings"]);
        for part in &self.0 {
            let names: Vec<&str> = [part.name].iter().chain(part.aliases).copied().collect();
            table.row([names.join(", "), part.about.to_string(), words::settings(&part.settings)]);
        }
        write!(f, "{table}")
    }
}

/// All kinds.
#[derive(Serialize)]
#[serde(transparent)]
struct Everything(BTreeMap<&'static str, Parts>);

impl fmt::Display for Everything {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // in the order of a network
        for (i, (kind, _)) in KINDS.iter().enumerate() {
            write!(f, "{}{kind}\n\n{}", if i == 0 { "" } else { "\n" }, self.0[kind])?;
        }
        Ok(())
    }
}
