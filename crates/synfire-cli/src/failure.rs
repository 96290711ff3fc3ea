//! The end of the program when something goes wrong: a message and an exit code, never a backtrace.

use crate::output::note;
use crate::ranks;
use std::io::ErrorKind;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

/// Runs the program and turns errors into `error: ...` and exit code 1.
///
/// A panic is a bug, and is reported as one. Library code may probe for devices by catching panics, so
/// the panics themselves are only logged.
pub(crate) fn guard(json: bool, program: impl FnOnce() -> anyhow::Result<ExitCode>) -> ExitCode {
    std::panic::set_hook(Box::new(|panic| tracing::debug!("{panic}")));
    match catch_unwind(AssertUnwindSafe(program)) {
        Ok(Ok(code)) => {
            ranks::leave();
            code
        }
        Ok(Err(error)) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Ok(Err(error)) => {
            ranks::let_the_first_speak();
            // the whole story is in the message: the library's errors hide nothing in their sources
            say(json, error.to_string().trim_end());
            ranks::abort();
            ExitCode::FAILURE
        }
        Err(panic) => {
            let text = panic.downcast_ref::<&str>().map(ToString::to_string);
            let text = text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default();
            ranks::let_the_first_speak();
            match is_out_of_memory(&text) {
                true => say(json, &format!("out of memory ({text}); {SMALLER}")),
                false => say(
                    json,
                    &format!("this is a bug in synfire, please report it: {text}\n(RUST_LOG=debug shows where)"),
                ),
            }
            ranks::abort();
            ExitCode::FAILURE
        }
    }
}

/// The cure where there is too little memory.
const SMALLER: &str = "lower --batch-size, set `accumulate` in [training], or take fewer time steps or narrower layers";

/// Whether a panic is one for want of memory, on the host or on a device.
fn is_out_of_memory(panic: &str) -> bool {
    let panic = panic.to_lowercase();
    ["memory allocation", "out of memory", "outofmemory", "capacity overflow", "buffer too big", "buffertoobig"]
        .iter()
        .any(|words| panic.contains(words))
}

/// Says what went wrong, with `--json` as a line of JSON: on stderr, where nobody takes it for a result.
pub(crate) fn say(json: bool, problem: &str) {
    let problem = ranks::prefix(problem) + problem;
    match json {
        true => note!("{}", serde_json::json!({ "error": problem })),
        false => note!("error: {problem}"),
    }
}

/// Whether the reader of our output went away, as `head` does: no reason to complain.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|error| error.kind() == ErrorKind::BrokenPipe)
}
