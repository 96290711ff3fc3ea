//! `cargo bench --manifest-path benches/Cargo.toml`: forward and backward of the engine's parts, at sizes of the networks
//! that `synfire bench` times as a whole. `-- product` runs those with that word in their name, `--save-baseline before`
//! and `--baseline before` compare two builds.

mod convolution;
mod encoders;
mod neurons;
mod optimizers;
mod product;
mod recurrence;

use criterion::{Criterion, criterion_group, criterion_main};
use std::time::Duration;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn settings() -> Criterion {
    Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
}

criterion_group! {
    name = engine;
    config = settings();
    targets = neurons::run, product::run, convolution::run, recurrence::run, encoders::run, optimizers::run
}
criterion_main!(engine);
