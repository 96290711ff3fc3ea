//! Linear maps of spikes, 784 inputs to 512 outputs, by density; and of values.

use burn::tensor::Tensor;
use criterion::Criterion;
use synfire_benches::{devices, leaf, normal, spikes};
use synfire_dynamics::{Spikes, linear, linear_spikes};

pub(super) fn run(c: &mut Criterion) {
    for (name, device) in devices() {
        let mut group = c.benchmark_group(format!("product 3200x784x512/{name}"));
        let weight = || leaf(normal::<2>([784, 512], 0.04, &device));
        for density in [0.02, 0.1, 0.2] {
            let bits = Spikes::new(spikes([25, 128, 784], density), &device);
            let tensor: Tensor<2> = bits.clone().tensor().reshape([3200, 784]);
            group.bench_function(format!("bits {density}/both"), |b| {
                b.iter(|| linear_spikes(bits.clone(), weight(), None).backward());
            });
            group.bench_function(format!("spikes {density}/both"), |b| {
                b.iter(|| linear(tensor.clone(), weight(), None).backward());
            });
        }
        let values = normal::<2>([3200, 784], 1.0, &device);
        group.bench_function("values/both", |b| b.iter(|| linear(values.clone(), weight(), None).backward()));
    }
}
