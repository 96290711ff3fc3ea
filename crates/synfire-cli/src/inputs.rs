//! Inputs that several subcommands read: data, devices, checkpoints.

use crate::words;
use anyhow::bail;
use burn::tensor::Device;
use std::path::Path;
use synfire::checkpoint::{Checkpoint, Description, TaskKind};
use synfire::device;
use synfire::train::TrainConfig;
use synfire_data::{DataOptions, Dataset, Frames};

/// The data set at this path, read as the options say, or the built-in digits.
pub(crate) fn data(path: Option<&Path>, options: &DataOptions) -> anyhow::Result<Dataset> {
    let begun = std::time::Instant::now();
    let data = path.map_or_else(|| Ok(Dataset::digits()), |path| Dataset::open_with(path, options))?;
    let (training, test, shape) = (data.train.len(), data.test.len(), words::shape(data.train.sample_shape()));
    tracing::info!(name = data.name, training, test, shape, seconds = begun.elapsed().as_secs_f64(), "data");
    Ok(data)
}

/// Options for reading the data: events in as many steps as the network has, unless the configuration says otherwise.
pub(crate) fn reading(config: &TrainConfig) -> DataOptions {
    let mut options = config.data.clone();
    options.events.frames.get_or_insert(Frames::Bins(options.steps.unwrap_or(config.network.steps)));
    options
}

/// The device of this name, or the fastest on the CPU; and its name.
pub(crate) fn device(name: Option<&str>) -> anyhow::Result<(String, Device)> {
    let name = match name {
        Some(name) => name.to_string(),
        None => match device::default() {
            Some(name) => name.to_string(),
            None => bail!("this build has no device; build it with `--features flex`"),
        },
    };
    let device = device::open(&name)?;
    let isa = device::instruction_set()?;
    tracing::info!(name, isa, threads = rayon::current_num_threads(), "device");
    Ok((name, device))
}

/// The checkpoint in this file.
pub(crate) fn checkpoint(file: &Path) -> anyhow::Result<Checkpoint> {
    if file.is_dir() {
        let best = file.join("checkpoints").join("best.bpk");
        let example = if best.is_file() { format!(", for example {}", best.display()) } else { String::new() };
        bail!("{}: is a folder; expected a checkpoint file (.bpk or .safetensors){example}", file.display());
    }
    Ok(Checkpoint::read(file)?)
}

/// Refuses data of another shape or number of classes than the network was made for.
pub(crate) fn check_fit(file: &Path, network: &Description, data: &Dataset) -> anyhow::Result<()> {
    let shape = data.train.sample_shape();
    let task = TaskKind::of(data.train.target_kind());
    let same_task = network.task.is_none_or(|trained| trained == task);
    // flat samples are those of any shape, value by value
    let is_flat = network.input == [shape.iter().product::<usize>()];
    if (network.input == shape || is_flat) && network.outputs == data.outputs() && same_task {
        return Ok(());
    }
    bail!(
        "{}: the network reads samples of {} and has {}, the data `{}` have samples of {} and {}; give the data it \
         was trained on with --data PATH",
        file.display(),
        words::shape(&network.input),
        words::outputs(network),
        data.name,
        words::shape(shape),
        words::targets(data),
    )
}
