//! Times and memory of this process.

use cpu_time::ProcessTime;
use std::time::Instant;

/// Wall and process CPU time of `f` in ms.
pub(super) fn time<T>(f: impl FnOnce() -> T) -> (T, f64, f64) {
    let (wall, cpu) = (Instant::now(), ProcessTime::now());
    let result = f();
    (result, wall.elapsed().as_secs_f64() * 1e3, cpu.elapsed().as_secs_f64() * 1e3)
}

/// Wall and process CPU times in ms of several runs.
#[derive(Default)]
pub(super) struct Times {
    pub(super) wall: Vec<f64>,
    pub(super) cpu: Vec<f64>,
}

impl Times {
    /// Runs `f` and notes its times.
    pub(super) fn add<T>(&mut self, f: impl FnOnce() -> T) -> T {
        let (result, wall, cpu) = time(f);
        self.wall.push(wall);
        self.cpu.push(cpu);
        result
    }
}

pub(super) fn median(times: &[f64]) -> f64 {
    percentile(times, 0.5)
}

/// The time below which a share of all lies.
pub(super) fn percentile(times: &[f64], share: f64) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get((share * (sorted.len().saturating_sub(1)) as f64) as usize).copied().unwrap_or(f64::NAN)
}

pub(super) fn smallest(times: &[f64]) -> f64 {
    times.iter().copied().fold(f64::NAN, f64::min)
}

/// Rounded to microseconds (or three decimals of anything else).
pub(super) fn rounded(x: f64) -> f64 {
    (x * 1e3).round() / 1e3
}

/// Largest resident memory so far in MB, where the system tells.
pub(super) fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kilobytes: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(rounded(kilobytes / 1024.0))
}
