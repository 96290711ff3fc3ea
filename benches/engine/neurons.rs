//! All steps of a layer of neurons.

use criterion::Criterion;
use synfire::neuron::{LifConfig, ParameterConfig, PlifConfig};
use synfire_benches::{devices, leaf, normal};

pub(super) fn run(c: &mut Criterion) {
    for (name, device) in devices() {
        let mut group = c.benchmark_group(format!("neurons 25x128x512/{name}"));
        let tau = ParameterConfig::learnable(2.0);
        let layers = [
            ("lif", LifConfig::new().init(&[512], &device)),
            ("plif", PlifConfig::new().with("tau_m", tau).init(&[512], &device)),
        ];
        let current = normal([25, 128, 512], 0.5, &device);
        for (model, neurons) in layers {
            group.bench_function(format!("{model}/forward"), |b| b.iter(|| neurons.forward(current.clone())));
            group.bench_function(format!("{model}/both"), |b| {
                b.iter(|| neurons.forward(leaf(current.clone())).backward());
            });
        }
    }
}
