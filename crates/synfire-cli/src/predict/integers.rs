//! Answers of a network in integers.

use super::classes::Predictions;
use super::{Args, Recorder, batches, classes, values};
use crate::inputs;
use crate::int8::Integers;
use crate::output::Output;
use synfire::checkpoint::TaskKind;

pub(super) fn run(integers: &Integers, args: &Args, output: Output) -> anyhow::Result<()> {
    integers.refuse(&[("exit", args.exit.is_some())])?;
    let (description, (_, device)) = (integers.inference.description(), inputs::device(None)?);
    let mut recorder = Recorder::new(args.record.as_deref())?;
    let is_regression = description.task == Some(TaskKind::Regression);
    let (mut classified, mut valued) = (vec![], vec![]);
    for batch in batches(args, description, || integers.data(args.data.as_deref()))? {
        let batch = batch?;
        let answers = integers.inference.answer(&batch, integers.seed(), &device)?;
        recorder.add(&answers.records)?;
        match is_regression {
            true => valued.extend(values::with_targets(answers.scores, &batch)),
            false => classified.extend(classes::with_labels(answers.scores, &batch)?),
        }
    }
    recorder.finish(description.model.dt)?;
    match is_regression {
        true => output.print(&values::Predictions::new(valued)),
        false => output.print(&Predictions::new(classified, description)),
    }
}
