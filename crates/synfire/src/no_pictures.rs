//! No pictures: the feature `plot` is off.

use crate::Error;
use crate::train::{Answer, EpochRecord, Recording, RunFolder, RunResult};
use synfire_data::Batch;

pub(crate) fn learning_curves(_: &RunFolder, _: &str, _: &[EpochRecord]) -> Result<(), Error> {
    Ok(())
}

pub(crate) fn confusion_matrix(_: &RunFolder, _: &str, _: &RunResult) -> Result<(), Error> {
    Ok(())
}

pub(crate) fn recording(
    _: &RunFolder,
    _: &Recording,
    _: (&str, &Batch),
    _: Option<Answer>,
    _: usize,
) -> Result<(), Error> {
    Ok(())
}
