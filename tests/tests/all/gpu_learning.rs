//! Whole layers and networks on a GPU: by tensor operations, which is how models run there that cannot be
//! traced, and learning by kernels.
//!
//! Built with `--features wgpu`; skips where no adapter is found.

use burn::tensor::Device;
use synfire::neuron::{Settings, registry};
use synfire::train::{TrainConfig, Trainer};
use synfire_data::Dataset;
use synfire_tests::{Noise, gpu, numbers, relative_error};

#[test]
fn models_run_by_tensor_operations() {
    let Some(gpu) = gpu() else { return };
    // the neurons of the last one are coupled; what all the others compute, their kernels are tested for
    for entry in ["lif", "clif", "cann_field"].map(|name| registry::find(name).unwrap()) {
        let run = |device: &Device, fused: bool| {
            let neurons = entry.layer(&Settings::new(), &[8], 1.0, device).unwrap();
            let current = Noise::new(14).tensor([6, 2, 8], -0.5, 2.0, device).require_grad();
            let out = match fused {
                true => neurons.run(current.clone(), 6, None, &[0]),
                false => neurons.run_by_operations(current.clone(), 6, None, &[0]),
            };
            let out = out.unwrap();
            let gradients = (out.output.clone().sum() + out.traces[0].clone().sum() * 0.3).backward();
            (numbers(&out.output), numbers(&current.grad(&gradients).unwrap()))
        };
        let (actual, expected) = (run(&gpu, false), run(&Device::flex().autodiff(), true));
        assert_eq!(actual.0, expected.0, "{}", entry.info.name);
        let error = relative_error(&actual.1, &expected.1);
        assert!(error < 1e-4, "{}: {error:e}", entry.info.name);
    }
}

#[test]
fn the_digits_are_learned() {
    let _alone = synfire_tests::alone();
    let Some(gpu) = gpu() else { return };
    let mut config = TrainConfig::standard();
    config.training.epochs = 5;
    let trainer = Trainer::from_config(config, Dataset::digits()).unwrap().device(&gpu.inner());
    let mut training = trainer.start().unwrap();
    training.run().unwrap();
    let accuracy = training.test().unwrap().accuracy;
    println!("digits on wgpu after five epochs: {:.1} %", accuracy * 100.0);
    assert!(accuracy > 0.94, "{accuracy}");
}
