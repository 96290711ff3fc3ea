//! The device that answers are computed on.

use crate::Error;
use burn::tensor::{Device, TensorData};

/// The fastest device on the CPU.
pub(crate) fn open() -> Result<Device, Error> {
    let missing = || Error::Internal("this build has no device; build it with `--features flex`".to_string());
    let name = synfire::device::default().ok_or_else(missing)?;
    Ok(synfire::device::open(name)?)
}

/// Values of a tensor on the host, in single precision.
pub(crate) fn floats(data: TensorData) -> Result<Vec<f32>, Error> {
    let refuse = |error| Error::Internal(format!("a tensor could not be read: {error:?}"));
    data.convert::<f32>().try_into_vec().map_err(refuse)
}
