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
    let Some(names) = name.filter(|name| is_several(name)) else {
        let (name, device) = inputs::device(name)?;
        return train(Place { name, device, ranks: processes, data: &Mutex::default() });
    };
    if processes.is_some() {
        bail!(
            "--device {names}: the processes that mpirun started have one device each; start as many as there are devices"
        );
    }
    on(names, &device::open_all(names)?, train)
}

/// Whether this names several devices.
pub(super) fn is_several(name: &str) -> bool {
    name.contains(',')
}

/// Runs a training on each of these devices.
fn on<T>(names: &str, devices: &[Device], train: impl Fn(Place<'_>) -> anyhow::Result<T> + Sync) -> anyhow::Result<T> {
    let data = &Mutex::default();
    let train = |device: &Device, ranks: Arc<dyn Communicator>| {
        let place = Place { name: names.to_string(), device: device.clone(), ranks: Some(ranks.clone()), data };
        ranks::as_one_of(ranks, || train(place))
    };
    on_devices(devices, train, |device, ranks| train(device, ranks).map(drop))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use crate::output::Output;
    use crate::train::{Args, train};
    use clap::{CommandFactory, FromArgMatches};
    use std::path::Path;
    use std::sync::atomic::AtomicBool;

    static NEVER: AtomicBool = AtomicBool::new(false);

    /// Trains on this many devices; what went wrong.
    fn train_on(count: usize, options: &[&str]) -> Result<(), String> {
        let line = ["synfire", "train"].iter().chain(options);
        let matches = Cli::command().get_matches_from(line);
        let args = Args::from_arg_matches(matches.subcommand_matches("train").unwrap()).unwrap();
        let (output, devices) = (Output::from_arg_matches(&matches).unwrap(), vec![Device::flex(); count]);
        on("flex", &devices, |place| train(&args, place, &NEVER, output)).map(drop).map_err(|error| error.to_string())
    }

    #[test]
    fn threads_train_as_one_process_does_and_one_of_them_writes() {
        let folder = tempfile::tempdir().unwrap();
        let metrics = |count: usize| {
            let out = folder.path().join(count.to_string());
            let out = out.to_str().unwrap();
            train_on(count, &["--epochs", "1", "--hidden", "8", "--set", "training.shards=8", "--out", out]).unwrap();
            std::fs::read_to_string(Path::new(out).join("metrics.jsonl")).unwrap()
        };
        let one = metrics(1);
        assert_eq!(one.lines().count(), 1);
        assert_eq!(metrics(4), one);
    }

    #[test]
    fn what_goes_wrong_on_all_of_them_ends_all_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("run");
        let options = ["--batch-size", "3", "--set", "training.shards=8", "--out", out.to_str().unwrap()];
        let problem = train_on(4, &options).unwrap_err();
        assert!(problem.contains("a batch has 3 samples, which 4 ranks cannot share"), "{problem}");
        assert!(!out.exists());
    }
}
