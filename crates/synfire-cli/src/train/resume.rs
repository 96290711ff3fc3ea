//! `synfire train --resume`: going on where a training stopped.

use super::Args;
use super::args::Anew;
use super::place::Place;
use super::plan::RunPlan;
use crate::cli::Cli;
use crate::inputs;
use crate::output::note;
use crate::ranks;
use crate::run::shared_note;
use anyhow::bail;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args as _, Command, CommandFactory};
use std::path::Path;
use synfire::checkpoint::Checkpoint;
use synfire::train::{DataNote, RunFolder, Schedule, Training};

/// The rest of the training in the folder `run`, which only the first of several ranks needs to have.
pub(super) fn plan(args: &Args, run: &Path, place: Place<'_>) -> anyhow::Result<RunPlan> {
    refuse_changes()?;
    let folder = if ranks::is_first() { RunFolder::open(run)? } else { RunFolder::unwritten(run) };
    let last = folder.checkpoint("last");
    let bytes = ranks::from_first(|| {
        if !last.is_file() {
            bail!(
                "{}: nothing of its training was saved yet (there is no checkpoints/last.bpk); remove the folder and start anew",
                run.display()
            );
        }
        std::fs::read(&last).map_err(|error| anyhow::anyhow!("{}: could not be read: {error}", last.display()))
    })?;
    let checkpoint = Checkpoint::parse(&bytes, &last)?;
    let note = match &args.data {
        Some(data) => DataNote::of(Some(data)),
        None => shared_note(folder.path())?,
    };
    let data = place.data(|| inputs::data(note.folder(), &checkpoint.description.data))?;
    inputs::check_fit(&last, &checkpoint.description, &data)?;
    let mut training = Training::resume(&checkpoint, data.clone(), &place.device)?;
    if let Some(ranks) = place.ranks {
        if training.options().shards.is_none() && ranks::is_first() {
            note!(
                "the batches of this training had one shard; from here on they are divided into shards for the ranks"
            );
        }
        training = training.join(ranks)?;
    }
    if args.patience.is_some() {
        training.set_patience(args.patience);
        training.options().check()?;
    }
    // one that was killed between its last epoch and its result has that left to do
    let concluded = folder.is_written() && folder.has_result();
    if concluded && training.stopped_early() {
        let (done, patience) = (training.history().len(), training.options().patience.unwrap_or_default());
        bail!(
            "{}: its training stopped early after epoch {done}, {patience} epochs after the best validation loss; wait longer with \
             --patience, for example --patience {}",
            run.display(),
            patience + 10
        );
    }
    let done = checkpoint.training_state()?.position.epoch;
    if let Some(until) = args.until.filter(|&until| until <= done) {
        bail!("--until {until}: epoch {done} is done already; give a later one, for example --until {}", done + 1);
    }
    let planned = training.options().epochs;
    match args.epochs {
        Some(epochs) if epochs <= done => {
            bail!(
                "--epochs {epochs}: epoch {done} is done already; give the number to reach, for example --epochs {}",
                done + 10
            )
        }
        Some(epochs) => {
            if ranks::is_first() && epochs != planned && training.options().schedule != Schedule::Constant {
                note!("the learning rate's schedule now spans {epochs} epochs instead of {planned}");
            }
            training.set_epochs(epochs);
        }
        None if concluded && done >= planned => {
            bail!(
                "{}: its training came to its end after epoch {planned}; train longer with --epochs, for example --epochs {}",
                run.display(),
                planned + 10
            )
        }
        None => {}
    }
    note.write(&folder)?;
    Ok(RunPlan { training, data, device_name: place.name, folder, new_folder: false })
}

/// Refuses options that would make it another training than the one that began: those of [`Anew`].
fn refuse_changes() -> anyhow::Result<()> {
    let matches = Cli::command().get_matches();
    let given = matches.subcommand_matches("train").and_then(first_of_a_new_training);
    match given {
        Some(option) => bail!(
            "{option}: --resume continues a training as it began, and takes only --epochs, --until, --patience, --data and \
             --device beside it; leave {option} out, or start a new training from the weights with --init"
        ),
        None => Ok(()),
    }
}

/// The first option that was given and that only a new training takes.
fn first_of_a_new_training(matches: &ArgMatches) -> Option<String> {
    let command = Anew::augment_args(Command::new("train"));
    let given = |id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
    command
        .get_arguments()
        .find(|option| given(option.get_id().as_str()))
        .and_then(|option| option.get_long().map(|name| format!("--{name}")))
}

#[cfg(test)]
mod tests {
    use super::super::args::Anew;
    use super::first_of_a_new_training;
    use crate::cli::Cli;
    use clap::{Args as _, Command, CommandFactory};

    /// Every option of a new training, also those that will come.
    #[test]
    fn no_option_of_a_new_training_is_ignored() {
        for option in Anew::augment_args(Command::new("train")).get_arguments() {
            let name = format!("--{}", option.get_long().expect("every option has a long name"));
            let mut line = vec!["synfire", "train", "--resume", "run", &name, "1"];
            if name == "--init-skip" {
                line.extend(["--init", "a"]);
            }
            let matches = Cli::command().get_matches_from(line);
            let matches = matches.subcommand_matches("train").unwrap();
            assert!(first_of_a_new_training(matches).is_some(), "{name}");
        }
        let line = [
            "synfire",
            "train",
            "--resume",
            "run",
            "--epochs",
            "3",
            "--until",
            "2",
            "--patience",
            "2",
            "--data",
            "a",
            "--device",
            "b",
        ];
        let matches = Cli::command().get_matches_from(line);
        assert_eq!(first_of_a_new_training(matches.subcommand_matches("train").unwrap()), None);
    }
}
