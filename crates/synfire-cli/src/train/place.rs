//! Where a training takes place: on a device, and as one of several ranks.

use crate::{inputs, ranks};
use anyhow::bail;
use burn::tensor::Device;
use std::sync::{Arc, Mutex, PoisonError};
use synfire::device;
use synfire::train::{Communicator, on_devices};
use synfire_data::Dataset;

/// Device and rank of a training.
pub(super) struct Place<'a> {
    /// Names of all devices that share its batches.
    pub(super) name: String,
    pub(super) device: Device,
    /// The processes or threads that train together, if this is one of several.
    pub(super) ranks: Option<Arc<dyn Communicator>>,
    /// Data of all threads.
    data: &'a Mutex<Option<Arc<Dataset>>>,
}

impl Place<'_> {
    /// The data that `read` reads, once for all threads of this process.
    pub(super) fn data(&self, read: impl FnOnce() -> anyhow::Result<Dataset>) -> anyhow::Result<Arc<Dataset>> {
        let mut data = self.data.lock().unwrap_or_else(PoisonError::into_inner);
        match &*data {
            Some(data) => Ok(data.clone()),
            None => Ok(data.insert(Arc::new(read()?)).clone()),
        }
    }
}

/// Runs a training on the devices of this name, or the fastest one: on each of several by a thread of its own. The result is that
/// of the first.
pub(super) fn run<T>(
    name: Option<&str>,
    processes: Option<Arc<dyn Communicator>>,
    train: impl Fn(Place<'_>) -> anyhow::Result<T> + Sync,
) -> anyhow::Result<T> {
    let data = &Mutex::new(None);
    let Some(names) = name.filter(|name| name.contains(',')) else {
        let (name, device) = inputs::device(name)?;
        return train(Place { name, device, ranks: processes, data });
    };
    if processes.is_some() {
        bail!(
            "--device {names}: the processes that mpirun started have one device each; start as many as there are devices"
        );
    }
    let devices: Vec<Device> = device::open_all(names)?.into_iter().map(|(_, device)| device).collect();
    let train = |device: &Device, ranks: Arc<dyn Communicator>| {
        let place = Place { name: names.to_string(), device: device.clone(), ranks: Some(ranks.clone()), data };
        ranks::as_one_of(ranks, || train(place))
    };
    on_devices(&devices, train, |device, ranks| train(device, ranks).map(drop))
}
