//! Synfire's networks learn targets of every kind, and random spikes belong to the sample.

use burn::tensor::Device;
use serde_json::json;
use synfire::coding::Source;
use synfire::network::{Network, NetworkConfig};
use synfire::train::{Trainer, Training, TrainingConfig};
use synfire_data::{Batch, Dataset, Split, Targets};

const STEPS: usize = 8;

/// 40 series of 8 steps of one value each: 1 in some steps, 0 in the others.
fn series(targets: impl Fn(&[f32]) -> Targets) -> Dataset {
    let value = |sample: usize, t: usize| f32::from(u8::from((sample * 7 + t * t * 3 + sample * t) % 5 < 2));
    let values: Vec<f32> = (0..40).flat_map(|s| (0..STEPS).map(move |t| value(s, t))).collect();
    let lengths: Vec<usize> = (0..40).map(|s| if s % 4 == 0 { 5 } else { STEPS }).collect();
    let split = || Split::from_series(values.clone(), [STEPS, 1], lengths.clone(), targets(&values)).unwrap();
    Dataset::new("series", split(), split()).unwrap()
}

fn network(decoder: &str, readout: &str) -> NetworkConfig {
    let network = json!({
        "steps": STEPS,
        "encoder": "series",
        "decoder": decoder,
        "layers": [
            { "linear": 16, "gain": 4.0 },
            { "neuron": "lif", "tau_m": 1.5 },
            { "linear": "classes", "gain": 2.0 },
            { "neuron": readout },
        ],
    });
    serde_json::from_value(network).unwrap()
}

fn training(network: NetworkConfig, data: Dataset, epochs: usize) -> Result<Training<NetworkConfig>, synfire::Error> {
    let options = TrainingConfig { learning_rate: 2e-2, batch_size: 10, validation: 0.0, ..TrainingConfig::default() };
    Trainer::new(network, data)?.options(options).epochs(epochs).device(&Device::flex()).start()
}

#[test]
fn vectors_are_learned_by_the_squared_error() {
    let _alone = synfire_tests::alone();
    // sum of the values, and its half
    let vectors = |values: &[f32]| Targets::Vectors {
        values: values.chunks(STEPS).map(|x| x.iter().sum::<f32>()).flat_map(|sum| [sum / 4.0, sum / 8.0]).collect(),
        len: 2,
    };
    let refused = training(network("final_step_voltage", "nonspikinglif"), series(vectors), 1).unwrap_err().to_string();
    assert!(refused.contains("`cross_entropy` needs classes") && refused.contains("\"mse\""), "{refused}");
    let options = |loss: &str| TrainingConfig { loss: Some(loss.parse().unwrap()), ..TrainingConfig::default() };
    let trainer = Trainer::new(network("final_step_voltage", "nonspikinglif"), series(vectors)).unwrap();
    let mut training = trainer.options(TrainingConfig { learning_rate: 1e-2, batch_size: 10, ..options("mse") });
    training = training.epochs(60).device(&Device::flex());
    let mut training = training.start().unwrap();
    let before = training.test().unwrap();
    training.run().unwrap();
    let after = training.test().unwrap();
    assert!(after.loss < 0.25 * before.loss, "{} -> {}", before.loss, after.loss);
    assert!(after.accuracy.is_nan(), "vectors have no accuracy");
}

#[test]
fn a_class_at_each_step_is_learned_and_steps_after_the_end_do_not_count() {
    let _alone = synfire_tests::alone();
    let classes = |values: &[f32]| Targets::ClassPerStep {
        classes: values.iter().map(|&x| i64::from(x > 0.5)).collect(),
        steps: STEPS,
    };
    let refused = training(network("final_step_voltage", "nonspikinglif"), series(classes), 1).unwrap_err().to_string();
    assert!(refused.contains("network.decoder") && refused.contains("membrane_trajectory"), "{refused}");
    let mut training = training(network("identity", "relay"), series(classes), 40).unwrap();
    training.run().unwrap();
    let test = training.test().unwrap();
    assert!(test.accuracy > 0.95, "{:.3} of the steps", test.accuracy);
    let valid = 10 * 5 + 30 * STEPS;
    let steps = test.accuracy * valid as f64;
    assert!((steps - steps.round()).abs() < 1e-9, "{steps} of the {valid} steps that are within their series");
}

/// Random encoder, stochastic neurons, a random current.
fn noisy() -> Network {
    let network = json!({
        "steps": 12,
        "encoder": "poisson",
        "layers": [
            { "name": "noise", "neuron": "darwin_random", "std": 20000, "bias": 1500, "input": "input" },
            { "name": "hidden", "linear": 64, "gain": 8.0, "input": "input" },
            { "neuron": "lif", "inject": { "name": "poisson", "rate": 0.4, "weight": 0.5 }, "inputs": ["noise", "hidden"] },
            { "linear": "classes" },
            { "neuron": "nonspikinglif" },
        ],
        "decoder": "final_step_voltage",
    });
    let network: NetworkConfig = serde_json::from_value(network).unwrap();
    network.init(&[64], 10, 0, &Device::flex()).unwrap()
}

fn scores(network: &Network, batch: &Batch) -> Vec<Vec<f32>> {
    let scores = network.forward(Source::from_batch(batch, &Device::flex()), 3).unwrap();
    let scores: Vec<f32> = scores.into_data().try_into_vec().unwrap();
    scores.chunks(10).map(<[f32]>::to_vec).collect()
}

#[test]
fn a_sample_is_answered_alike_alone_in_any_batch_and_at_any_place() {
    let (network, digits) = (noisy(), Dataset::digits().test);
    let together = scores(&network, &digits.batch(&[4, 9, 200, 7]).unwrap());
    assert_eq!(scores(&network, &digits.batch(&[200]).unwrap())[0], together[2]);
    let turned = scores(&network, &digits.batch(&[7, 200, 4]).unwrap());
    assert_eq!([&turned[0], &turned[1], &turned[2]], [&together[3], &together[2], &together[0]]);
    // the same picture under another index is drawn for anew
    let same = Batch { indices: vec![4, 5], ..digits.batch(&[4, 4]).unwrap() };
    let same = scores(&network, &same);
    assert_eq!(same[0], together[0]);
    assert_ne!(same[0], same[1]);
}

/// A network with batch normalisation, on the first of the digits.
fn normalised(samples: usize, batch_size: usize) -> Result<Training<NetworkConfig>, synfire::Error> {
    let network = json!({
        "steps": 4,
        "layers": [{ "linear": 8 }, { "batch_norm": true }, { "neuron": "lif" }, { "linear": "classes" }, { "neuron": "lif" }],
    });
    let digits = Dataset::digits();
    let first = |split: &Split| split.subset((0..samples).collect()).unwrap();
    let data = Dataset::new("digits", first(&digits.train), first(&digits.test)).unwrap();
    let network: NetworkConfig = serde_json::from_value(network).unwrap();
    let options = TrainingConfig { batch_size, validation: 0.0, epochs: 1, ..TrainingConfig::default() };
    Trainer::new(network, data)?.options(options).device(&Device::flex()).start()
}

#[test]
fn batch_norm_of_a_single_value_is_refused_and_a_single_rest_joins_a_batch() {
    let error = normalised(40, 1).unwrap().run().unwrap_err().to_string();
    assert!(error.contains("training.batch_size") && error.contains("layer_norm"), "{error}");
    let mut training = normalised(33, 16).unwrap();
    assert_eq!(training.batches(), 2);
    training.run().unwrap();
    assert_eq!(training.position().epoch, 1);
}
