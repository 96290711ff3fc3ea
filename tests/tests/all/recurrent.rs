//! Recurrent layers over all steps at once against the same layers one step after the other, and inputs that last several
//! steps against those repeated.

use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};
use serde_json::{Value, json};
use synfire::network::{Network, NetworkConfig, NetworkState};
use synfire_tests::{Noise, devices, numbers, relative_error};

const STEPS: usize = 24;
const BATCH: usize = 11;
const INPUTS: usize = 3;

fn network(encoder: Value, layers: Value, inputs: usize, device: &Device) -> Network {
    network_of(encoder, layers, [inputs, 4], device)
}

fn network_of(encoder: Value, layers: Value, [inputs, outputs]: [usize; 2], device: &Device) -> Network {
    let config = json!({ "steps": STEPS, "encoder": encoder, "decoder": "null", "layers": layers });
    let config: NetworkConfig = serde_json::from_value(config).unwrap();
    config.init(&[inputs], outputs, 1, device).unwrap()
}

/// Recurrent layers of several models: one state and more, hard and soft reset, delays, both patterns, parameters that
/// learn, random inputs, graded outputs.
fn layers() -> Vec<Value> {
    let hear = |neurons: Value| {
        let gain = if neurons["neuron"] == "relay" { 1.0 } else { 6.0 };
        json!([{ "linear": 19, "gain": gain }, neurons, { "linear": 4 }, { "neuron": "relay" }])
    };
    vec![
        hear(json!({ "neuron": "lif", "recurrent": { "gain": 2.0 } })),
        hear(json!({ "neuron": "lif", "reset": "soft", "recurrent": { "delay": 2, "bias": true } })),
        hear(json!({ "neuron": "plif", "recurrent": { "delay": 3, "gain": 2.0 } })),
        hear(json!({ "neuron": "plif", "tau_m": { "learn": true, "per": "neuron" }, "recurrent": "one_to_one" })),
        hear(json!({ "neuron": "aclif", "recurrent": true })),
        hear(json!({ "neuron": "slif", "recurrent": { "connect": "one_to_one", "delay": 2, "bias": true } })),
        hear(json!({ "neuron": "clif", "recurrent": true })),
        hear(json!({ "neuron": "relay", "recurrent": { "bias": true } })),
    ]
}

/// The output of all steps, and the gradients of a weighted sum of it.
fn results(network: &Network, output: &Tensor<3>) -> Vec<(String, Vec<f32>)> {
    let weights = Noise::new(3).tensor(output.dims(), -1.0, 1.0, &output.device());
    let gradients = GradientsParams::from_grads((output.clone() * weights).sum().backward(), network);
    let mut all = vec![("output".to_string(), numbers(output))];
    for parameter in network.parameters() {
        let gradient = match parameter.shape.len() {
            1 => gradients.get::<1>(parameter.id).map(|g| numbers(&g)),
            _ => gradients.get::<2>(parameter.id).map(|g| numbers(&g)),
        };
        all.extend(gradient.map(|gradient| (parameter.name, gradient)));
    }
    all
}

fn assert_same(what: &str, [a, b]: [Vec<(String, Vec<f32>)>; 2]) {
    assert!(a.len() > 4, "{what}: gradients of {} parameters", a.len());
    for ((name, a), (_, b)) in a.iter().zip(&b) {
        let error = relative_error(a, b);
        assert!(error < 1e-4, "{what}: {name} is off by {error:e}");
    }
    assert!(a.iter().all(|(_, values)| values.iter().any(|x| *x != 0.0)), "{what}: something is zero");
}

#[test]
fn all_steps_at_once_are_one_step_after_the_other() {
    for (backend, device) in devices() {
        let device = device.autodiff();
        for layers in layers() {
            let network = network(json!("null"), layers.clone(), STEPS * INPUTS, &device);
            let sample = Noise::new(5).tensor([BATCH, STEPS * INPUTS], -1.0, 1.0, &device);
            let whole = network.forward_full(sample.clone(), 0).unwrap().activity.values;
            let steps = sample.reshape([BATCH, STEPS, INPUTS]).swap_dims(0, 1);
            let (mut state, mut outputs) = (NetworkState::default(), vec![]);
            for t in 0..STEPS {
                let (output, next) = network.stream(steps.clone().narrow(0, t, 1), state, 0).unwrap();
                (state, outputs) = (next, [outputs, vec![output.values]].concat());
            }
            let single = Tensor::cat(outputs, 0);
            let what = format!("{layers} on {backend}");
            assert_same(&what, [results(&network, &whole), results(&network, &single)]);
        }
    }
}

/// One weight for each neuron is a diagonal matrix, to the bit: nothing but zeros is added beside it.
#[test]
fn one_to_one_is_a_diagonal_matrix() {
    const NEURONS: usize = 19;
    for (backend, device) in devices() {
        for neuron in ["lif", "plif", "clif", "slif", "cubalif", "eulerlif"] {
            let of = |recurrent: Value| {
                let layers = json!([{ "linear": NEURONS, "gain": 6.0 }, { "neuron": neuron, "recurrent": recurrent }]);
                let network = network_of(json!("null"), layers, [STEPS * INPUTS, NEURONS], &device);
                let mut diagonal = vec![0.0; NEURONS * NEURONS];
                let weights = numbers(&Noise::new(7).tensor([1, NEURONS], -0.8, 0.8, &device));
                (0..NEURONS).for_each(|i| diagonal[i * NEURONS + i] = weights[i]);
                let values = if recurrent == json!("one_to_one") { weights } else { diagonal };
                let network = network.with_value("layers.1.recurrent.weight", &values).unwrap();
                let sample = Noise::new(5).tensor([BATCH, STEPS * INPUTS], -1.0, 1.0, &device);
                numbers(&network.forward_full(sample, 0).unwrap().activity.values)
            };
            let [one, all] = [json!("one_to_one"), json!(true)].map(of);
            assert!(one.iter().any(|spike| *spike != 0.0), "{neuron} on {backend} is silent");
            assert!(one == all, "{neuron} on {backend}: spikes differ");
        }
    }
}

#[test]
fn inputs_that_last_several_steps_are_these_repeated() {
    const ROWS: usize = STEPS / 4;
    let joined = json!([
        { "linear": 19, "gain": 6.0, "name": "a", "input": "input" },
        { "linear": 19, "gain": 6.0, "name": "b", "input": "input", "delay": 2 },
        { "neuron": "lif", "inputs": ["a", "b"] },
        { "linear": 4 },
        { "neuron": "relay" },
    ]);
    for (backend, device) in devices() {
        let device = device.autodiff();
        for layers in layers().into_iter().chain([joined.clone()]) {
            let held = network(json!({ "name": "series", "hold": 4 }), layers.clone(), ROWS * INPUTS, &device);
            let each = network(json!("series"), layers.clone(), STEPS * INPUTS, &device);
            let rows = Noise::new(5).tensor([BATCH, ROWS * INPUTS], -1.0, 1.0, &device);
            let repeated = rows.clone().reshape([BATCH, ROWS, 1, INPUTS]).expand([BATCH, ROWS, 4, INPUTS]);
            let repeated = repeated.reshape([BATCH, STEPS * INPUTS]);
            let outputs = [(&held, rows), (&each, repeated)].map(|(network, sample)| {
                let output = network.forward_full(sample, 0).unwrap().activity.values;
                results(network, &output)
            });
            assert_same(&format!("{layers} on {backend}"), outputs);
        }
    }
}

#[test]
fn a_hold_that_does_not_divide_the_steps_is_refused() {
    let config = |hold: usize| {
        let encoder = json!({ "name": "series", "hold": hold });
        let config = json!({ "steps": STEPS, "encoder": encoder, "layers": [{ "linear": 4 }, { "neuron": "lif" }] });
        serde_json::from_value::<NetworkConfig>(config).unwrap()
    };
    let error = |hold: usize| config(hold).init(&[6], 4, 1, &Device::flex()).unwrap_err().to_string();
    assert!(error(7).contains("`hold` 7") && error(7).contains("divides"), "{}", error(7));
    assert!(error(0).contains("hold") && error(0).contains("at least 1 step"), "{}", error(0));
}
