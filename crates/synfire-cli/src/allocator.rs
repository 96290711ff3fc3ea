//! The program's allocator, mimalloc, which keeps what a training step has freed for the next one.
#![allow(unsafe_code)]

use core::ffi::c_long;
use libmimalloc_sys::{mi_option_set_default, mi_option_t};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// `mi_option_purge_delay` of mimalloc's header, which its Rust crate does not name.
const PURGE_DELAY: mi_option_t = 15;

/// The value of [`PURGE_DELAY`] at which memory stays in the process.
const NEVER: c_long = -1;

/// Keeps freed memory in the process, where mimalloc by itself hands it back after ten milliseconds.
///
/// Every training step takes as much memory as the one before. Pages that were handed back in between have to be cleared and
/// mapped again: a fifth of the step of a large network. The environment variable `MIMALLOC_PURGE_DELAY` overrides it.
pub(crate) fn keep_freed_memory() {
    // SAFETY: the call stores a number in a table of the allocator; it is made before a second thread starts.
    unsafe { mi_option_set_default(PURGE_DELAY, NEVER) }
}

#[cfg(test)]
mod tests {
    use super::PURGE_DELAY;

    /// Ten milliseconds, between options that are 1 and 0 by default.
    #[test]
    fn the_option_is_the_one_of_that_name() {
        // SAFETY: reads numbers from a table of the allocator.
        let defaults = [-1, 0, 1].map(|step| unsafe { libmimalloc_sys::mi_option_get(PURGE_DELAY + step) });
        assert_eq!(defaults, [1, 10, 0], "mimalloc has numbered its options anew");
    }
}
