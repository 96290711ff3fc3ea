//! The device that answers are computed on.

use crate::Error;
use burn::tensor::Device;

/// The fastest device on the CPU.
pub(crate) fn open() -> Result<Device, Error> {
    let missing = || Error::Internal("this build has no device; build it with `--features flex`".to_string());
    let name = synfire::device::default().ok_or_else(missing)?;
    Ok(synfire::device::open(name)?)
}
