//! Pictures of a run folder in builds without the feature `plot`: none.

use crate::Error;
use crate::network::Network;
use crate::train::{EpochRecord, RunFolder};
use burn::tensor::Tensor;

pub(crate) fn write_curves(_: &RunFolder, _: &str, _: &[EpochRecord]) -> Result<(), Error> {
    Ok(())
}

pub(crate) fn write_sample(_: &RunFolder, _: &Network, _: Tensor<2>, _: i64) -> Result<(), Error> {
    Ok(())
}
