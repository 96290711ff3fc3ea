//! 32 channels of 5x5 over 12x12 of 12 channels with a max pool of 2x2, of spikes by density and of values.

use burn::tensor::Tensor;
use criterion::Criterion;
use synfire_benches::{devices, leaf, normal, spikes};
use synfire_dynamics::{Window2d, conv2d_max_pool2d};

pub(super) fn run(c: &mut Criterion) {
    let (window, pool) = (Window2d::new([5, 5]), Window2d { stride: [2, 2], ..Window2d::new([2, 2]) });
    for (name, device) in devices() {
        let mut group = c.benchmark_group(format!("convolution 800x12x12x12-32c5-mp2/{name}"));
        let inputs: [(&str, Tensor<4>); 3] = [
            ("spikes 0.05", spikes([25, 32, 1728], 0.05).tensor(&device).reshape([800, 12, 12, 12])),
            ("spikes 0.2", spikes([25, 32, 1728], 0.2).tensor(&device).reshape([800, 12, 12, 12])),
            ("values", normal([800, 12, 12, 12], 1.0, &device)),
        ];
        let weight = normal([32, 12, 5, 5], 0.06, &device);
        for (what, input) in inputs {
            let convolve = |input, weight| conv2d_max_pool2d(input, weight, None, &window, 1, &pool);
            group.bench_function(format!("{what}/forward"), |b| b.iter(|| convolve(input.clone(), weight.clone())));
            group.bench_function(format!("{what}/both"), |b| {
                b.iter(|| convolve(leaf(input.clone()), leaf(weight.clone())).backward());
            });
        }
    }
}
