//! Numbers on the command line.

use std::str::FromStr;
use std::thread::available_parallelism;

/// A whole number, 0 or more.
pub(crate) fn whole<T: FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| "expected a whole number, 0 or more".to_string())
}

/// Threads for each processor, at most: more of them only wait for each other, until nothing gets done any more.
const THREADS_PER_PROCESSOR: usize = 32;

/// A number of threads that this machine can work with.
pub(crate) fn threads(text: &str) -> Result<usize, String> {
    let processors = available_parallelism().map_or(1, usize::from);
    let most = THREADS_PER_PROCESSOR * processors;
    match text.parse() {
        Ok(threads) if (1..=most).contains(&threads) => Ok(threads),
        _ => Err(format!("expected 1 to {most}; this machine has {processors} processors")),
    }
}
