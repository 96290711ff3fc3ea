//! Every registered component takes tensors of every precision that a backend has, and answers as in single precision;
//! so do networks in half precision with every encoder, decoder and kind of delay.

use burn::tensor::{DType, Device, FloatDType, Int, Tensor};
use serde_json::json;
use synfire::coding::{
    Action, ActionSeed, Activations, CounterRng, Decoded, Decoder, Encoder, Generator, Loss, Regularizer, Reward,
    Source, TimeGrid, action, decoder, encoder, generator, loss, regularizer, reward,
};
use synfire::network::{NetworkConfig, Precision};
use synfire_tests::{Noise, devices, numbers, relative_error};

const STEPS: usize = 6;
const BATCH: usize = 3;
const NEURONS: usize = 4;
const DIMS: [usize; 3] = [STEPS, BATCH, NEURONS];

/// Devices with each of the other precisions that they have.
fn precisions() -> Vec<(String, Device, DType)> {
    let all = [(FloatDType::F16, DType::F16), (FloatDType::BF16, DType::BF16), (FloatDType::F64, DType::F64)];
    let mut found = vec![];
    for (name, device) in devices() {
        let has = all.into_iter().filter(|(float, _)| device.supports_dtype(*float));
        found.extend(has.map(|(_, dtype)| (format!("{dtype:?} on {name}"), device.clone(), dtype)));
    }
    assert!(found.len() >= 4, "{found:?}");
    found
}

/// Values that all precisions have: whole multiples of 1/64.
fn exact<const N: usize>(noise: &mut Noise, dims: [usize; N], low: f32, device: &Device) -> Tensor<N> {
    (noise.tensor(dims, low, 1.0, device) * 64.0).floor() / 64.0
}

/// Spikes with times, potentials.
fn activity(device: &Device) -> Activations {
    let noise = &mut Noise::new(4);
    let spikes = noise.tensor::<3>(DIMS, 0.0, 1.0, device).greater_elem(0.6).float();
    let times = exact(noise, DIMS, 0.0, device) * spikes.clone();
    let potential = Some(exact(noise, DIMS, -1.0, device));
    Activations { values: spikes, spike_times: Some(times), potential, dt: 1.0 }
}

fn cast(activity: &Activations, dtype: DType) -> Activations {
    let all = |x: &Option<Tensor<3>>| x.clone().map(|x| x.cast(dtype));
    let (spike_times, potential) = (all(&activity.spike_times), all(&activity.potential));
    Activations { values: activity.values.clone().cast(dtype), spike_times, potential, dt: activity.dt }
}

fn labels(device: &Device) -> Tensor<1, Int> {
    Tensor::from_ints([0, 2, 3], device)
}

fn own(decoder: &Decoder, device: &Device) -> Vec<Tensor<1>> {
    use burn::tensor::TensorData;
    use rand_chacha::rand_core::SeedableRng;
    let own = decoder.parameters(NEURONS, &mut rand_chacha::ChaCha8Rng::seed_from_u64(1));
    own.into_iter().map(|own| Tensor::from_data(TensorData::new(own.values, [NEURONS]), device)).collect()
}

#[test]
fn decoders_and_losses() {
    for (what, device, dtype) in precisions() {
        for entry in decoder::all() {
            let decoder = Decoder::named(entry.name).unwrap();
            let what = format!("{} in {what}", entry.name);
            let activity = activity(&device);
            let own = own(&decoder, &device);
            let other = cast(&activity, dtype);
            let values = other.values.clone().require_grad();
            let spike_times = other.spike_times.clone().map(Tensor::require_grad);
            let other = Activations { values: values.clone(), spike_times, ..other };
            let scores = decoder.decode(&activity, &own).scores;
            let in_other = decoder.decode(&other, &own).scores;
            let error = relative_error(&numbers(&in_other), &numbers(&scores));
            assert!(error < 1e-5, "{what}: scores differ by {error:e}");
            // a layer of its own type hears of the loss, where the scores follow from the spikes
            let weighted = in_other * exact(&mut Noise::new(6), scores.dims(), 0.5, &device);
            if weighted.is_tracked() || entry.name == "spike_counts" {
                let gradients = weighted.sum().backward();
                let gradient = values.grad(&gradients);
                assert!(gradient.iter().all(|g| numbers(g).iter().all(|g| g.is_finite())), "{what}");
                if entry.name == "spike_counts" {
                    assert!(gradient.is_some_and(|g| numbers(&g).iter().any(|g| *g != 0.0)), "{what}");
                }
            }
        }
        for entry in loss::all() {
            let loss = Loss::named(entry.name).unwrap();
            let (activity, other) = (activity(&device), cast(&activity(&device), dtype));
            // scores above 0 that all precisions have
            let scores = activity.potential.clone().unwrap().abs() + 0.25;
            let of = |scores: Tensor<3>, activity: &Activations| {
                numbers(&loss.loss(&Decoded::from(scores), activity, &labels(&device).into()))
            };
            let [expected, actual] = [of(scores.clone(), &activity), of(scores.cast(dtype), &other)];
            assert!(relative_error(&actual, &expected) < 1e-5, "{} in {what}: {actual:?} {expected:?}", entry.name);
        }
    }
}

#[test]
fn regularizers_rewards_and_actions() {
    for (what, device, dtype) in precisions() {
        let (activity, other) = (activity(&device), cast(&activity(&device), dtype));
        for entry in regularizer::all() {
            let regularizer = Regularizer::named(entry.name).unwrap();
            let of = |x: &Activations| numbers(&regularizer.penalty(x.values.clone()));
            assert!(relative_error(&of(&other), &of(&activity)) < 1e-5, "{} in {what}", entry.name);
        }
        for entry in reward::all() {
            let reward = Reward::named(entry.name).unwrap();
            let neurons = if entry.name == "xor_reward" { 1 } else { NEURONS };
            let target = match entry.name {
                "environment_reward" => reward::Target::Values(vec![0.5; BATCH]),
                "xor_reward" => reward::Target::Labels(vec![0, 1, 1]),
                _ => reward::Target::Labels(vec![0, 2, 3]),
            };
            let of = |x: &Activations| {
                let record = x.values.clone().narrow(2, 0, neurons);
                numbers(&reward.reward(record, &target).unwrap_or_else(|e| panic!("{} in {what}: {e}", entry.name)))
            };
            assert!(relative_error(&of(&other), &of(&activity)) < 1e-5, "{} in {what}", entry.name);
        }
        for entry in action::all() {
            let action = Action::named(entry.name).unwrap();
            let of = |x: &Activations| action.select(x, ActionSeed { seed: 1, step: 9 }).unwrap();
            assert_eq!(of(&other), of(&activity), "{} in {what}", entry.name);
        }
    }
}

#[test]
fn encoders_and_generators() {
    let grid = TimeGrid { steps: STEPS, dt: 1.0 };
    for (what, device, dtype) in precisions() {
        for entry in encoder::all().into_iter().filter(|entry| entry.name != "events") {
            let encoder = Encoder::named(entry.name).unwrap();
            let samples = exact::<2>(&mut Noise::new(2), [BATCH, 2 * STEPS], 0.0, &device);
            let of = |samples: Tensor<2>| {
                let encoded = encoder.encode(Source::Tensor(samples), grid, 5);
                let encoded = encoded.unwrap_or_else(|error| panic!("{} in {what}: {error}", entry.name));
                [numbers(&encoded.values), numbers(&encoded.times())]
            };
            for (expected, actual) in of(samples.clone()).iter().zip(of(samples.cast(dtype))) {
                // currents are in the precision of the samples
                let tolerance = if entry.name == "population" { 8e-3 } else { 1e-6 };
                assert!(relative_error(&actual, expected) < tolerance, "{} in {what}", entry.name);
            }
        }
        for entry in generator::all() {
            let generated = Generator::named(entry.name)
                .unwrap()
                .generate(grid, BATCH, NEURONS, &CounterRng::new(3), &device)
                .unwrap();
            assert!(numbers(&generated.values.cast(dtype)).iter().all(|x| x.is_finite()), "{} in {what}", entry.name);
        }
    }
}

/// A network of `lif` neurons.
fn network(change: serde_json::Value) -> NetworkConfig {
    let mut description = json!({
        "steps": 8, "encoder": "constant", "decoder": "spike_counts",
        "layers": [{ "linear": 16 }, { "neuron": "lif" }, { "linear": 4 }, { "neuron": "lif" }],
    });
    for (key, value) in change.as_object().unwrap() {
        match key.strip_prefix("delay") {
            Some(_) => description["layers"][2]["delay"] = value.clone(),
            None => description[key] = value.clone(),
        }
    }
    serde_json::from_value(description).unwrap()
}

/// Mean scores of a network and of the same in half precision, with the gradients of the first weights.
fn check_network(change: serde_json::Value) {
    let half = [(Precision::F16, FloatDType::F16), (Precision::Bf16, FloatDType::BF16)];
    for (name, device) in devices() {
        for (precision, _) in half.into_iter().filter(|(_, float)| device.supports_dtype(*float)) {
            let what = format!("{change} {precision:?} on {name}");
            let run = |precision: Precision| {
                let config = NetworkConfig { precision, ..network(change.clone()) };
                let net = config.init(&[8], 4, 3, &device).unwrap_or_else(|error| panic!("{what}: {error}"));
                // quarters, so that inputs are the same in all precisions
                let samples = (Noise::new(8).tensor::<2>([64, 8], 0.0, 1.0, &device) * 4.0).floor() / 4.0;
                let output = net.forward_full(samples, 0).unwrap_or_else(|error| panic!("{what}: {error}"));
                let scores = output.decoded.pooled();
                assert_eq!(scores.dtype(), DType::F32, "{what}");
                // predictions are read so
                let data: Vec<f32> = scores.clone().into_data().try_into_vec().unwrap();
                if !net.config().decoder.has_gradient(false) {
                    return data;
                }
                let labels = Tensor::<1, Int>::arange(0..64, &device) % 4;
                let gradients = Loss::default().of_scores(scores, labels.into()).backward();
                let gradients = burn::optim::GradientsParams::from_grads(gradients, &net);
                let weight = net.parameters().into_iter().find(|p| p.name == "layers.0.weight").unwrap();
                let gradient = gradients.get::<2>(weight.id).map_or_else(Vec::new, |g| numbers(&g));
                assert!(gradient.iter().all(|g| g.is_finite()), "{what}");
                data
            };
            let (single, half) = (run(Precision::F32), run(precision));
            // a few spikes near the threshold differ
            let [near, size] = [&half, &[0.0].repeat(single.len())]
                .map(|other| single.iter().zip(other).map(|(a, b)| f64::from((a - b).abs())).sum::<f64>());
            assert!(near <= 0.1 * size + 1e-6, "{what}: {near} of {size}");
        }
    }
}

#[test]
fn networks_with_every_decoder() {
    for entry in decoder::all() {
        check_network(json!({ "decoder": entry.name }));
    }
}

#[test]
fn networks_with_every_encoder_and_delay() {
    for entry in encoder::all().into_iter().filter(|entry| !["events", "delta", "series"].contains(&entry.name)) {
        check_network(json!({ "encoder": entry.name }));
    }
    for delay in
        [json!(2), json!({ "value": 1.5, "max": 3 }), json!({ "value": 1.5, "max": 3, "learn": true, "per": "input" })]
    {
        check_network(json!({ "delay": delay }));
    }
}
