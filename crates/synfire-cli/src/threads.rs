//! Threads that the kernels share their work among.

use anyhow::Context;
use rayon::ThreadPoolBuilder;

/// Starts this many threads, or as many as there are cores. With `caller` the calling thread is one of them: it takes part
/// in the work that it asks for, where it would be put to sleep and woken up again, several times in each step.
///
/// That is not for commands that compute on further threads of their own. Their work would wait for the calling thread, which
/// waits for them.
pub(crate) fn start(threads: Option<usize>, caller: bool) -> anyhow::Result<()> {
    if threads.is_none() && !caller {
        return Ok(()); // they are started with the first work
    }
    let pool = ThreadPoolBuilder::new().num_threads(threads.unwrap_or_default());
    let pool = if caller { pool.use_current_thread() } else { pool };
    pool.build_global().context("--threads could not be set")
}
