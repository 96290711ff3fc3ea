//! What the GPU kernels must do beside giving the right numbers: bounded memory, launches that do not
//! grow with time, half precision. (Models of one's own are among the laws.)
//!
//! A program of its own, since launches and memory are counted for the whole process: no other test may run beside it. Built
//! with `--features wgpu`; skips where no adapter is found.

use burn::tensor::{DType, Device, FloatDType, Tensor};
use cubecl_runtime::logging::{LaunchObservation, LaunchObserver};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use synfire::network::NetworkConfig;
use synfire::neuron::{LifConfig, PlifConfig, registry};
use synfire_tests::{Noise, absolute_error, alone, gpu, numbers, relative_error};

#[test]
fn a_thousand_steps_fit() {
    let _alone = alone();
    let Some(gpu) = gpu() else { return };
    let (steps, batch, neurons) = (1000, 8, 64);
    for name in ["lif", "clif"] {
        let run = |device: &Device| {
            let settings = serde_json::json!({ "v_th": 1.0 });
            let settings = serde_json::from_value(settings).unwrap();
            let layer = registry::find(name).unwrap().layer(&settings, &[neurons], 1.0, device).unwrap();
            let current = Noise::new(6).tensor([steps, batch, neurons], -0.5, 0.8, device).require_grad();
            let before = device.memory_pool_usage().map(|usage| usage.bytes_in_use);
            let output = layer.forward(current.clone());
            let gradients = output.clone().sum().backward();
            let gradient = current.grad(&gradients).unwrap();
            device.sync().unwrap();
            let after = device.memory_pool_usage().map(|usage| usage.bytes_in_use);
            (numbers(&output), numbers(&gradient), before.zip(after).map(|(before, after)| after - before))
        };
        let (actual, expected) = (run(&gpu), run(&Device::flex().autodiff()));
        // in so many steps a potential may come within a rounding error of the threshold: neurons whose
        // spikes differ are few, and left out
        let column = |x: &[f32], at: usize| x.iter().skip(at).step_by(batch * neurons).copied().collect::<Vec<_>>();
        let alike: Vec<usize> =
            (0..batch * neurons).filter(|&at| column(&actual.0, at) == column(&expected.0, at)).collect();
        println!("{name}: {} of {} neurons spike alike", alike.len(), batch * neurons);
        assert!(alike.len() * 50 >= batch * neurons * 49, "{name}: only {}", alike.len());
        for at in alike {
            let error = relative_error(&column(&actual.1, at), &column(&expected.1, at));
            assert!(error < 1e-4, "{name}: {error:e}");
        }
        // the output, its gradient and that of the input are as large as the input; states at every step
        // or even their Jacobians, would be many times more
        let plane = batch * neurons * 4;
        if let Some(bytes) = actual.2 {
            println!("{name}, T = {steps}: input of {} bytes, {bytes} more bytes in use after backward", steps * plane);
            assert!(bytes < 5 * (steps * plane) as u64, "{name}: {bytes} bytes");
        }
    }
}

/// Counts the launches of kernels.
#[derive(Default)]
struct Counter(AtomicUsize);

impl LaunchObserver for Counter {
    fn launched(&self, _: &'static str) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn launches(device: &Device, work: impl FnOnce()) -> usize {
    device.sync().unwrap();
    let counter = Arc::new(Counter::default());
    let observation = LaunchObservation::new(counter.clone());
    work();
    device.sync().unwrap();
    drop(observation);
    counter.0.load(Ordering::Relaxed)
}

#[test]
fn launches_do_not_grow_with_time() {
    let _alone = alone();
    let Some(gpu) = gpu() else { return };
    let layer = |steps: usize| {
        let neurons = PlifConfig::new().init(&[64], &gpu);
        let current = Noise::new(6).tensor([steps, 8, 64], -0.5, 0.8, &gpu).require_grad();
        launches(&gpu, || {
            let gradients = neurons.forward(current.clone()).sum().backward();
            drop(numbers(&current.grad(&gradients).unwrap()));
        })
    };
    let step = |steps: usize| {
        let network = NetworkConfig::two_layers("lif", 32, steps).init(&[64], 10, 0, &gpu).unwrap();
        let pixels = Noise::new(7).tensor([16, 64], 0.0, 1.0, &gpu);
        launches(&gpu, || {
            let loss = network.forward(pixels.clone(), 0).unwrap().square().mean();
            drop(loss.backward());
            drop(numbers(&loss.inner()));
        })
    };
    // the first runs compile, and may try kernels
    let _ = (layer(10), step(10));
    let (of_layer, of_step) = ([10, 100, 1000].map(layer), [10, 60].map(step));
    println!("launches: PLIF layer forward and backward {of_layer:?}, network {of_step:?}");
    assert!(of_layer[0] > 1 && of_layer[0] < 30, "{of_layer:?}");
    assert!(of_layer.iter().all(|&count| count == of_layer[0]), "{of_layer:?}");
    assert_eq!(of_step[0], of_step[1]);
}

#[test]
fn inputs_in_half_precision_give_nearly_the_same() {
    let _alone = alone();
    let Some(gpu) = gpu() else { return };
    if !gpu.supports_dtype(FloatDType::F16) {
        println!("skipped: the adapter has no f16");
        return;
    }
    let neurons = LifConfig::new().init(&[64], &gpu);
    let run = |dtype: DType| {
        // numbers that half precision holds exactly
        let current = Noise::new(8).numbers(20 * 8 * 64, -4.0, 8.0).into_iter().map(|x| x.round() / 8.0).collect();
        let current: Tensor<3> = synfire_tests::tensor(current, [20, 8, 64], &gpu);
        let current = current.cast(dtype).detach().require_grad();
        let output = neurons.forward(current.clone());
        assert_eq!(output.dtype(), dtype);
        let gradients = (output.clone().cast(DType::F32).sum() * 0.5).backward();
        let gradient = current.grad(&gradients).unwrap();
        assert_eq!(gradient.dtype(), dtype);
        (numbers(&output), numbers(&gradient))
    };
    let (half, single) = (run(DType::F16), run(DType::F32));
    // states are in single precision in both
    assert_eq!(half.0, single.0, "spikes");
    let error = absolute_error(&half.1, &single.1);
    assert!(error < 2e-3, "{error:e}");
}
