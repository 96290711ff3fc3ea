//! Losses of scores worked out by hand.

use super::*;
use burn::tensor::Device;

fn value(loss: &Loss, scores: [[f32; 2]; 2]) -> f32 {
    let device = Device::default();
    loss.of_scores(Tensor::from_floats(scores, &device), Tensor::<1, Int>::from_ints([0, 1], &device).into())
        .into_scalar()
}

#[track_caller]
fn check(loss: impl Into<Loss>, scores: [[f32; 2]; 2], expected: f32) {
    let actual = value(&loss.into(), scores);
    assert!((actual - expected).abs() < 1e-6, "{actual} instead of {expected}");
}

#[test]
fn losses_of_known_scores() {
    // (ln(1 + e^-2) + ln 2) / 2
    check(CrossEntropy::default(), [[2.0, 0.0], [1.0, 1.0]], 0.410_038_1);
    // (ln 2 + ln 4) / 2
    check(Likelihood {}, [[0.5, 0.5], [0.75, 0.25]], 1.039_720_8);
    check(Mse::default(), [[2.0, 0.0], [1.0, 1.0]], 0.5);
    // (0.25 + 0.25 + 0 + 1) / 4
    check(Mse { on: 1.5, off: 0.5 }, [[2.0, 0.0], [0.5, 0.5]], 0.375);
    check(CrossEntropy { mse_share: 0.5, ..Default::default() }, [[2.0, 0.0], [1.0, 1.0]], 0.410_038_1 / 2.0 + 0.25);
}

#[test]
fn scores_of_every_step_make_a_mean_or_a_peak() {
    let device = Device::default();
    // two steps of one sample
    let scores = Tensor::<3>::from_floats([[[2.0, 0.0]], [[0.0, 1.0]]], &device);
    let labels = || Tensor::<1, Int>::from_ints([0], &device);
    let value = |loss: Loss| -> f32 { loss.of_steps(scores.clone(), labels().into()).into_scalar() };
    let entropy = |margin: f32| (1.0 + (-margin).exp()).ln();
    assert!((value(Loss::default()) - (entropy(2.0) + entropy(-1.0)) / 2.0).abs() < 1e-6);
    assert!((value(MaxMembrane {}.into()) - entropy(2.0 - 1.0)).abs() < 1e-6);
}

#[test]
fn who_fires_first_wins_and_the_silent_are_called() {
    let device = Device::default().autodiff();
    // three steps of 0.5 ms: the first neuron fires in the second and third, the other never
    let output = Tensor::<3>::from_floats([[[0.0, 0.0]], [[1.0, 0.0]], [[1.0, 0.0]]], &device).require_grad();
    let activations = Activations::new(output.clone(), 0.5);
    let times = FirstSpikeTime::times(&activations);
    assert_eq!(times.to_data().try_into_vec::<f32>().unwrap(), [1.0, 2.0]);
    // by how much a spike there, or its absence, moves the time
    let gradients = times.sum().backward();
    let gradient: Vec<f32> = output.grad(&gradients).unwrap().into_data().try_into_vec().unwrap();
    assert_eq!(gradient, [-0.5, -1.5, -0.5, -1.0, 0.0, -0.5]);
}

#[test]
fn losses_refuse_decoders_that_they_make_no_sense_of() {
    let fits = |loss: &str, decoder: serde_json::Value| {
        let decoder: Decoder = serde_json::from_value(decoder).unwrap();
        Loss::named(loss).unwrap().goes_with(&decoder).is_ok()
    };
    use serde_json::json;
    assert!(fits("max_membrane", json!("membrane_trajectory")) && !fits("max_membrane", json!("spike_rate")));
    assert!(fits("first_spike_time", json!("first_spike")));
    assert!(!fits("first_spike_time", json!({ "name": "spike_rate", "pop_size": 2 })));
    assert!(!fits("first_spike_time", json!({ "name": "complex_trajectory", "group_num": 6 })));
    // each decoder's own loss goes with it
    for decoder in crate::coding::decoder::all() {
        let decoder = Decoder::named(decoder.name).unwrap();
        decoder.default_loss().goes_with(&decoder).unwrap();
    }
}
