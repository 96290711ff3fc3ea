//! The scale that every model states is the one it lives at, and the network made by it can learn.

use burn::tensor::{Device, Tensor};
use std::sync::Arc;
use synfire::coding::SpikeRate;
use synfire::network::NetworkConfig;
use synfire::neuron::registry::{self, Entry};
use synfire::neuron::{OutputKind, Settings};
use synfire::train::{TrainConfig, Trainer};
use synfire_data::Dataset;

fn differentiable() -> impl Iterator<Item = Entry> {
    registry::models().into_iter().filter(|entry| entry.info.differentiable)
}

/// The hidden layer of the network that is made for a model.
fn hidden_layer(entry: &Entry) -> Settings {
    let layer = TrainConfig::two_layers(entry.info.name).network.layers.swap_remove(1);
    let settings = layer.kind.settings().iter().filter(|(key, _)| !["model", "recurrent"].contains(&key.as_str()));
    settings.map(|(key, value)| (key.clone(), value.clone())).collect()
}

/// The output of each of five steps of 1 ms under a constant current.
fn five_steps(entry: &Entry, current: f32) -> Vec<f32> {
    let device = Device::flex();
    let neurons = entry.layer(&hidden_layer(entry), &[1], 1.0, &device).unwrap();
    neurons
        .run(Tensor::<3>::full([1, 1, 1], current, &device), 5, None, &[])
        .unwrap()
        .output
        .into_data()
        .try_into_vec()
        .unwrap()
}

#[test]
fn the_stated_current_makes_a_neuron_fire_and_a_hundredth_does_not() {
    for entry in differentiable() {
        let (name, current) = (entry.info.name, entry.info.operating_point.current);
        let [strong, weak] = [current, current / 100.0].map(|current| five_steps(&entry, current));
        match entry.info.output {
            OutputKind::Spiking => {
                assert!(strong.contains(&1.0), "{name} is silent at {current}");
                assert!(!weak.contains(&1.0), "{name} fires at a hundredth of {current}");
            }
            OutputKind::Graded => {
                let largest = strong.iter().copied().fold(f32::MIN, f32::max);
                assert!((0.5..=5.0).contains(&largest), "{name} comes to {largest} at {current}");
            }
        }
    }
}

#[test]
fn a_step_of_training_is_finite_and_reaches_both_layers() {
    let digits = Arc::new(Dataset::digits());
    for entry in differentiable() {
        let name = entry.info.name;
        let config = TrainConfig::two_layers(name);
        let trainer = Trainer::from_config(config, digits.clone()).unwrap().device(&Device::flex());
        let mut training = trainer.start().unwrap();
        let before = training.model().values();
        let loss = training.train_batch(&(0..32).collect::<Vec<_>>()).unwrap();
        assert!(loss.is_finite(), "{name}: the loss is {loss}");
        for ((parameter, old), (_, new)) in before.into_iter().zip(training.model().values()) {
            let [old, new]: [Vec<f32>; 2] = [old, new].map(|data| data.try_into_vec().unwrap());
            assert!(new.iter().all(|value| value.is_finite()), "{name}: {} is not finite", parameter.name);
            // weight decay alone would move a weight by less
            let moved = old.iter().zip(&new).any(|(old, new)| (old - new).abs() > 3e-3);
            let connection = parameter.name.ends_with("weight");
            assert!(!connection || moved, "{name}: no gradient reaches {}", parameter.name);
        }
    }
}

#[test]
fn a_gain_multiplies_and_stands_in_the_description() {
    let read = |gain: &str| {
        toml::from_str::<NetworkConfig>(&format!(
            "steps = 1\n[[layers]]\nlinear = 2\n{gain}\n[[layers]]\nneuron = \"relay\""
        ))
    };
    let device = Device::flex();
    let scores = |gain: &str| -> Vec<f32> {
        let config = NetworkConfig { decoder: SpikeRate::default().into(), ..read(gain).unwrap() };
        let network = config.init(&[3], 2, 0, &device).unwrap();
        network.forward(Tensor::ones([1, 3], &device), 0).unwrap().into_data().try_into_vec().unwrap()
    };
    let [plain, strong] = [scores(""), scores("gain = 8.0")];
    assert_eq!(strong, plain.iter().map(|score| score * 8.0).collect::<Vec<_>>());
    let text = |gain: &str| toml::to_string(&read(gain).unwrap()).unwrap();
    assert!(text("gain = 8.0").contains("gain = 8.0") && !text("gain = 1.0").contains("gain"));
    for (wrong, expected) in [
        ("gain = 0.0", "layers.0.gain: is 0; expected a factor above 0"),
        ("gain = -2.0", "layers.0.gain: is -2; expected a factor above 0"),
        ("gain = inf", "`gain` is inf; expected a finite number"),
        ("gain = \"large\"", "`linear`: `gain = \"large\"`"),
    ] {
        let error = match read(wrong) {
            Ok(config) => config.init(&[3], 2, 0, &device).unwrap_err().to_string(),
            Err(error) => error.to_string(),
        };
        assert!(error.contains(expected), "{wrong}: {error}");
    }
}
