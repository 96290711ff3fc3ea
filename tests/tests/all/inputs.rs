//! Layers with several inputs: defaults, names, random numbers, and the times of spikes through a network.

use burn::tensor::{Device, Tensor};
use synfire::network::NetworkConfig;
use synfire::neuron::{DarwinRandomConfig, DiehlCookConfig, LifConfig, NeuronInput, Neurons, QlifConfig, SlifConfig};
use synfire_tests::{Noise, devices, numbers, tensor};

const STEPS: usize = 12;
const DIMS: [usize; 3] = [STEPS, 2, 3];

fn device() -> Device {
    Device::flex()
}

fn noise(seed: u64) -> Tensor<3> {
    Noise::new(seed).tensor(DIMS, -0.5, 1.5, &device())
}

fn last_state(neurons: &Neurons, input: impl Into<NeuronInput>, name: &str) -> Vec<f32> {
    let state = neurons.run(input, STEPS, None, &[]).unwrap().state;
    numbers(&state.0[neurons.state_index(name).unwrap()])
}

#[test]
fn inputs_have_names_an_order_and_defaults() {
    let neurons = QlifConfig::new().init(&[DIMS[2]], &device());
    let zero = Tensor::<3>::zeros(DIMS, &device());
    let named = NeuronInput::from(noise(1)).with("reward", noise(2)).with("wq_sum", noise(3));
    let ordered = vec![noise(1), zero, noise(3), noise(2)];
    for state in ["tp", "tq", "bq"] {
        assert_eq!(last_state(&neurons, named.clone(), state), last_state(&neurons, ordered.clone(), state), "{state}");
    }
    assert_ne!(last_state(&neurons, named, "tq"), last_state(&neurons, noise(1), "tq"));
}

#[test]
fn one_row_is_the_same_at_every_step() {
    let neurons = SlifConfig::new().init(&[DIMS[2]], &device());
    let row = Noise::new(4).tensor([1, DIMS[1], DIMS[2]], -0.5, 1.5, &device());
    let with_times = |times: Tensor<3>| NeuronInput::from(noise(1)).with("current_time", times);
    let repeated = row.clone().expand(DIMS);
    assert_eq!(last_state(&neurons, with_times(row), "v"), last_state(&neurons, with_times(repeated), "v"));
}

#[test]
fn what_is_missing_or_unknown_is_named() {
    let neurons = QlifConfig::new().init(&[DIMS[2]], &device());
    let error = |neurons: &Neurons, input: NeuronInput| neurons.run(input, STEPS, None, &[]).unwrap_err().to_string();
    let unknown = error(&neurons, NeuronInput::from(noise(1)).with("rewards", noise(2)));
    assert!(unknown.starts_with("unknown input `rewards` in `qlif` neurons; did you mean `reward`?"), "{unknown}");
    let missing = error(&neurons, NeuronInput::new().with("reward", noise(2)));
    assert!(missing.starts_with("input `psp` of `qlif` neurons is not given"), "{missing}");
    let nothing = error(&neurons, NeuronInput::new());
    assert!(nothing.starts_with("input `psp` of `qlif` neurons is not given"), "{nothing}");
    let many = error(&neurons, NeuronInput::from(vec![noise(1); 5]));
    assert!(many.contains('5') && many.contains('4'), "{many}");
    let shape = error(&neurons, NeuronInput::from(noise(1)).with("reward", noise(2).slice([0..STEPS, 0..1])));
    assert!(shape.contains("reward"), "{shape}");

    let random = DarwinRandomConfig::new().init(&[DIMS[2]], &device());
    let draw = error(&random, noise(1).into());
    assert!(draw.starts_with("input `draw` of `darwin_random`") && draw.contains("with_seed"), "{draw}");
    let simple = LifConfig::new().init(&[DIMS[2]], &device());
    assert!(error(&simple, NeuronInput::from(noise(1)).with("draw", noise(2))).contains("unknown input `draw`"));
}

#[test]
fn random_inputs_follow_the_seed_on_every_backend() {
    let config = DarwinRandomConfig::new().with("std", 8000.0).with("bias", 1500.0);
    let run = |seed: u64, device: &Device| {
        let neurons = config.init(&[40], device);
        let current = Tensor::<3>::zeros([1, 4, 40], device);
        numbers(&neurons.run(NeuronInput::from(current).with_seed(seed), 50, None, &[]).unwrap().output)
    };
    let spikes = run(1, &device());
    assert!((0.01..0.5).contains(&(spikes.iter().sum::<f32>() / spikes.len() as f32)));
    assert_ne!(spikes, run(2, &device()));
    for (backend, device) in devices() {
        assert_eq!(spikes, run(1, &device), "{backend}");
    }
    // two runs, the second of which goes on where the first ended
    let neurons = config.init(&[40], &device());
    let part = |steps, after, state| {
        let current = NeuronInput::from(Tensor::<3>::zeros([1, 4, 40], &device()));
        neurons.run(current.with_seed_after(1, after), steps, state, &[]).unwrap()
    };
    let first = part(20, 0, None);
    let second = part(30, 20, Some(first.state));
    assert_eq!(spikes, [numbers(&first.output), numbers(&second.output)].concat());
    // a recording replays
    let neurons = config.init(&[DIMS[2]], &device());
    let draws = Noise::new(3).tensor(DIMS, 0.0, 1.0, &device());
    let replay = || last_state(&neurons, NeuronInput::new().with("draw", draws.clone()), "v");
    assert_eq!(replay(), replay());
}

#[test]
fn a_state_starts_from_the_parameter_of_its_name() {
    let neurons = DiehlCookConfig::new().with("thresh", 4700.0).init(&[DIMS[2]], &device());
    assert_eq!(last_state(&neurons, Tensor::zeros(DIMS, &device()), "thresh"), vec![4700.0; DIMS[1] * DIMS[2]]);
}

#[test]
fn spike_times_go_through_a_network() {
    let config = |decoder: &str| -> NetworkConfig {
        serde_json::from_value(serde_json::json!({
            "steps": 12,
            "encoder": { "name": "latency" },
            "decoder": decoder,
            "layers": [
                { "linear": 24 }, { "neuron": "slif", "v_th": 0.3 },
                { "linear": "classes" }, { "neuron": "selif", "v_th": 0.3 },
            ],
        }))
        .unwrap()
    };
    let device = device().autodiff();
    let pixels: Tensor<2> = tensor(Noise::new(5).numbers(32, 0.1, 1.0), [2, 16], &device);
    let scores = |decoder: &str, pixels: Tensor<2>| {
        config(decoder).init(&[16], 4, 1, &device).unwrap().forward(pixels, 0).unwrap()
    };
    assert_eq!(scores("time_softmax", pixels.clone()).dims(), [2, 4]);
    // a pixel that is a tenth of a step later spikes in the same step, and is noticed all the same
    let dimmer = pixels.clone() - 0.1 / 11.0;
    assert_ne!(numbers(&scores("time_shares", pixels)), numbers(&scores("time_shares", dimmer)));
}
