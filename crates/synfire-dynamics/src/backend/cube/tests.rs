//! The GPU kernels against those of the CPU. Skips where no adapter is found.

use crate::probe::Probe;
use crate::{CounterRng, Dynamics, Fields, Real, Scan};
use burn::tensor::{Device, DeviceKind, Tensor, TensorData};

fn gpu() -> Option<Device> {
    let open = || {
        let device = Device::wgpu(DeviceKind::DefaultDevice);
        Tensor::<1>::ones([1], &device).try_into_data().map(|_| device).ok()
    };
    let device = std::panic::catch_unwind(open).ok().flatten();
    if device.is_none() {
        println!("skipped: no wgpu adapter");
    }
    device.map(Device::autodiff)
}

/// Pseudo-random values between -1 and 1.
fn noise<const N: usize>(seed: usize, dims: [usize; N], device: &Device) -> Tensor<N> {
    let value = |i: usize| ((i + 7919 * seed) as u32).wrapping_mul(2_654_435_761) as f32 / (1u64 << 31) as f32 - 1.0;
    Tensor::from_data(TensorData::new((0..dims.iter().product()).map(value).collect::<Vec<f32>>(), dims), device)
}

fn values<const N: usize>(x: Tensor<N>) -> Vec<f32> {
    x.into_data().try_into_vec().unwrap()
}

fn worst(actual: &[f32], expected: &[f32]) -> f32 {
    assert_eq!(actual.len(), expected.len());
    let largest = expected.iter().fold(1e-3f32, |most, x| most.max(x.abs()));
    actual.iter().zip(expected).fold(0.0, |most, (a, b)| most.max((a - b).abs() / largest))
}

/// Outputs, traces, final states and all gradients of a scan of [`Probe`].
fn evaluate([steps, rows, batch, neurons]: [usize; 4], param_lens: [usize; 3], device: &Device) -> Vec<Vec<f32>> {
    let inputs: Vec<_> = (0..2).map(|i| noise(i, [rows, batch, neurons], device).require_grad()).collect();
    let params: Vec<_> = (0..3)
        .map(|k| (noise(5 + k, [param_lens[k]], device) * 0.1 + [0.85, 0.5, 0.6][k]).detach().require_grad())
        .collect();
    let initial: Vec<_> =
        (0..2).map(|k| (noise(9 + k, [batch, neurons], device) * 0.2 + 0.3).detach().require_grad()).collect();
    let scan = Scan {
        steps,
        dt: 1.0,
        inputs: inputs.clone(),
        params: params.clone(),
        bounds: vec![],
        initial: initial.clone(),
        traces: vec![1, 0],
        learnable: vec![0, 1, 2],
    };
    let out = scan.run(Probe).unwrap();
    let mut loss = (out.output.clone() * noise(20, [steps, batch, neurons], device)).sum();
    let mut results = vec![values(out.output)];
    for (k, trace) in out.traces.into_iter().enumerate() {
        loss = loss + (trace.clone() * noise(30 + k, [steps, batch, neurons], device)).sum();
        results.push(values(trace));
    }
    for (k, last) in out.finals.into_iter().enumerate() {
        loss = loss + (last.clone() * noise(40 + k, [batch, neurons], device)).sum();
        results.push(values(last));
    }
    let gradients = loss.backward();
    results.extend(inputs.iter().map(|x| values(x.grad(&gradients).unwrap())));
    results.extend(params.iter().map(|x| values(x.grad(&gradients).unwrap())));
    results.extend(initial.iter().map(|x| values(x.grad(&gradients).unwrap())));
    results
}

/// Several segments, constant inputs, sums over many samples and neurons, vectors of 2 and 4 neurons.
#[test]
fn kernels_agree_with_the_cpu() {
    let Some(gpu) = gpu() else { return };
    let flex = Device::flex().autodiff();
    for (sizes, param_lens) in [
        ([9, 9, 3, 12], [1, 3, 12]),
        ([9, 1, 1, 7], [7, 1, 1]),
        ([1, 1, 1, 1], [1, 1, 1]),
        ([150, 150, 2, 10], [1, 5, 10]),
        ([3, 3, 70, 2100], [1, 2100, 30]),
        ([2, 2, 128, 1024], [1, 1024, 16]),
        ([2, 1, 256, 1025], [1, 1, 5]),
    ] {
        let [actual, expected] = [&gpu, &flex].map(|device| evaluate(sizes, param_lens, device));
        assert_eq!(actual[0], expected[0], "spikes of {sizes:?}");
        let rate = actual[0].iter().sum::<f32>() / actual[0].len() as f32;
        assert!(
            rate > 0.005 && rate < 0.98 || sizes[2] * sizes[3] < 20,
            "{sizes:?} should fire now and then, not at a rate of {rate}"
        );
        for (i, (actual, expected)) in actual.iter().zip(&expected).enumerate() {
            let error = worst(actual, expected);
            assert!(error < 1e-5, "result {i} of {sizes:?}, {param_lens:?}: {error:e}");
        }
    }
}

/// Layers large enough for vectors, from the resting state, with nothing recorded.
#[test]
fn large_layers_from_rest() {
    let Some(gpu) = gpu() else { return };
    let flex = Device::flex().autodiff();
    for neurons in [1024, 2048] {
        let run = |device: &Device| {
            let current: Tensor<3> = noise(2, [2, 128, neurons], device).require_grad();
            let scan = Scan {
                steps: 2,
                dt: 1.0,
                inputs: vec![current.clone(), noise(4, [2, 128, neurons], device)],
                params: [0.85, 0.5, -0.5].map(|x| Tensor::from_floats([x], device)).to_vec(),
                bounds: vec![],
                initial: vec![],
                traces: vec![],
                learnable: vec![],
            };
            let output = scan.run(Probe).unwrap().output;
            let gradients = output.clone().sum().backward();
            [values(output), values(current.grad(&gradients).unwrap())]
        };
        let [actual, expected] = [&gpu, &flex].map(run);
        assert_eq!(actual[0], expected[0], "spikes of {neurons} neurons");
        let rate = actual[0].iter().sum::<f32>() / actual[0].len() as f32;
        assert!(rate > 0.02 && rate < 0.98, "{neurons} neurons should fire now and then, not at a rate of {rate}");
        assert!(worst(&actual[1], &expected[1]) < 1e-5);
    }
}

/// An elementary function of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Function {
    Exp,
    Ln,
}

impl Dynamics for Function {
    type Params<R: Copy> = R;
    type Constants<R: Copy> = R;
    type State<R: Copy> = R;
    type Input<R: Copy> = R;

    fn constants<R: Real>(&self, p: R, _: f32) -> R {
        p
    }
    fn step<R: Real>(&self, _: &R, _: &mut R, x: R) -> R {
        match self {
            Function::Exp => x.exp(),
            Function::Ln => x.ln(),
        }
    }
}

#[test]
fn exp_and_ln_are_those_of_the_cpu() {
    let Some(gpu) = gpu() else { return };
    let run = |function: Function, x: &Tensor<3>, device: &Device| {
        let x = Tensor::from_data(x.to_data(), device);
        let params = (0..<f32 as Fields<f32>>::LEN).map(|_| Tensor::ones([1], device)).collect();
        let scan = Scan {
            steps: 1,
            dt: 1.0,
            inputs: vec![x],
            params,
            bounds: vec![],
            initial: vec![],
            traces: vec![],
            learnable: vec![],
        };
        values(scan.run(function).unwrap().output)
    };
    for (function, low, high) in [
        (Function::Exp, -100.0, 100.0),
        (Function::Exp, -1.0, 1.0),
        (Function::Ln, 1e-6, 2.0),
        (Function::Ln, 2.0, 1e6),
    ] {
        let x = (noise(3, [1, 1, 10_000], &Device::flex()) + 1.0) * (0.5 * (high - low)) + low;
        let [actual, expected] = [&gpu, &Device::flex()].map(|device| run(function, &x, device));
        for ((a, b), x) in actual.iter().zip(&expected).zip(values(x)) {
            // a driver may merge the two parts of ln 2, whose error grows with the exponent
            let tolerance = if function == Function::Exp { 2e-7 + 6e-8 * x.abs() } else { 2e-7 };
            assert!((a - b).abs() <= tolerance * b.abs().max(1e-37), "{function:?}({x}) = {a}, expected {b}");
        }
    }
}

/// Rows that end inside a block and rows of several; the first block and those after.
#[test]
fn random_numbers_are_those_of_the_host() {
    let Some(gpu) = gpu() else { return };
    for shape in [[1, 1, 1], [3, 1, 16], [5, 2, 37], [2, 3, 1000]] {
        for (seed, stream, first_step) in [(0, 0, 0), (u64::MAX - 7, (1 << 32) + 259, 12)] {
            let rng = CounterRng::new(seed).in_stream(stream).at_step(first_step);
            let rng = rng.of_samples([70_000, u32::MAX as usize, 3]);
            assert_eq!(values(rng.tensor(shape, &gpu)), values(rng.tensor(shape, &Device::flex())), "{shape:?}");
        }
    }
}
