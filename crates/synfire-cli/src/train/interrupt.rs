//! Ctrl-C and SIGTERM: the first one asks the training to stop, the second one ends the program.

use super::INTERRUPTED;
use crate::output::note;
use anyhow::Context;
use std::sync::atomic::{AtomicBool, Ordering};

/// Set by the first Ctrl-C or SIGTERM.
pub(super) type Stop = &'static AtomicBool;

/// Whether the program was asked to stop.
pub(super) fn happened(stop: Stop) -> bool {
    stop.load(Ordering::Relaxed)
}

/// Listens for Ctrl-C, SIGTERM and SIGHUP from now on.
pub(super) fn listen() -> anyhow::Result<Stop> {
    static STOP: AtomicBool = AtomicBool::new(false);
    let handler = || {
        if STOP.swap(true, Ordering::Relaxed) {
            std::process::exit(i32::from(INTERRUPTED));
        }
        note!("\nstopping after this batch; Ctrl-C again stops at once and loses what was not saved");
    };
    ctrlc::set_handler(handler).context("Ctrl-C cannot be listened for")?;
    Ok(&STOP)
}
