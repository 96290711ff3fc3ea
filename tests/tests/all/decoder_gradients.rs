//! Gradients of every decoder, loss and regulariser of the registries, against finite differences of what they
//! compute.
//!
//! The activity stays away from where spikes come and go, so what has steps (first spikes, counts of them) is smooth
//! around it. Where a gradient is no derivative by design, `plain` writes down what it is the derivative of.

mod plain;
mod point;

use burn::tensor::{Int, Tensor};
use point::{NEURONS, Point};
use serde_json::json;
use synfire::coding::{Decoded, Decoder, Loss, Regularizer, decoder, loss, regularizer};
use synfire_tests::{Noise, tensor};

/// Decoders with a step between no spike and a small one: there the output stays 0.
const STEPS_AT_ZERO: [&str; 6] =
    ["complex_count", "complex_latency", "complex_phase", "first_spike", "time_shares", "time_softmax"];

/// All of a kind with their defaults, and these.
fn with_variants<K: ?Sized + synfire::registry::ComponentKind>(
    names: impl Iterator<Item = &'static str>,
    variants: &[serde_json::Value],
) -> Vec<synfire::registry::Component<K>> {
    let defaults = names.map(|name| json!(name));
    let all = defaults.chain(variants.iter().cloned());
    all.map(|choice| serde_json::from_value(choice).unwrap()).collect()
}

#[test]
fn gradients_of_every_decoder() {
    let variants = [
        json!({ "name": "spike_counts", "pop_size": 2, "bias": 0.5, "scale": -1.5 }),
        json!({ "name": "complex_trajectory", "group_num": 2 }),
        json!({ "name": "complex_timing_distance", "filter_time": 3.0 }),
        json!({ "name": "complex_conv", "time_window": 4.0 }),
        json!({ "name": "time_softmax", "rate_weight": 0.7 }),
    ];
    for decoder in with_variants::<dyn decoder::Decode>(decoder::all().iter().map(|e| e.name), &variants) {
        check_decoder(&decoder);
    }
}

fn check_decoder(decoder: &Decoder) {
    let noise = &mut Noise::new(5);
    let point = Point::of(decoder, noise);
    let [steps, batch, scores] = {
        let (activity, learned) = point.tensors(&burn::tensor::Device::flex());
        decoder.decode(&activity, &learned).scores.dims()
    };
    let weights = noise.numbers(steps * batch * scores, -1.0, 1.0);
    let value = |activity: &_, learned: &[Tensor<1>]| {
        let Decoded { scores, penalty } = decoder.decode(activity, learned);
        let weights = tensor::<3>(weights.clone(), scores.dims(), &scores.device());
        let loss = (scores * weights).sum();
        penalty.into_iter().fold(loss, |loss, penalty| loss + penalty)
    };
    let free = |variable: usize, place: usize| {
        variable > 0 || point.output[place] > 0.0 || !STEPS_AT_ZERO.contains(&decoder.name())
    };
    let what = format!("{decoder:?}");
    match plain::of(decoder) {
        Some(plain) => point.check(&what, free, value, |moved| plain.value(moved, &point, &weights)),
        None => point.check(&what, free, value, |moved| moved.number(value)),
    }
}

#[test]
fn gradients_of_every_loss() {
    let variants = [
        json!({ "name": "cross_entropy", "mse_share": 0.3, "mse_target": 0.5 }),
        json!({ "name": "mse", "on": 0.8, "off": 0.2 }),
        json!({ "name": "first_spike_time", "temperature": 0.5 }),
    ];
    for loss in with_variants::<dyn loss::Criterion>(loss::all().iter().map(|e| e.name), &variants) {
        check_loss(&loss);
    }
}

/// Of scores of every step, shares above 0, and of the activity.
fn check_loss(loss: &Loss) {
    let noise = &mut Noise::new(7);
    let mut point = Point::of(&Decoder::named("time_softmax").unwrap(), noise);
    // none is silent: there a first spike's time has a kink
    point.output = noise.numbers(point.output.len(), 0.3, 0.7);
    point.potential = Some(noise.numbers(point.output.len(), 0.1, 0.9));
    let value = |activity: &synfire::coding::Activations, _: &[Tensor<1>]| {
        let scores = activity.potential.clone().unwrap();
        let labels = Tensor::<1, Int>::from_ints([1, (NEURONS - 1) as i32], &scores.device());
        loss.loss(&scores.into(), activity, &labels.into())
    };
    point.check(&format!("{loss:?}"), |_, _| true, value, |moved| moved.number(value));
}

#[test]
fn gradients_of_every_regularizer() {
    let variants = [json!({ "name": "firing_rate", "low": 0.2, "high": 0.3 })];
    for regularizer in
        with_variants::<dyn regularizer::Regularize>(regularizer::all().iter().map(|e| e.name), &variants)
    {
        check_regularizer(&regularizer);
    }
}

fn check_regularizer(regularizer: &Regularizer) {
    let mut point = Point::of(&Decoder::default(), &mut Noise::new(9));
    // a neuron that never fires, below any range
    (0..point.output.len()).step_by(NEURONS).for_each(|place| point.output[place] = 0.0);
    let value = |activity: &synfire::coding::Activations, _: &[Tensor<1>]| regularizer.penalty(activity.values.clone());
    point.check(&format!("{regularizer:?}"), |_, _| true, value, |moved| moved.number(value));
}
