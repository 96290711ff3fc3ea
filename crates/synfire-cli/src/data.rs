//! `synfire data`: data sets over the network, only when asked for.

use crate::output::{Output, note};
use crate::table::Table;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use std::fmt;
use std::path::{Path, PathBuf};
use synfire_data::download::{self, Progress};

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Fetch a data set; files that are there and correct are kept
    #[command(after_help = "\
Examples:
  synfire data get mnist
  synfire data get fashion-mnist --out datasets/fashion")]
    Get {
        /// Name, as `synfire data list` shows it
        name: String,
        /// Folder to put it in; datasets/NAME if not given
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
    },
    /// List the data sets that can be fetched
    List,
}

pub(crate) fn run(command: Command, output: Output) -> anyhow::Result<()> {
    match command {
        Command::Get { name, out } => get(&name, out, output),
        Command::List => {
            let entry = |source: download::Source| Entry { name: source.name, about: source.about };
            output.print(&Catalog(download::catalog().into_iter().map(entry).collect()))
        }
    }
}

fn get(name: &str, out: Option<PathBuf>, output: Output) -> anyhow::Result<()> {
    let folder = out.unwrap_or_else(|| Path::new("datasets").join(name));
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{wide_msg} {bytes} / {total_bytes}  {bytes_per_sec}")?;
    bar.set_style(style);
    let say = |text: String| bar.suspend(|| note!("{text}"));
    let fetched = download::get(name, &folder, &mut |progress| match progress {
        Progress::Started { file, total, .. } => {
            bar.reset();
            bar.set_length(total.unwrap_or(0));
            bar.set_message(file.to_string());
        }
        Progress::Received { received, .. } => bar.set_position(received),
        Progress::Kept { file } => say(format!("{file}  there already, and correct")),
        Progress::Verified { file } => say(format!("{file}  fetched, checksum correct")),
        Progress::Failed { url, reason, .. } => say(format!("{url}  failed: {reason}")),
        _ => {}
    });
    bar.finish_and_clear();
    let files = fetched?;
    output.print(&Fetched { name, folder: &folder, files })
}

#[derive(Serialize)]
struct Fetched<'a> {
    name: &'a str,
    folder: &'a Path,
    files: Vec<PathBuf>,
}

impl fmt::Display for Fetched<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let folder = self.folder.display();
        write!(f, "{} is in {folder}; train on it with `synfire train --data {folder}`", self.name)
    }
}

#[derive(Serialize)]
#[serde(transparent)]
struct Catalog(Vec<Entry>);

#[derive(Serialize)]
struct Entry {
    name: String,
    about: String,
}

impl fmt::Display for Catalog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new(["name", "about"]);
        for entry in &self.0 {
            table.row([entry.name.clone(), entry.about.clone()]);
        }
        write!(f, "{table}\nThe built-in digits need no fetching: they are used where --data is not given.")
    }
}
