//! `synfire data`: what is in a data set, and data sets over the network, only when asked for.

mod info;
mod show;

use crate::output::{Output, note};
use crate::table::Table;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use std::fmt;
use std::path::{Path, PathBuf};
use synfire::train::TrainConfig;
use synfire_data::download::{self, Progress};
use synfire_data::{DataOptions, Dataset};

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
    /// Samples, classes and values of a data set, and all faults in it
    #[command(after_help = "\
Examples:
  synfire data info recordings
  synfire data info arrays.npz --json")]
    Info(Reading),
    /// Draw a sample: a picture, frames of events, a raster, a waveform
    #[command(after_help = "\
Examples:
  synfire data show recordings --index 3 --plot sample.svg
  synfire data show recordings --config examples/nmnist_conv.toml --index 3 --plot frames.png")]
    Show(show::Args),
    /// Write a data set as arrays, x_train, y_train, x_test, y_test in a .npz file
    #[command(after_help = "\
Examples:
  synfire data convert recordings arrays.npz --config examples/nmnist_conv.toml")]
    Convert {
        #[command(flatten)]
        from: Reading,
        /// File to write
        out: PathBuf,
    },
}

/// A data set, and how it is read.
#[derive(Debug, clap::Args)]
pub(crate) struct Reading {
    /// Data set, as `synfire train --data` takes it
    path: PathBuf,
    /// Configuration file whose [data] says how samples are read
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl Reading {
    fn options(&self) -> anyhow::Result<DataOptions> {
        Ok(match &self.config {
            Some(file) => crate::inputs::reading(&TrainConfig::read(file)?),
            None => DataOptions::default(),
        })
    }

    fn open(&self) -> anyhow::Result<Dataset> {
        crate::inputs::data(Some(&self.path), &self.options()?)
    }
}

pub(crate) fn run(command: Command, output: Output) -> anyhow::Result<()> {
    match command {
        Command::Get { name, out } => get(&name, out, output),
        Command::List => {
            let entry = |source: download::Source| Entry { name: source.name, about: source.about };
            output.print(&Catalog(download::catalog().into_iter().map(entry).collect()))
        }
        Command::Info(reading) => info::run(&reading, output),
        Command::Show(args) => show::run(&args, output),
        Command::Convert { from, out } => {
            let data = from.open()?;
            data.write_npz(&out)?;
            output.print(&Converted { file: &out, training: data.train.len(), test: data.test.len() })
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
struct Converted<'a> {
    file: &'a Path,
    training: usize,
    test: usize,
}

impl fmt::Display for Converted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} training and {} test samples are in {}", self.training, self.test, self.file.display())
    }
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
