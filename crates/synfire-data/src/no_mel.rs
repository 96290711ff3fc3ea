//! Stands in for `mel` in builds without the feature `sound`, which read no sound either.

use crate::{DataError, SoundOptions};

pub(crate) fn steps(_: &SoundOptions, _: u32, _: usize) -> usize {
    1
}

pub(crate) fn energies(_: &SoundOptions, _: u32, _: &[f32], _: usize) -> Result<Vec<f32>, DataError> {
    Err(DataError::custom("this build knows no sound; build it with the feature `sound`"))
}
