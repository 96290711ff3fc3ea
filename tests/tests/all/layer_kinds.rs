//! Every kind of layer: gradients, one step after the other, shapes told before and found, precision, files.

mod build;
mod kinds;

use build::{layer, pass, spikes};
use burn::module::Module;
use burn::tensor::{DType, FloatDType, Tensor};
use kinds::{KINDS, kind};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use serde_json::{Value, json};
use synfire::Error;
use synfire::checkpoint::Checkpoint;
use synfire::coding::Activations;
use synfire::network::layer::LayerState;
use synfire::network::{Network, NetworkConfig, Shape};
use synfire_tests::{Noise, absolute_error, devices, numbers, relative_error};

const STEPS: usize = 3;
const BATCH: usize = 2;

#[test]
fn gradients_are_those_of_finite_differences() {
    for (backend, device) in devices() {
        for (written, shape) in KINDS {
            let (kind, shape) = (kind(written), Shape::from(*shape));
            if kind.model().is_some() {
                continue; // spikes have surrogate gradients, which tests of their own compare
            }
            let layer = layer(&*kind, &shape, &device);
            let x = Noise::new(3).numbers(STEPS * BATCH * shape.size(), -1.0, 1.0);
            let output = |x: &[f32]| {
                let x = synfire_tests::tensor(x.to_vec(), [STEPS, BATCH, shape.size()], &device).require_grad();
                (x.clone(), layer.forward(Activations::from(x), &mut pass(STEPS)).unwrap().values)
            };
            let (input, y) = output(&x);
            let weights = Noise::new(4).numbers(y.dims().iter().product(), -1.0, 1.0);
            let weighted = synfire_tests::tensor(weights.clone(), y.dims(), &device);
            let gradients = (y * weighted).sum().backward();
            let gradient = numbers(&input.grad(&gradients).unwrap());
            let step = 2e-3;
            for i in (0..x.len()).step_by(x.len() / 24 + 1) {
                let at = |by: f32| {
                    let mut x = x.clone();
                    x[i] += by;
                    synfire_tests::dot(&numbers(&output(&x).1), &weights)
                };
                let slope = (at(step) - at(-step)) / f64::from(2.0 * step);
                let error = (slope - f64::from(gradient[i])).abs();
                assert!(
                    error < 5e-3 * (1.0 + slope.abs()),
                    "{backend}, {written}, input {i}: {} is {slope}",
                    gradient[i]
                );
            }
        }
    }
}

#[test]
fn all_steps_at_once_are_the_steps_one_by_one() {
    for (backend, device) in devices() {
        for (written, shape) in KINDS {
            let (kind, shape) = (kind(written), Shape::from(*shape));
            // statistics over all steps are not those of each
            let layer = layer(&*kind, &shape, &device).valid();
            let input = spikes([STEPS, BATCH, shape.size()], &device.clone().inner());
            let whole = layer.forward(input.clone(), &mut pass(STEPS)).unwrap().values;
            let (mut state, mut steps) = (LayerState::default(), vec![]);
            for t in 0..STEPS {
                let mut pass = pass(1);
                (pass.state, pass.rng.first_step) = (state, t);
                let step = Activations { values: input.values.clone().narrow(0, t, 1), ..input.clone() };
                steps.push(layer.forward(step, &mut pass).unwrap().values);
                state = pass.state;
            }
            let error = absolute_error(&numbers(&Tensor::cat(steps, 0)), &numbers(&whole));
            assert!(error < 1e-5, "{backend}, {written}: {error:e}");
        }
    }
}

#[test]
fn a_constant_input_stays_constant_up_to_the_first_neurons() {
    let device = synfire_tests::device("flex");
    for (written, shape) in KINDS {
        let (kind, shape) = (kind(written), Shape::from(*shape));
        let layer = layer(&*kind, &shape, &device);
        let once = spikes([1, BATCH, shape.size()], &device);
        let held = Activations { values: once.values.clone().expand([STEPS, BATCH, shape.size()]), ..once.clone() };
        let (once, held) =
            (layer.forward(once, &mut pass(STEPS)).unwrap(), layer.forward(held, &mut pass(STEPS)).unwrap());
        let steps = once.values.dims()[0];
        let varies = kind.model().is_some() || written.contains("per_step");
        assert_eq!(steps, if varies { STEPS } else { 1 }, "{written}");
        let error = relative_error(&numbers(&once.values.expand(held.values.dims())), &numbers(&held.values));
        assert!(error < 1e-5, "{written}: {error:e}");
    }
}

#[test]
fn half_precision_comes_close_where_the_device_has_it() {
    for (backend, device) in devices() {
        if !device.supports_dtype(FloatDType::F16) {
            println!("skipped: {backend} has no f16");
            continue;
        }
        for (written, shape) in KINDS {
            let (kind, shape) = (kind(written), Shape::from(*shape));
            if kind.model().is_some() {
                continue; // spikes of potentials that are rounded otherwise
            }
            let layer = layer(&*kind, &shape, &device).valid();
            let input = spikes([STEPS, BATCH, shape.size()], &device.clone().inner());
            let half = Activations { values: input.values.clone().cast(DType::F16), ..input.clone() };
            let single = layer.forward(input, &mut pass(STEPS)).unwrap().values;
            let half = layer.forward(half, &mut pass(STEPS)).unwrap().values;
            assert_eq!(half.dtype(), DType::F16, "{backend}, {written}");
            let error = relative_error(&numbers(&half), &numbers(&single));
            assert!(error < 1e-2, "{backend}, {written}: {error:e}");
        }
    }
}

/// A network of random layers for samples of a random shape, as far as they fit.
fn random_stack(rng: &mut ChaCha8Rng) -> (NetworkConfig, Vec<usize>) {
    let mut pick = |n: usize| rng.next_u32() as usize % n;
    let shape = match pick(3) {
        0 => vec![1 + pick(3), 5 + pick(6), 5 + pick(6)],
        1 => vec![6 + pick(4), 6 + pick(4)],
        _ => vec![8 + pick(9)],
    };
    let mut layers = vec![];
    for _ in 0..1 + pick(6) {
        layers.push(match pick(12) {
            0 => json!({ "conv2d": 1 + pick(4), "kernel": [1 + pick(3), 1 + pick(3)], "stride": 1 + pick(2), "padding": pick(3) }),
            1 => json!({ "conv2d": 2, "kernel": 3, "padding": "same", "dilation": 1 + pick(2) }),
            2 => json!({ "max_pool2d": 1 + pick(3), "stride": 1 + pick(2) }),
            3 => json!({ "average_pool2d": [1 + pick(2), 1 + pick(2)] }),
            4 => json!({ "conv1d": 1 + pick(4), "kernel": 1 + pick(3), "padding": pick(2) }),
            5 => json!({ "sum_pool1d": 1 + pick(2) }),
            6 => json!({ "batch_norm": true }),
            7 => json!({ "conv_transpose2d": 1 + pick(3), "kernel": 1 + pick(3), "stride": 1 + pick(2) }),
            8 => json!({ "global_max_pool": true }),
            9 => json!({ "linear": 1 + pick(9) }),
            10 => json!({ "flatten": true }),
            _ => json!({ "neuron": "plif", "tau_m": { "value": 2.0, "learn": true, "per": "channel" } }),
        });
    }
    layers.extend([json!({ "linear": 4 }), json!({ "neuron": "lif" })]);
    let config = json!({ "steps": STEPS, "layers": layers });
    (serde_json::from_value(config).unwrap(), shape)
}

#[test]
fn shapes_told_before_are_shapes_found() {
    let mut rng = ChaCha8Rng::seed_from_u64(11);
    let device = synfire_tests::device("flex").inner();
    let (mut built, mut refused) = (0, 0);
    for _ in 0..300 {
        let (config, shape) = random_stack(&mut rng);
        let network = match config.init(&shape, 4, 0, &device) {
            Ok(network) => network,
            Err(error @ Error::Config { .. }) => {
                let message = error.to_string();
                assert!(
                    message.starts_with("layers.") && message.contains("expected") || message.contains("make"),
                    "{message}"
                );
                refused += 1;
                continue;
            }
            Err(error) => panic!("{error}"),
        };
        built += 1;
        for node in network.layers() {
            let input = spikes([STEPS, BATCH, node.input_shape().size()], &device);
            let found = node.layer().forward(input, &mut pass(STEPS)).unwrap().values.dims();
            assert_eq!(found[1..], [BATCH, node.output_shape().size()], "{} in {config:?}", node.path());
        }
        let samples = Noise::new(1).tensor([BATCH, shape.iter().product()], 0.0, 1.0, &device);
        assert_eq!(network.forward(samples, 0).unwrap().dims(), [BATCH, 4]);
    }
    assert!(built > 60 && refused > 20, "{built} built, {refused} refused");
}

#[test]
fn checkpoints_hold_every_kind() {
    let device = synfire_tests::device("flex");
    let folder = tempfile::tempdir().unwrap();
    for (written, shape) in KINDS {
        let layers = json!([kind_value(written), { "linear": 4 }, { "neuron": "lif" }]);
        let config: NetworkConfig = serde_json::from_value(json!({ "steps": STEPS, "layers": layers })).unwrap();
        let network = config.init(shape, 4, 7, &device).unwrap();
        let path = folder.path().join("network.bpk");
        Checkpoint::of(&network).write(&path).unwrap();
        let read = Checkpoint::read(&path).unwrap().network(&device).unwrap();
        let scores = |network: &Network| {
            let samples = Noise::new(2).tensor([BATCH, shape.iter().product()], 0.0, 1.0, &device.clone().inner());
            numbers(&network.valid().forward(samples, 0).unwrap())
        };
        assert_eq!(scores(&read), scores(&network), "{written}");
        assert_eq!(read.config(), network.config(), "{written}");
        // and as TOML
        let toml = toml::to_string(network.config()).unwrap();
        assert_eq!(&toml::from_str::<NetworkConfig>(&toml).unwrap(), network.config(), "{written}: {toml}");
    }
}

fn kind_value(written: &str) -> Value {
    serde_json::to_value(toml::from_str::<toml::Value>(written).unwrap()).unwrap()
}

#[test]
fn shapes_that_do_not_fit_are_refused_with_layer_shape_and_cure() {
    let device = synfire_tests::device("flex");
    for (layers, shape, expected) in [
        (
            json!([{ "conv2d": 4, "kernel": 9 }]),
            vec![8, 8],
            "layers.0: `conv2d` has a window of 9 along the height of 8",
        ),
        (json!([{ "linear": 8 }, { "conv2d": 4 }]), vec![8, 8], "layers.1: `conv2d` is given samples of shape [8]"),
        (
            json!([{ "conv2d": 3 }, { "conv2d": 4, "groups": 2 }]),
            vec![8, 8],
            "layers.1: `conv2d` has 2 groups and is given 3",
        ),
        (
            json!([{ "conv2d": 4 }, { "conv1d": 4 }]),
            vec![8, 8],
            "layers.1: `conv1d` is given samples of shape [4, 6, 6]",
        ),
        (json!([{ "linear": 15 }, { "voting": 10 }]), vec![8], "layers.1: `voting` has groups of 10 and is given 15"),
        (
            json!([{ "conv2d": 6 }, { "group_norm": 4 }]),
            vec![8, 8],
            "layers.1: `group_norm` has 4 groups and is given 6",
        ),
        (json!([{ "max_pool2d": 9 }]), vec![8, 8], "layers.0: `max_pool2d` has a window of 9 along the height of 8"),
        (
            json!([{ "conv2d": 4, "padding": 1 }, { "conv2d": 4, "input": "input" }, { "identity": true, "inputs": ["layers.0", "layers.1"] }]),
            vec![8, 8],
            "layers.2: listens to samples of shape [4, 8, 8] and [4, 6, 6]; expected one shape",
        ),
    ] {
        let mut layers = layers.as_array().unwrap().clone();
        layers.extend([json!({ "linear": 4 }), json!({ "neuron": "lif" })]);
        let config: NetworkConfig = serde_json::from_value(json!({ "steps": STEPS, "layers": layers })).unwrap();
        let message = config.init(&shape, 4, 0, &device).unwrap_err().to_string();
        assert!(message.contains(expected), "{message}\n instead of {expected}");
        assert!(message.contains("expected") || message.contains("make"), "{message}");
    }
    for (settings, expected) in [
        (json!({ "conv2d": 4, "padding": "same", "stride": 2 }), "layers.0.padding: is \"same\" with a stride above 1"),
        (json!({ "conv2d": 0 }), "layers.0.conv2d: is 0"),
        (
            json!({ "conv2d": 4, "kernel": [3, 3, 3] }),
            "layers.0.kernel: is [3, 3, 3]; expected one size, or a list of 2",
        ),
        (json!({ "dropout": 1.0 }), "layers.0.dropout: is 1; expected 0 to below 1"),
        (json!({ "batch_norm": true, "threshold": true }), "layers.0.threshold: needs neurons with a firing threshold"),
        (json!({ "conv2d": 4, "padding": 65536 }), "expected at most 268435456 values in a step"),
        (json!({ "conv_transpose2d": 4, "stride": 65536 }), "expected at most 268435456 values in a step"),
    ] {
        let layers = json!([settings, { "linear": 4 }, { "neuron": "lif" }]);
        let config: NetworkConfig = serde_json::from_value(json!({ "steps": STEPS, "layers": layers })).unwrap();
        let message = config.init(&[8, 8], 4, 0, &device).unwrap_err().to_string();
        assert!(message.contains(expected), "{message}\n instead of {expected}");
    }
}
