//! The tensor fallback on a GPU backend: the same numbers as on the CPU, and a network that learns.
//!
//! Built with `--features wgpu`; skips where no adapter is found.
#![cfg(feature = "wgpu")]

use burn::tensor::{Device, Distribution, Tensor};
use std::sync::Arc;
use synfire::neuron::Settings;
use synfire::train::{Flow, TrainConfig, Trainer};
use synfire_data::Dataset;

fn gpu() -> Option<Device> {
    match synfire::device::open("wgpu") {
        Ok(device) => Some(device),
        Err(error) => {
            eprintln!("skipped: {error}");
            None
        }
    }
}

#[test]
fn every_model_gives_the_cpu_s_numbers() {
    let Some(gpu) = gpu() else { return };
    let cpu = Device::flex();
    let input = Tensor::<3>::random([6, 2, 8], Distribution::Normal(0.3, 0.5), &cpu);
    for entry in synfire::neuron::registry::models() {
        let results = [&cpu, &gpu].map(|device| {
            let neurons = entry.layer(&Settings::new(), &[8], 1.0, &device.clone().autodiff()).unwrap();
            let current = Tensor::<3>::from_data(input.to_data(), &device.clone().autodiff()).require_grad();
            let output = neurons.forward(current.clone());
            let gradients = output.clone().sum().backward();
            let gradient: Vec<f32> = current.grad(&gradients).unwrap().into_data().try_into_vec().unwrap();
            let output: Vec<f32> = output.into_data().try_into_vec().unwrap();
            (output, gradient)
        });
        let [(spikes, gradient), (gpu_spikes, gpu_gradient)] = results;
        assert_eq!(spikes, gpu_spikes, "{}", entry.info.name);
        let largest = gradient.iter().fold(0f32, |m, x| m.max(x.abs()));
        for (a, b) in gradient.iter().zip(&gpu_gradient) {
            assert!((a - b).abs() <= 1e-4 * largest, "{}: {a} and {b}", entry.info.name);
        }
    }
}

#[test]
fn the_digits_are_learned() {
    let Some(gpu) = gpu() else { return };
    let mut config = TrainConfig::standard();
    config.network.steps = 4;
    config.training.epochs = 1;
    config.training.batch_size = 128;
    config.training.learning_rate = 1e-2;
    let mut trainer = Trainer::new(config, Arc::new(Dataset::digits()), &gpu).unwrap();
    while trainer.epoch(&mut |_| Flow::Continue).unwrap() {}
    let accuracy = trainer.test().unwrap().accuracy;
    eprintln!("digits on wgpu after one epoch: {:.1} %", accuracy * 100.0);
    assert!(accuracy > 0.4, "chance is 0.1, {accuracy} was reached");
}
