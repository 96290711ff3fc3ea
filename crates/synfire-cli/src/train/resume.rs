//! `synfire train --resume`: going on where a training stopped.

use super::Args;
use super::folder::DataNote;
use super::plan::RunPlan;
use crate::inputs;
use crate::output::note;
use anyhow::bail;
use std::path::Path;
use std::sync::Arc;
use synfire::train::{RunFolder, Schedule, Training};

/// The rest of the training in the folder `run`.
pub(super) fn plan(args: &Args, run: &Path) -> anyhow::Result<RunPlan> {
    refuse_changes(args)?;
    let folder = RunFolder::open(run)?;
    let last = folder.checkpoint("last");
    if !last.is_file() {
        bail!(
            "{}: nothing of its training was saved yet (there is no checkpoints/last.bpk); remove the folder and start anew",
            run.display()
        );
    }
    let checkpoint = inputs::checkpoint(&last)?;
    let (device_name, device) = inputs::device(args.device.as_deref())?;
    let note = match &args.data {
        Some(data) => DataNote::of(Some(data)),
        None => DataNote::read(&folder)?,
    };
    let data = Arc::new(inputs::data(note.folder())?);
    inputs::check_fit(&last, &checkpoint.description, &data)?;
    let mut training = Training::resume(&checkpoint, data.clone(), &device)?;
    let done = checkpoint.training_state()?.position.epoch;
    let planned = training.options().epochs;
    match args.epochs {
        Some(epochs) if epochs <= done => {
            bail!(
                "--epochs {epochs}: epoch {done} is done already; give the number to reach, for example --epochs {}",
                done + 10
            )
        }
        Some(epochs) => {
            if epochs != planned && training.options().schedule != Schedule::Constant {
                note!("the learning rate's schedule now spans {epochs} epochs instead of {planned}");
            }
            training.set_epochs(epochs);
        }
        None if done >= planned => {
            bail!(
                "{}: its training came to its end after epoch {planned}; train longer with --epochs, for example --epochs {}",
                run.display(),
                planned + 10
            )
        }
        None => {}
    }
    note.write(&folder)?;
    Ok(RunPlan { training, data, device_name, folder, new_folder: false })
}

/// Refuses options that would make it another training than the one that began.
fn refuse_changes(args: &Args) -> anyhow::Result<()> {
    let given = [
        ("--config", args.config.is_some()),
        ("--out", args.out.is_some()),
        ("--seed", args.seed.is_some()),
        ("--batch-size", args.batch_size.is_some()),
        ("--learning-rate", args.learning_rate.is_some()),
        ("--neuron-learning-rate", args.neuron_learning_rate.is_some()),
        ("--freeze", !args.freeze.is_empty()),
        ("--train-only", !args.train_only.is_empty()),
        ("--neuron", args.neuron.is_some()),
        ("--encoder", args.encoder.is_some()),
        ("--decoder", args.decoder.is_some()),
        ("--loss", args.loss.is_some()),
        ("--steps", args.steps.is_some()),
        ("--init", args.init.is_some()),
    ];
    match given.iter().find(|(_, given)| *given) {
        Some((option, _)) => bail!(
            "{option}: --resume continues a training as it began, and takes only --epochs, --data and --device beside it; \
             leave {option} out, or start a new training from the weights with --init"
        ),
        None => Ok(()),
    }
}
