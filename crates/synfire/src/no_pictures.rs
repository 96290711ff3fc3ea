//! No pictures: the feature `plot` is off.

use crate::Error;
use crate::train::{EpochRecord, Recording, RunFolder};

pub(crate) fn learning_curves(_: &RunFolder, _: &str, _: &[EpochRecord]) -> Result<(), Error> {
    Ok(())
}

pub(crate) fn recording(_: &RunFolder, _: Recording, _: &str) -> Result<(), Error> {
    Ok(())
}
