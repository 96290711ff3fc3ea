//! Delays, recurrence, several inputs and modules, against what they mean.

use burn::tensor::{Device, Tensor};
use serde_json::{Value, json};
use std::ops::ControlFlow;
use std::sync::Arc;
use synfire::checkpoint::Checkpoint;
use synfire::network::{Network, NetworkConfig, NetworkState};
use synfire::train::{TrainConfig, Trainer, Training};
use synfire_dynamics::linear;
use synfire_tests::{Noise, absolute_error, devices, numbers};

const STEPS: usize = 7;

fn config(layers: Value) -> NetworkConfig {
    serde_json::from_value(json!({ "steps": STEPS, "encoder": "null", "decoder": "null", "layers": layers })).unwrap()
}

/// A network of 3 inputs and 4 outputs per step.
fn network(layers: Value, device: &Device) -> Network {
    config(layers).init(&[STEPS * 3], 4, 1, device).unwrap()
}

fn sample(device: &Device) -> Tensor<2> {
    Noise::new(5).tensor([2, STEPS * 3], -1.0, 1.0, device)
}

/// The output of the last layer, `[T, B, N]`.
fn output(network: &Network, device: &Device) -> Tensor<3> {
    network.forward_full(sample(device), 0).unwrap().activity.values
}

fn weights_as(network: Network, other: &Network, names: &[(&str, &str)]) -> Network {
    let values = other.values();
    names.iter().fold(network, |network, (name, from)| {
        let (_, data) = values.iter().find(|(p, _)| p.name == *from).unwrap();
        network.with_value(name, &data.clone().try_into_vec::<f32>().unwrap()).unwrap()
    })
}

fn rows(x: &Tensor<3>, first: usize, count: usize) -> Vec<f32> {
    numbers(&x.clone().narrow(0, first, count))
}

#[test]
fn a_delay_is_a_shift() {
    for (backend, device) in devices() {
        let with = |delay: Value| network(json!([{ "linear": 4, "delay": delay }, { "neuron": "relay" }]), &device);
        let now = output(&with(json!(0)), &device);
        let bias = with(json!(0)).values()[1].1.clone().try_into_vec::<f32>().unwrap();
        for delay in [1, 3] {
            for written in
                [json!(delay), json!({ "value": delay, "max": 4 }), json!({ "value": delay, "max": 4, "per": "input" })]
            {
                let late = output(&with(written.clone()), &device);
                let error = absolute_error(&rows(&late, delay, STEPS - delay), &rows(&now, 0, STEPS - delay));
                assert!(error < 1e-6, "{backend}, {written}: {error}");
                assert_eq!(
                    rows(&late, 0, 1)[..4],
                    bias,
                    "{backend}, {written}: nothing before the first step but the bias"
                );
            }
        }
        // half way between two steps
        let half = output(&with(json!({ "value": 1.5, "max": 4 })), &device);
        let [one, two] = [1, 2].map(|delay| output(&with(json!(delay)), &device));
        assert!(absolute_error(&numbers(&half), &numbers(&((one + two) / 2.0))) < 1e-6, "{backend}");
    }
}

#[test]
fn several_inputs_are_summed() {
    for (backend, device) in devices() {
        let two = network(
            json!([{ "linear": 4, "name": "a" }, { "linear": 4, "name": "b", "input": "input", "delay": 2 },
                   { "neuron": "relay", "inputs": ["a", "b"] }]),
            &device,
        );
        let one = |delay: usize, from: &str| {
            let network = network(json!([{ "linear": 4, "delay": delay }, { "neuron": "relay" }]), &device);
            let [weight, bias] = ["weight", "bias"].map(|p| format!("{from}.{p}"));
            output(&weights_as(network, &two, &[("layers.0.weight", &weight), ("layers.0.bias", &bias)]), &device)
        };
        let expected = one(0, "layers.0") + one(2, "layers.1");
        assert!(absolute_error(&numbers(&output(&two, &device)), &numbers(&expected)) < 1e-6, "{backend}");
    }
}

#[test]
fn recurrence_without_weights_changes_nothing() {
    for (backend, device) in devices() {
        for model in ["lif", "clif", "slif", "aclif", "darwin_random", "null"] {
            let [plain, looped] = [json!(false), json!({ "delay": 2 })].map(|recurrent| {
                network(json!([{ "linear": 4, "gain": 3.0 }, { "neuron": model, "recurrent": recurrent }]), &device)
            });
            let looped = looped.with_value("layers.1.recurrent.weight", &[0.0; 16]).unwrap();
            let looped = weights_as(
                looped,
                &plain,
                &[("layers.0.weight", "layers.0.weight"), ("layers.0.bias", "layers.0.bias")],
            );
            assert_eq!(numbers(&output(&plain, &device)), numbers(&output(&looped, &device)), "{model} on {backend}");
            let [a, b] = [&plain, &looped].map(|network| network.record(sample(&device), 0).unwrap().1);
            let potentials = [&a[0].potential, &b[0].potential].map(|v| v.as_ref().map(numbers));
            assert_eq!(potentials[0], potentials[1], "{model} on {backend}");
        }
    }
}

/// The sum of the squares of the output, and what it does when one number of a parameter is moved.
fn check_gradient(network: &Network, name: &str, device: &Device) {
    let loss = |network: &Network| output(network, device).square().sum();
    let gradients = burn::optim::GradientsParams::from_grads(loss(network).backward(), network);
    let parameter = network.parameters().into_iter().find(|p| p.name == name).unwrap_or_else(|| panic!("no {name}"));
    let gradient = match parameter.shape.len() {
        1 => numbers(&gradients.get::<1>(parameter.id).unwrap()),
        // values are told as [outputs, inputs]
        _ => numbers(&gradients.get::<2>(parameter.id).unwrap().transpose()),
    };
    let (_, data) = network.values().into_iter().find(|(p, _)| p.name == name).unwrap();
    let values: Vec<f32> = data.try_into_vec().unwrap();
    let scale = gradient.iter().fold(0.0f32, |most, g| most.max(g.abs()));
    assert!(scale > 0.0, "{name}: no gradient");
    for i in 0..values.len() {
        let moved = |by: f32| {
            let mut values = values.clone();
            values[i] += by;
            numbers(&loss(&network.clone().with_value(name, &values).unwrap()))[0]
        };
        let expected = (moved(1e-2) - moved(-1e-2)) / 2e-2;
        let error = (gradient[i] - expected).abs();
        assert!(error < 2e-2 * scale, "{name} {i}: {} instead of {expected}", gradient[i]);
    }
}

#[test]
fn gradients_of_loops_and_delays_agree_with_differences() {
    let device = synfire_tests::device("flex");
    let graded = json!({ "neuron": "relay", "recurrent": { "delay": 2, "bias": true }, "name": "h" });
    let looped = network(json!([{ "linear": 4, "delay": 1 }, graded]), &device);
    for name in ["layers.0.weight", "layers.0.bias", "layers.1.recurrent.weight", "layers.1.recurrent.bias"] {
        check_gradient(&looped, name, &device);
    }
    let feedback = network(
        json!([{ "linear": 5, "name": "a", "input": "input" }, { "linear": 5, "name": "back", "input": "out", "delay": 1 },
               { "neuron": "relay", "inputs": ["a", "back"] }, { "linear": 4 }, { "neuron": "relay", "name": "out" }]),
        &device,
    );
    for name in ["layers.0.weight", "layers.1.weight", "layers.3.weight"] {
        check_gradient(&feedback, name, &device);
    }
    for (per, value) in [("layer", 1.4), ("input", 2.7)] {
        let delay = json!({ "value": value, "max": 4, "learn": true, "per": per });
        let learned = network(json!([{ "linear": 4, "delay": delay }, { "neuron": "relay" }]), &device);
        check_gradient(&learned, "layers.0.delay", &device);
        check_gradient(&learned, "layers.0.weight", &device);
    }
}

#[test]
fn loops_are_what_they_say_step_by_step() {
    for (backend, device) in devices() {
        let network = network(json!([{ "linear": 4 }, { "neuron": "lif", "recurrent": { "gain": 2.0 } }]), &device);
        let neurons = network.layers()[1].neurons().unwrap();
        let values: Vec<Vec<f32>> =
            network.values().into_iter().map(|(_, data)| data.try_into_vec().unwrap()).collect();
        let names: Vec<String> = network.parameters().into_iter().map(|p| p.name).collect();
        let value = |name: &str| values[names.iter().position(|known| known == name).unwrap()].clone();
        let connect = |x: Tensor<3>, layer: &str, bias: bool| {
            let [_, batch, inputs] = x.dims();
            let weight = synfire_tests::tensor(value(&format!("{layer}.weight")), [4, inputs], &device).transpose();
            let bias = bias.then(|| synfire_tests::tensor(value(&format!("{layer}.bias")), [4], &device));
            linear(x.reshape([batch, inputs]), weight, bias).reshape([1, batch, 4])
        };
        let input = sample(&device).reshape([2, STEPS, 3]).swap_dims(0, 1);
        let (mut state, mut last, mut expected) = (None, Tensor::<3>::zeros([1, 2, 4], &device), vec![]);
        for t in 0..STEPS {
            let current = connect(input.clone().narrow(0, t, 1), "layers.0", true);
            let current = current + connect(last, "layers.1.recurrent", false) * 2.0;
            let (out, next) = neurons.forward_from(current, state);
            (state, last) = (Some(next), out.clone());
            expected.push(out);
        }
        assert_eq!(numbers(&output(&network, &device)), numbers(&Tensor::cat(expected, 0)), "{backend}");
    }
}

#[test]
fn everything_together_resumes_where_it_stopped() {
    let _alone = synfire_tests::alone();
    let config: TrainConfig = toml::from_str(
        r#"
        [training]
        epochs = 2
        batch_size = 500
        [network]
        steps = 5
        layers = [
            { linear = 16, delay = { value = 1.3, max = 3, learn = true, per = "input" } },
            { batch_norm = true },
            { module = { name = "dropout", probability = 0.2 } },
            { neuron = "plif", name = "hidden", recurrent = { delay = 2 }, inject = { name = "cc_generator", amplitude = 0.1 } },
            { module = "layer_norm" },
            { linear = "classes", delay = 1 },
            { neuron = "lif" },
        ]
        "#,
    )
    .unwrap();
    let data = Arc::new(synfire_data::Dataset::digits());
    let device = Device::flex();
    let go = |training: &mut Training<NetworkConfig>| training.run().unwrap();
    let new = || Trainer::from_config(config.clone(), data.clone()).unwrap().device(&device).start().unwrap();
    let mut whole = new();
    go(&mut whole);

    let mut first = new();
    assert!(first.epoch(&mut |_| ControlFlow::Continue(())).unwrap());
    let file = tempfile::NamedTempFile::new().unwrap();
    first.checkpoint().unwrap().write(file.path()).unwrap();
    let read = Checkpoint::read(file.path()).unwrap();
    assert_eq!(read.description.model, config.network);
    let mut second = Training::resume(&read, data.clone(), &device).unwrap();
    go(&mut second);

    let numbers = |training: &Training<NetworkConfig>| Checkpoint::of(&training.model()).parameters;
    for (a, b) in numbers(&whole).iter().zip(&numbers(&second)) {
        assert_eq!((&a.name, &a.values), (&b.name, &b.values), "{} is not bit-identical", a.name);
    }
    assert!(numbers(&whole).iter().any(|p| p.name == "layers.3.recurrent.weight"));
}

#[test]
fn what_makes_no_sense_is_refused_with_its_cure() {
    for (layers, expected) in [
        (json!([{ "linear": 4, "input": "nowhere" }, { "neuron": "lif" }]), "unknown input `nowhere`"),
        (json!([{ "linear": 4, "name": "input" }, { "neuron": "lif" }]), "choose another"),
        (json!([{ "linear": 4, "name": "a" }, { "neuron": "lif", "name": "a" }]), "choose another"),
        (json!([{ "linear": 4, "input": "o" }, { "neuron": "lif", "name": "o" }]), "cycle without delay"),
        (
            json!([{ "neuron": "lif", "name": "a", "input": "b" }, { "neuron": "lif", "name": "b" }]),
            "cycle without delay",
        ),
        (
            json!([{ "linear": 4, "name": "a", "input": "input" },
                   { "linear": 4, "input": "o", "name": "b", "delay": { "value": 1.5, "max": 3 } },
                   { "neuron": "lif", "inputs": ["a", "b"], "name": "o" }]),
            "between steps in a cycle",
        ),
        (json!([{ "linear": 4, "delay": { "value": 2.0, "max": 1 } }, { "neuron": "lif" }]), "expected 0 to `max`"),
        (json!([{ "linear": 4, "delay": { "value": 0.0, "max": 0 } }, { "neuron": "lif" }]), "expected 1 to"),
        (json!([{ "linear": 4 }, { "neuron": "lif", "recurrent": { "delay": 0 } }]), "at least 1 step"),
        (json!([{ "linear": 4 }, { "neuron": "lif", "recurrent": { "gain": 0.0 } }]), "above 0"),
        (
            json!([{ "linear": 3, "name": "a" }, { "linear": 4, "input": "input", "name": "b" },
                   { "neuron": "lif", "inputs": ["a", "b"] }]),
            "expected one shape",
        ),
        (
            json!([{ "module": { "name": "dropout", "probability": 1.0 } }, { "linear": 4 }, { "neuron": "lif" }]),
            "0 to below 1",
        ),
    ] {
        let error = config(layers.clone()).init(&[STEPS * 3], 4, 0, &Device::flex()).unwrap_err().to_string();
        assert!(error.contains(expected), "{layers}: {error}");
    }
    for (layer, expected) in [
        (json!({ "linear": 4, "delays": 1 }), "no setting `delays`"),
        (json!({ "linear": 4, "delay": 1.5 }), "whole number of steps"),
        (json!({ "neuron": "lif", "recurrent": 1 }), "expected true"),
        (json!({ "neuron": "lif", "inject": "nothing" }), "unknown generator"),
        (json!({ "linear": 4, "module": "dropout" }), "not both"),
        (json!({ "module": "droput" }), "did you mean `dropout`"),
        (json!({ "module": "dropout", "bias": true }), "no setting `bias`"),
    ] {
        let all = json!({ "steps": 5, "layers": [layer] });
        let error = serde_json::from_value::<NetworkConfig>(all).unwrap_err().to_string();
        assert!(error.contains(expected), "{layer}: {error}");
    }
}

/// Everything that has a state: delays of all sorts, recurrence of both, a cycle, currents that change over time.
fn remembering() -> Vec<(&'static str, Value)> {
    let between = json!({ "value": 1.4, "max": 3, "per": "input" });
    vec![
        (
            "delays",
            json!([{ "linear": 6, "delay": 2, "gain": 4.0 }, { "neuron": "lif" }, { "linear": 4, "delay": between }, { "neuron": "plif" }]),
        ),
        (
            "recurrent",
            json!([{ "linear": 5, "gain": 3.0 }, { "neuron": "plif", "recurrent": { "delay": 2, "gain": 2.0 } }, { "linear": 4 }, { "neuron": "slif", "recurrent": "one_to_one" }]),
        ),
        (
            "cycle",
            json!([{ "linear": 5, "name": "a", "input": "input", "gain": 3.0 }, { "linear": 5, "name": "back", "input": "out", "delay": 3 },
            { "neuron": "lif", "inputs": ["a", "back"] }, { "linear": 4, "gain": 3.0 }, { "neuron": "lif", "name": "out" }]),
        ),
        (
            "noise",
            json!([{ "linear": 4, "gain": 3.0 }, { "neuron": "lif", "inject": { "name": "poisson_generator", "rate": 0.5 } }]),
        ),
        (
            "waves",
            json!([{ "linear": 4, "gain": 3.0 }, { "neuron": "lif", "inject": { "name": "sin_generator", "amplitude": 1.0, "period": 5.0 } }]),
        ),
    ]
}

#[test]
fn parts_of_a_series_one_after_the_other_are_the_whole() {
    for (backend, device) in devices() {
        for (what, layers) in remembering() {
            let network = network(layers, &device);
            let whole = output(&network, &device);
            assert!(what != "cycle" || numbers(&whole).iter().any(|&x| x > 0.0), "{what}: silent");
            let steps = sample(&device).reshape([2, STEPS, 3]).swap_dims(0, 1);
            for parts in [vec![STEPS], vec![1; STEPS], vec![2, 1, 4]] {
                let (mut state, mut first, mut outputs) = (NetworkState::default(), 0, vec![]);
                for part in &parts {
                    let (output, next) = network.stream(steps.clone().narrow(0, first, *part), state, 0).unwrap();
                    (state, first) = (next, first + part);
                    outputs.push(output.values);
                }
                assert_eq!(state.step(), STEPS);
                let error = absolute_error(&numbers(&Tensor::cat(outputs, 0)), &numbers(&whole));
                assert!(error < 1e-6, "{what} on {backend} in parts of {parts:?}: {error}");
            }
        }
    }
}

#[test]
fn inputs_of_another_size_are_refused() {
    let device = synfire_tests::device("flex");
    let network = network(json!([{ "linear": 4 }, { "neuron": "lif" }]), &device);
    let forward = network.forward(Tensor::<2>::zeros([2, 5], &device), 0).unwrap_err().to_string();
    assert!(forward.contains("samples of 5 values") && forward.contains("21 values"), "{forward}");
    for dims in [[1, 2, 4], [0, 2, 3], [1, 0, 3]] {
        let input = Tensor::<3>::zeros(dims, &device);
        let error = network.stream(input, NetworkState::default(), 0).unwrap_err().to_string();
        assert!(error.contains("expected [steps, samples, 3]"), "{error}");
    }
    let empty = Tensor::<3>::zeros([2, 0, 4], &device);
    let error = network.layers()[1].neurons().unwrap().run(empty, 2, None, &[]).unwrap_err().to_string();
    assert!(error.contains("[2, 0, 4]"), "{error}");
}
