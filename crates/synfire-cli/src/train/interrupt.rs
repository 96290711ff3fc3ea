//! Ctrl-C and SIGTERM: the first one asks the training to stop, the second one ends the program.

use crate::output::note;
use crate::ranks;
use anyhow::Context;
use std::sync::atomic::{AtomicBool, Ordering};

/// Exit code after Ctrl-C, as shells have it: 128 + SIGINT.
pub(crate) const INTERRUPTED: u8 = 130;

/// Set by the first Ctrl-C or SIGTERM.
pub(crate) type Stop = &'static AtomicBool;

/// Whether the program was asked to stop.
pub(crate) fn happened(stop: Stop) -> bool {
    stop.load(Ordering::Relaxed)
}

/// Listens for Ctrl-C, SIGTERM and SIGHUP from now on.
pub(crate) fn listen() -> anyhow::Result<Stop> {
    static STOP: AtomicBool = AtomicBool::new(false);
    let handler = || {
        if STOP.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(INTERRUPTED));
        }
        if !ranks::is_first() {
            return;
        }
        note!("\nstopping after this batch; Ctrl-C again stops at once and loses what was not saved");
    };
    ctrlc::set_handler(handler).context("Ctrl-C cannot be listened for")?;
    Ok(&STOP)
}
