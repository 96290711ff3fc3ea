//! Files of models: whole, damaged and hostile.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use synfire_int8::{Conv2d, Error, Input, Layer, Linear, Model, Network, Neurons, Pool2d, PoolKind, State};

fn model() -> Model {
    let conv = Conv2d {
        channels: 2,
        kernel: [3, 3],
        stride: [1, 1],
        padding: [[1, 1], [1, 1]],
        dilation: [1, 1],
        groups: 1,
        weight: (0..18).map(|k| k * 7 % 11 - 5).collect(),
    };
    let pool = Pool2d { pool: PoolKind::Max, kernel: [2, 2], stride: [2, 2], padding: [[0, 0], [0, 0]] };
    let neurons = |channels: usize| {
        Layer::Neurons(Neurons {
            fraction_bits: 4,
            leak: vec![15 << 20],
            threshold: vec![100; channels],
            bias: (0..channels as i32).collect(),
            ..Neurons::default()
        })
    };
    Model {
        input: Input { shape: vec![1, 4, 4], scale: 1.0 / 255.0, low: 0, high: 255 },
        layers: vec![
            Layer::Conv2d(conv),
            Layer::Pool2d(pool),
            neurons(2),
            Layer::Linear(Linear { outputs: 3, weight: (0..24).map(|k| k * 5 % 9 - 3).collect() }),
            neurons(3),
        ],
        metadata: [("description".to_string(), "a test".to_string())].into(),
    }
}

#[test]
fn what_was_written_is_read() {
    let model = model();
    let bytes = model.to_bytes().unwrap();
    assert!(Model::recognises(&bytes) && !Model::recognises(b"PK"));
    assert_eq!(Model::parse(&bytes).unwrap(), model);
}

/// A state may be saved, and a series goes on from it.
#[test]
fn a_series_in_two_parts_is_the_series() {
    let network = Network::new(model()).unwrap();
    let input = |step: i32| (0..16).map(|k| (k * 37 + step / 2 * 91) % 256).collect::<Vec<i32>>();
    let run = |mut state: State, steps: std::ops::Range<i32>| {
        let mut spikes = vec![];
        for step in steps {
            let output;
            (output, state) = network.step(&input(step), state).unwrap();
            spikes.extend(output);
        }
        (spikes, state)
    };
    let (whole, end) = run(network.state(), 0..12);
    assert!(whole.contains(&1) && whole.contains(&0));
    let (first, state) = run(network.state(), 0..5);
    let saved = serde_json::to_string(&state).unwrap();
    let (second, last) = run(serde_json::from_str(&saved).unwrap(), 5..12);
    assert_eq!((whole, end), ([first, second].concat(), last));
}

#[test]
fn inputs_and_states_of_other_networks_are_refused() {
    let network = Network::new(model()).unwrap();
    let message = |result: Result<_, Error>| result.map(|_: (Vec<i32>, State)| ()).unwrap_err().to_string();
    let error = message(network.step(&[0; 15], network.state()));
    assert_eq!(error, "the input has 15 values; expected 16, as the network has");
    let error = message(network.step(&[256; 16], network.state()));
    assert_eq!(error, "input: `values` has 256; expected 0 to 255");
    let error = message(network.step(&[0; 16], State::default()));
    assert_eq!(error, "the state has 0 values; expected 2, as the network has");
}

#[test]
fn errors_name_the_layer_and_the_field() {
    type Change = fn(&mut Model);
    let cases: [(Change, &str); 9] = [
        (|m| m.input.shape = vec![1, 4, 6], "layers.3: `weight` has 24 values; expected 3 outputs of 12 inputs each"),
        (|m| m.input.shape = vec![1 << 40, 1 << 40], "input: `shape` is [1099511627776, 1099511627776]; expected 1 to"),
        (|m| m.input.scale = 0.0, "input: `scale` is 0; expected a number above 0"),
        (|m| m.input.high = i32::MAX, "layers.0: `weight` can add up to"),
        (|m| drop(m.layers.pop()), "layers: `last` is no layer of neurons"),
        (|m| conv(m).stride = [0, 1], "layers.0: `stride` is 0; expected 1 to 65536"),
        (
            |m| conv(m).groups = 3,
            "layers.0: `groups` is 3 of 1 input and 2 output channels; expected a divisor of both",
        ),
        (|m| conv(m).kernel = [9, 2], "layers.0: `kernel` covers 9 of 6 values"),
        (|m| conv(m).padding = [[60_000; 2]; 2], "layers.0: `shape` is [2, 120002, 120002]"),
    ];
    for (change, expected) in cases {
        let mut model = model();
        change(&mut model);
        let error = Network::new(model).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
    let mut model = model();
    let Layer::Neurons(neurons) = &mut model.layers[4] else { panic!() };
    neurons.leak = vec![1, (1 << 24) + 1, 1];
    let error = Network::new(model).unwrap_err().to_string();
    assert_eq!(error, "layers.4: `leak` has 16777217; expected 0 to 16777216");
}

fn conv(model: &mut Model) -> &mut Conv2d {
    match &mut model.layers[0] {
        Layer::Conv2d(conv) => conv,
        _ => panic!(),
    }
}

/// Bytes that were changed or cut give a model or an error, and a network of what is read runs or is refused.
#[test]
fn damaged_files_are_refused() {
    let whole = model().to_bytes().unwrap();
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let mut refused = 0;
    for round in 0..20_000 {
        let mut bytes = whole.clone();
        for _ in 0..1 + rng.next_u32() % 4 {
            let at = rng.next_u32() as usize % bytes.len();
            // digits become other digits, so that sizes are read and are wrong
            bytes[at] =
                if bytes[at].is_ascii_digit() { b'0' + (rng.next_u32() % 10) as u8 } else { rng.next_u32() as u8 };
        }
        if round % 4 == 0 {
            bytes.truncate(rng.next_u32() as usize % bytes.len());
        }
        let network = Model::parse(&bytes).and_then(Network::new);
        match network {
            Ok(network) if network.inputs() < 1 << 12 => {
                drop(network.step(&vec![0; network.inputs()], network.state()))
            }
            Ok(_) => {}
            Err(_) => refused += 1,
        }
    }
    assert!(refused > 10_000, "{refused}");
}
