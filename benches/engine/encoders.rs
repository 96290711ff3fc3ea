//! Random spikes of 128 pictures over 25 steps.

use burn::tensor::{Device, Tensor};
use criterion::Criterion;
use synfire::coding::{Encode, Latency, Poisson, Source, TimeGrid};
use synfire_benches::spikes;

pub(super) fn run(c: &mut Criterion) {
    let (device, grid) = (Device::flex(), TimeGrid { steps: 25, dt: 1.0 });
    let mut group = c.benchmark_group("encoders 25x128x784");
    let pictures: Tensor<2> = spikes([1, 128, 784], 0.2).tensor(&device).reshape([128, 784]) * 0.5;
    let source = Source::from(pictures);
    let (poisson, latency) = (Poisson::default(), Latency::default());
    group.bench_function("poisson/bits", |b| b.iter(|| poisson.encode_bits(&source, grid, 0)));
    group.bench_function("poisson/tensor", |b| b.iter(|| poisson.encode(source.clone(), grid, 0)));
    group.bench_function("latency/tensor", |b| b.iter(|| latency.encode(source.clone(), grid, 0)));
}
