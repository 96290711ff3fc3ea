//! Memory that a training needs at least, estimated before the first step.

use super::{Trainable, TrainingConfig};
use crate::Error;
use crate::device;
use crate::parameters::parameters;
use burn::tensor::Device;

/// Bytes of a value.
const VALUE: u64 = 4;
/// Copies of a weight: its value, its gradient and what the optimiser keeps of it.
const COPIES: u64 = 3;

/// Refuses weights that do not fit into memory, before they are allocated. `shapes` are theirs, by name.
pub(super) fn check_weights(shapes: &[(String, Vec<usize>)], device: &Device) -> Result<(), Error> {
    let bytes = |shape: &[usize]| size(shape).saturating_mul(COPIES * VALUE);
    let needed = shapes.iter().fold(0, |sum: u64, (_, shape)| sum.saturating_add(bytes(shape)));
    let largest = shapes.iter().max_by_key(|(_, shape)| size(shape));
    let cure = largest.map_or_else(String::new, |(name, shape)| format!("make `{name}` {shape:?} smaller"));
    refuse("the network", needed, cure, device)
}

/// Refuses a step of training that does not fit into memory.
pub(super) fn check_step<M: Trainable>(model: &M, options: &TrainingConfig, device: &Device) -> Result<(), Error> {
    let shards = options.shards.map_or(1, |shards| shards.of(1)).max(options.accumulate).max(1);
    let samples = options.batch_size.div_ceil(shards);
    let weights: u64 = parameters(model).iter().map(|p| (p.count as u64).saturating_mul((COPIES - 1) * VALUE)).sum();
    // of chunks a step needs a part that the steps of the model do not tell
    let of_step = if options.chunk.is_some() { 0 } else { model.step_bytes(samples) };
    let needed = weights.saturating_add(of_step);
    let cure = format!(
        "lower `batch_size` (now {}), the number of time steps or the width of the layers, or raise `accumulate` (now {})",
        options.batch_size, options.accumulate
    );
    refuse(&format!("a training step of {samples} samples"), needed, cure, device)
}

fn size(shape: &[usize]) -> u64 {
    shape.iter().fold(1, |product: u64, &n| product.saturating_mul(n as u64))
}

fn refuse(what: &str, needed: u64, cure: String, device: &Device) -> Result<(), Error> {
    match free().filter(|_| device::is_host(device)) {
        Some(free) if needed > free => Err(Error::Memory { what: what.to_string(), needed, free, cure }),
        _ => Ok(()),
    }
}

/// Bytes that this process can still have: of the system's memory, and within the limits of the process and its group.
/// `None` where the system does not tell.
fn free() -> Option<u64> {
    let read = |path: &str| std::fs::read_to_string(path).ok();
    let number = |text: &str| text.split_whitespace().find_map(|word| word.parse::<u64>().ok());
    let line = |text: &str, name: &str| text.lines().find_map(|line| number(line.strip_prefix(name)?));
    let system = read("/proc/meminfo").and_then(|text| {
        let swap = line(&text, "SwapFree:").unwrap_or(0);
        Some(1024 * (line(&text, "MemAvailable:")? + swap))
    });
    let process = read("/proc/self/limits").and_then(|text| {
        let most = line(&text, "Max address space")?;
        let used = read("/proc/self/status").and_then(|text| line(&text, "VmSize:"))?;
        Some(most.saturating_sub(1024 * used))
    });
    let group = read("/sys/fs/cgroup/memory.max").and_then(|text| {
        let used = read("/sys/fs/cgroup/memory.current").and_then(|text| number(&text))?;
        // files in its cache give way
        let cached = read("/sys/fs/cgroup/memory.stat").and_then(|text| line(&text, "inactive_file")).unwrap_or(0);
        Some(number(&text)?.saturating_sub(used).saturating_add(cached))
    });
    [system, process, group].into_iter().flatten().min()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_large_is_refused_with_what_to_lower() {
        if free().is_none() {
            return; // this system does not tell
        }
        let device = Device::flex();
        let shapes = |n| vec![("layers.0.weight".to_string(), vec![n, 1 << 20]), ("b".to_string(), vec![3])];
        assert!(check_weights(&shapes(1), &device).is_ok());
        let error = check_weights(&shapes(1 << 40), &device).unwrap_err().to_string();
        for words in ["the network needs at least", "GiB are free", "make `layers.0.weight` [1099511627776, 1048576]"] {
            assert!(error.contains(words), "{error}");
        }
    }
}
