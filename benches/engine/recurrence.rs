//! A recurrent layer over all steps.

use burn::tensor::Tensor;
use criterion::Criterion;
use synfire::network::{Network, NetworkConfig};
use synfire_benches::{devices, normal};

const LAYERS: &str = "steps = 112\nencoder = { name = \"series\", hold = 4 }\n[[layers]]\nlinear = 256\n\
    [[layers]]\nneuron = \"lif\"\nrecurrent = true\n[[layers]]\nlinear = 10\n[[layers]]\nneuron = \"lif\"\n";

pub(super) fn run(c: &mut Criterion) {
    for (name, device) in devices() {
        let mut group = c.benchmark_group(format!("recurrence 112x32, 28-256-10/{name}"));
        let config: NetworkConfig = toml::from_str(LAYERS).expect("a network");
        let network = config.init(&[28, 28], 10, 0, &device).expect("a network");
        let samples: Tensor<2> = normal([32, 784], 1.0, &device);
        let forward = |network: &Network| network.forward(samples.clone(), 0).expect("samples of its size");
        group.bench_function("forward", |b| b.iter(|| forward(&network)));
        group.bench_function("both", |b| b.iter(|| forward(&network).backward()));
    }
}
