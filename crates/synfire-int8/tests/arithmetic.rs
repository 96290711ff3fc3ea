//! Steps worked out by hand.

use synfire_int8::{Conv2d, Input, Layer, Linear, Model, Network, Neurons, Pool2d, PoolKind, Reset};

/// Spikes and potentials of one neuron that is given these sums.
fn run(neurons: Neurons, sums: &[i32]) -> Vec<(i32, i32)> {
    let model = Model {
        input: Input { shape: vec![1], scale: 1.0, low: -127, high: 127 },
        layers: vec![Layer::Linear(Linear { outputs: 1, weight: vec![1] }), Layer::Neurons(neurons)],
        ..Model::default()
    };
    let network = Network::new(model).unwrap();
    let mut state = network.state();
    let step = |&x: &i32| {
        let output;
        (output, state) = network.step(&[x], std::mem::take(&mut state)).unwrap();
        (output[0], state.potentials()[0][0])
    };
    sums.iter().map(step).collect()
}

/// Half of a potential is left in a step; it fires above 10.
fn neurons(reset: Reset, reset_delay: bool) -> Neurons {
    Neurons { reset, reset_delay, leak: vec![1 << 23], threshold: vec![10], v_reset: vec![2], ..Neurons::default() }
}

#[test]
fn potentials_leak_to_the_nearest_and_are_reset() {
    let sums = [7, 7, 8, 0, -5, -1];
    // 7; 3.5 -> 4, 11 fires
    let hard = [(0, 7), (1, 2), (0, 9), (0, 5), (0, -2), (0, -2)];
    assert_eq!(run(neurons(Reset::Hard, false), &sums), hard, "halves are rounded up: 9 to 5, -2.5 + ..");
    let soft = [(0, 7), (1, 1), (0, 9), (0, 5), (0, -2), (0, -2)];
    assert_eq!(run(neurons(Reset::Soft, false), &sums), soft);
    let none = [(0, 7), (1, 11), (1, 14), (0, 7), (0, -1), (0, -1)];
    assert_eq!(run(neurons(Reset::None, false), &sums), none);
}

#[test]
fn a_delayed_reset_comes_before_the_leak_if_hard_and_after_it_if_soft() {
    let sums = [12, 0, 9, 12];
    assert_eq!(run(neurons(Reset::Hard, true), &sums), [(1, 12), (0, 1), (0, 10), (1, 17)]);
    assert_eq!(run(neurons(Reset::Soft, true), &sums), [(1, 12), (0, -4), (0, 7), (1, 16)]);
}

#[test]
fn potentials_saturate_and_have_digits_of_their_own() {
    let neurons = Neurons {
        reset: Reset::None,
        fraction_bits: 24,
        threshold: vec![i32::MAX],
        bias: vec![3],
        unit: vec![0.5],
        ..Neurons::default()
    };
    let steps = run(neurons, &[1, 127, 127, -127, -127, -127, -127]);
    let one = 1 << 24;
    let potentials: Vec<i32> = steps.iter().map(|step| step.1).collect();
    let down = i32::MAX - 127 * one + 3;
    assert_eq!(potentials, [one + 3, i32::MAX, i32::MAX, down, down - 127 * one + 3, i32::MIN, i32::MIN]);
    assert!(steps.iter().all(|step| step.0 == 0));
}

/// Two groups of a channel each, 3 by 3, with strides, dilation and a column of zeros on the left.
#[test]
fn convolutions_and_pools_are_those_of_pytorch() {
    let conv = Conv2d {
        channels: 2,
        kernel: [2, 2],
        stride: [1, 2],
        padding: [[0, 0], [1, 0]],
        dilation: [1, 2],
        groups: 2,
        weight: vec![1, 2, 3, 4, -1, 0, 0, 1],
    };
    let picture = [[1, 2, 3, 4, 5, 6, 7, 8, 9], [9, 8, 7, 6, 5, 4, 3, 2, 1]].concat();
    let neurons = Layer::Neurons(Neurons { threshold: vec![i32::MAX], reset: Reset::None, ..Neurons::default() });
    let potentials = |layers: Vec<Layer>| {
        let model = Model {
            input: Input { shape: vec![2, 3, 3], scale: 1.0, low: 0, high: 9 },
            layers: [layers, vec![neurons.clone()]].concat(),
            ..Model::default()
        };
        let network = Network::new(model).unwrap();
        let (_, state) = network.step(&picture, network.state()).unwrap();
        state.potentials()[0].clone()
    };
    // torch.nn.functional.conv2d(torch.nn.functional.pad(x, (1, 0)), w, stride=(1, 2), dilation=(1, 2), groups=2)
    assert_eq!(potentials(vec![Layer::Conv2d(conv)]), [2 * 2 + 4 * 5, 2 * 5 + 4 * 8, 5, 2]);
    let pool = |pool, stride| Layer::Pool2d(Pool2d { pool, kernel: [2, 2], stride, padding: [[0, 0], [1, 0]] });
    assert_eq!(potentials(vec![pool(PoolKind::Max, [1, 2])]), [4, 6, 7, 9, 9, 8, 6, 5]);
    assert_eq!(potentials(vec![pool(PoolKind::Sum, [2, 2])]), [5, 16, 15, 24]);
}

#[test]
fn inputs_are_rounded_to_the_nearest_and_clamped() {
    let model = Model {
        input: Input { shape: vec![5], scale: 0.5, low: -3, high: 3 },
        layers: vec![Layer::Neurons(Neurons::default())],
        ..Model::default()
    };
    let network = Network::new(model).unwrap();
    assert_eq!(network.quantise(&[0.24, 0.25, -0.25, 9.0, f32::NAN]), [0, 1, 0, 3, 0]);
}
