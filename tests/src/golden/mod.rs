//! Neurons against traces recorded from SPAIC: every state and the output at every step, and gradients.
//!
//! | file | one idea |
//! |---|---|
//! | `files` | the recorded files: index, cases, arrays |
//! | `words` | how a line of the table is written |
//! | `table` | what SPAIC's names are in Synfire, model by model |
//! | `custom` | the models that were written by SPAIC's `custom_model`, as a user writes them here |
//! | `layer` | the layer, the inputs and the initial state of a case |
//! | `series` | what runs and is recorded, by SPAIC's names |
//! | `kept` | what SPAIC keeps of its parameters and learns in their place |
//! | `check` | one run of a case against its arrays |
//! | `recording` | the cases of everything that is no neuron |
//!
//! To add a model, add a line to `table`. Whatever is recorded and not in the table is a failure.

mod check;
mod custom;
mod files;
mod kept;
mod layer;
mod recording;
mod series;
mod table;
mod words;

use burn::tensor::Device;
use check::{Run, Way};
use files::{Index, Recorded};
use std::io::Write;
use std::path::Path;
use table::Translation;

pub use files::folder;
pub use recording::{Recording, recordings};

/// Compares all recorded neurons in a folder on all backends; returns what went wrong, a line each.
///
/// The variable `SYNFIRE_DEVICE` names the only backend to run on.
#[must_use]
pub fn failures(folder: &Path) -> Vec<String> {
    custom::register();
    let devices = files::devices();
    match Index::read(folder).and_then(|index| index.of_kind("neuron")) {
        Ok(neurons) => neurons.iter().flat_map(|recorded| check_model(recorded, &devices)).collect(),
        Err(problem) => vec![problem],
    }
}

/// Tells even where the test harness catches what is printed.
fn say(line: &str) {
    // a closed stream is no reason to fail
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Checks one file and prints what came out.
fn check_model(recorded: &Recorded, devices: &[(&str, Device)]) -> Vec<String> {
    let name = &recorded.name;
    let mut tally = Tally::default();
    if let Err(problem) = check_cases(recorded, devices, &mut tally) {
        tally.failures.push(format!("{name}: {problem}"));
    }
    let result = match tally.failures.len() {
        0 => format!("worst error {:.0} % of its tolerance, {}", tally.worst.0 * 100.0, tally.worst.1),
        count => format!("{count} FAILURES"),
    };
    say(&format!("{name:20} {} cases, {} arrays, {result}", recorded.cases.len(), tally.arrays));
    tally.failures
}

fn check_cases(recorded: &Recorded, devices: &[(&str, Device)], tally: &mut Tally) -> Result<(), String> {
    let arrays = recorded.arrays()?;
    for (number, (tag, case)) in recorded.cases.iter().enumerate() {
        let translation = Translation::find(&recorded.name, tag)?;
        for (backend, device) in devices {
            let ways = match (*backend, number) {
                ("flex", 0) => &Way::ALL[..],
                ("flex", _) => &Way::ALL[..2],
                // operations are the same on every backend, and a software adapter takes minutes to compile those of a step
                _ => &[Way::Fused],
            };
            for &way in ways {
                let run = Run {
                    translation,
                    case,
                    arrays: arrays.of_case(tag, &recorded.tolerance_atol),
                    way,
                    device,
                    slack: slack(translation, backend),
                    what: format!("{}/{tag} on {backend} {way}", recorded.name),
                };
                run.check(tally);
            }
        }
    }
    Ok(())
}

/// By how much tolerances are widened: GPUs approximate the exponential.
fn slack(translation: &Translation, backend: &str) -> f64 {
    if translation.exponentials && !is_exact(backend) { 5.0 } else { 1.0 }
}

fn is_exact(backend: &str) -> bool {
    matches!(backend, "flex" | "ndarray")
}

/// What has been compared.
#[derive(Default)]
struct Tally {
    arrays: usize,
    /// Largest error as a share of its tolerance, and where.
    worst: (f64, String),
    failures: Vec<String>,
}

/// What to do about a name that nobody knows.
fn unknown(what: &str, name: &str) -> String {
    format!("{what} `{name}` is not in the table (tests/src/golden/table.rs)")
}
