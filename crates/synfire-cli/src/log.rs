//! Log messages on stderr, as `RUST_LOG` asks for them.

use crate::output::note;
use std::io::IsTerminal;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::prelude::*;

/// Starts logging. `RUST_LOG` is a level (`debug`) or levels by crate (`synfire=debug,warn`); without
/// it there are only warnings.
pub(crate) fn begin() {
    let wanted = std::env::var("RUST_LOG").ok().filter(|levels| !levels.is_empty());
    let wanted = wanted.and_then(|levels| match levels.parse::<Targets>() {
        Ok(levels) => Some(levels),
        Err(error) => {
            note!("warning: RUST_LOG={levels} is not understood ({error}); expected a level, such as debug or synfire=debug");
            None
        }
    });
    // wgpu tries every graphics API there might be, and calls it an error where one is not
    let quiet = || Targets::new().with_default(LevelFilter::WARN).with_target("wgpu_hal", LevelFilter::OFF);
    let levels = wanted.unwrap_or_else(quiet);
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .without_time();
    tracing_subscriber::registry().with(lines).with(levels).init();
}
