//! Steps of optimisers over one parameter.

use burn::tensor::{Device, Tensor};
use criterion::Criterion;
use synfire_benches::normal;
use synfire_dynamics::{AdamStep, SgdStep, WeightDecay, adam_step, sgd_step};

pub(super) fn run(c: &mut Criterion) {
    let device = Device::flex();
    let mut group = c.benchmark_group("optimizers 784x512");
    let [parameters, gradient]: [Tensor<2>; 2] = [(); 2].map(|()| normal([784, 512], 0.04, &device));
    let adam = AdamStep { rate: 1e-3, betas: [0.9, 0.999], epsilon: 1e-8, decay: WeightDecay::None, time: 1 };
    // taken out and put back: a step reuses memory that nobody else holds
    let mut state = Some((parameters.clone(), [parameters.zeros_like(), parameters.zeros_like()]));
    group.bench_function("adam", |b| {
        b.iter(|| {
            let (parameters, moments) = state.take().expect("put back below");
            state = Some(adam_step(parameters, gradient.clone(), moments, &adam));
        });
    });
    let sgd = SgdStep { rate: 1e-3, momentum: 0.9, decay: WeightDecay::None };
    let mut state = Some((parameters.clone(), parameters.zeros_like()));
    group.bench_function("sgd", |b| {
        b.iter(|| {
            let (parameters, velocity) = state.take().expect("put back below");
            state = Some(sgd_step(parameters, gradient.clone(), velocity, &sgd));
        });
    });
}
