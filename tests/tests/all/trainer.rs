//! Training of Burn modules that are not Synfire's networks.

use burn::module::Module;
use burn::nn::{BatchNorm, BatchNormConfig, Dropout, DropoutConfig, Linear, LinearConfig};
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};
use std::ops::ControlFlow;
use synfire::Error;
use synfire::checkpoint::Checkpoint;
use synfire::neuron::{Neurons, PlifConfig};
use synfire::parameters::values;
use synfire::train::{ModelConfig, Optimizer, ShardContext, ShardOutput, Trainable, Trainer, Training, TrainingConfig};
use synfire_data::{Batch, Dataset, Split, Targets};
use synfire_tests::alone;

#[derive(Clone, Debug, Serialize, Deserialize)]
struct NetConfig {
    outputs: usize,
    dropout: f64,
    norm: bool,
}

#[derive(Module, Debug)]
struct Net {
    hidden: Linear,
    norm: Option<BatchNorm>,
    spike: Neurons,
    dropout: Dropout,
    head: Linear,
}

impl ModelConfig for NetConfig {
    type Model = Net;

    fn init(&self, device: &Device) -> Net {
        Net {
            hidden: LinearConfig::new(64, 16).init(device),
            norm: self.norm.then(|| BatchNormConfig::new(16).init(device)),
            spike: PlifConfig::new().init(&[16], device),
            dropout: DropoutConfig::new(self.dropout).init(),
            head: LinearConfig::new(16, self.outputs).init(device),
        }
    }
}

impl Trainable for Net {
    fn shard(&self, batch: &Batch, context: &ShardContext<'_>) -> Result<ShardOutput, Error> {
        let hidden = self.hidden.forward(context.values::<2>(batch)?);
        let hidden = match &self.norm {
            Some(norm) => norm.forward(hidden),
            None => hidden,
        };
        let [samples, neurons] = hidden.dims();
        let current = hidden.reshape([1, samples, neurons]).expand([4, samples, neurons]);
        let spikes: Tensor<3> = self.spike.forward(current);
        let rates = self.dropout.forward(spikes.clone().mean_dim(0).reshape([samples, neurons]));
        let outputs = self.head.forward(rates);
        let shard = match batch.targets {
            Targets::Classes(_) => ShardOutput::cross_entropy(outputs, batch),
            _ => ShardOutput::squared_error(outputs, batch),
        };
        Ok(shard?.with_firing_rate("spike", spikes))
    }
}

/// The first digits.
fn digits(samples: usize) -> Dataset {
    let digits = Dataset::digits();
    let first = |split: &Split| split.subset((0..samples).collect()).unwrap();
    Dataset::new("digits", first(&digits.train), first(&digits.test)).unwrap()
}

fn training(config: NetConfig, data: Dataset, options: TrainingConfig) -> Training<NetConfig> {
    Trainer::new(config, data).unwrap().options(options).device(&Device::flex()).start().unwrap()
}

fn parameters(training: &Training<NetConfig>) -> Vec<(String, Vec<f32>)> {
    let all = values(&training.model()).into_iter();
    all.map(|(p, data)| (p.name, data.try_into_vec().unwrap())).collect()
}

const CLASSES: NetConfig = NetConfig { outputs: 10, dropout: 0.3, norm: true };

#[test]
fn a_resumed_training_takes_the_same_steps_with_burns_dropout_and_batch_norm() {
    let _alone = alone();
    let options = TrainingConfig { epochs: 2, ..TrainingConfig::default() };
    let mut whole = training(CLASSES, digits(200), options.clone());
    whole.run().unwrap();

    // broken off in the middle of the second epoch
    let mut first = training(CLASSES, digits(200), options);
    let mut steps = 0;
    let mut watch = |_: synfire::train::Progress<'_>| {
        steps += 1;
        if steps == 11 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    };
    while first.epoch(&mut watch).unwrap() {}
    assert_eq!((first.position().epoch, first.position().batch), (1, 3));
    let file = tempfile::NamedTempFile::new().unwrap();
    first.checkpoint().unwrap().write(file.path()).unwrap();
    // what others draw in between does not matter
    let _ = Tensor::<1>::random([7], burn::tensor::Distribution::Default, &Device::flex());
    let read = Checkpoint::<NetConfig>::open(file.path()).unwrap();
    let mut second = Training::resume(&read, digits(200), &Device::flex()).unwrap();
    second.run().unwrap();

    assert_eq!(parameters(&whole), parameters(&second));
    assert_eq!(whole.history(), second.history());
    let names: Vec<String> = parameters(&whole).into_iter().map(|(name, _)| name).collect();
    assert!(["norm.running_mean", "spike.tau_m", "head.weight"].iter().all(|name| names.contains(&name.to_string())));
    let error = Checkpoint::read(file.path()).unwrap_err().to_string();
    assert!(error.contains("holds a model of `NetConfig`; expected one of `network`"), "{error}");
}

#[test]
fn shards_add_up_to_the_step_of_all_samples() {
    let _alone = alone();
    let config = NetConfig { dropout: 0.0, norm: false, ..CLASSES };
    let after = |accumulate: usize| {
        let optimizer = Optimizer::Sgd { momentum: 0.9 };
        let options =
            TrainingConfig { epochs: 1, accumulate, optimizer, learning_rate: 0.1, ..TrainingConfig::default() };
        let mut training = training(config.clone(), digits(100), options);
        training.run().unwrap();
        (parameters(&training), training.history()[0].clone())
    };
    let (whole, record) = after(1);
    let (sharded, sharded_record) = after(5);
    for ((name, a), (_, b)) in whole.iter().zip(&sharded) {
        let error = a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(error < 2e-4, "{name}: {error}");
    }
    assert!((record.train_loss - sharded_record.train_loss).abs() < 1e-4);
    assert_eq!(record.train_accuracy, sharded_record.train_accuracy);
    let start = parameters(&training(config, digits(100), TrainingConfig::default()));
    assert!(start[0].1.iter().zip(&whole[0].1).any(|(a, b)| (a - b).abs() > 1e-3), "it learns");
}

#[test]
fn vectors_are_targets_without_accuracy() {
    let _alone = alone();
    let digits = digits(300);
    // where the ink is
    let vectors = |split: &Split| {
        let mut batch = split.batch(&(0..split.len()).collect::<Vec<_>>()).unwrap();
        let pixels = batch.values.to_floats().into_owned();
        let halves = pixels
            .chunks(64)
            .flat_map(|image| [image[..32].iter().sum::<f32>() / 32.0, image[32..].iter().sum::<f32>() / 32.0]);
        batch.targets = Targets::Vectors { values: halves.collect(), len: 2 };
        Split::from_batch(batch).unwrap()
    };
    let data = Dataset::new("ink", vectors(&digits.train), vectors(&digits.test)).unwrap();
    let options = TrainingConfig { epochs: 12, validation: 0.2, ..TrainingConfig::default() };
    let mut training = training(NetConfig { outputs: 2, dropout: 0.0, norm: false }, data, options);
    let before = training.test().unwrap();
    training.run().unwrap();
    let after = training.test().unwrap();
    assert!(after.loss < 0.2 * before.loss, "{} {}", before.loss, after.loss);
    assert!(after.accuracy.is_nan() && after.firing_rates["spike"] > 0.0);
    let record = &training.history()[0];
    assert!(
        record.train_accuracy.is_none() && record.validation_accuracy.is_none() && record.validation_loss.is_some()
    );
}

#[test]
fn a_run_folder_holds_what_was_asked_for() {
    let _alone = alone();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    let options = TrainingConfig {
        freeze: vec!["hidden.*".to_string()],
        neuron_learning_rate: Some(0.1),
        checkpoint_batches: Some(2),
        ..TrainingConfig::default()
    };
    let mut saved = vec![];
    let trainer = Trainer::new(CLASSES, digits(200)).unwrap().device(&Device::flex()).options(options).epochs(1);
    let run = trainer.fit_watched(&path, &mut |progress| {
        if let synfire::train::Progress::Step { batch, .. } = progress {
            let last = path.join("checkpoints/last.bpk");
            let read = last.is_file().then(|| Checkpoint::<NetConfig>::open(&last).unwrap());
            saved.push((batch, read.map_or(0, |read| read.training_state().unwrap().position.batch)));
        }
        ControlFlow::Continue(())
    });
    let run = run.unwrap();
    assert_eq!(saved, [(1, 0), (2, 0), (3, 2), (4, 2), (5, 4), (6, 4), (7, 6)]);
    assert_eq!((run.test.samples, run.history.len()), (200, 1));
    let read = |name: &str| std::fs::read_to_string(path.join(name)).unwrap();
    assert!(read("config.toml").contains("[model]\noutputs = 10"));
    assert!(read("metrics.csv").starts_with("epoch,train_loss,"));
    let best = Checkpoint::<NetConfig>::open(path.join("checkpoints/best.bpk")).unwrap();
    let kept = |name: &str| best.parameters.iter().find(|p| p.name == name).unwrap().values.clone();
    let start = training(CLASSES, digits(200), TrainingConfig::default());
    let start = |name: &str| parameters(&start).into_iter().find(|(known, _)| known == name).unwrap().1;
    assert_eq!(kept("hidden.weight"), start("hidden.weight"), "it was frozen");
    assert_ne!(kept("head.weight"), start("head.weight"));
    assert!((kept("spike.tau_m")[0] - start("spike.tau_m")[0]).abs() > 0.05, "it has a rate of its own");
    let again = Trainer::new(CLASSES, digits(200)).unwrap().fit(&path).unwrap_err().to_string();
    assert!(again.contains("holds a run already"), "{again}");
}

#[test]
fn what_does_not_fit_is_refused_with_its_cure() {
    let _alone = alone();
    let message = |config: NetConfig, options: TrainingConfig| {
        Trainer::new(config, digits(50)).unwrap().options(options).start().unwrap_err().to_string()
    };
    let frozen = TrainingConfig { freeze: vec!["hiden.*".to_string()], ..TrainingConfig::default() };
    assert!(message(CLASSES, frozen).contains("known: hidden.weight, hidden.bias, norm.gamma"));
    let shards = TrainingConfig { accumulate: 0, ..TrainingConfig::default() };
    assert!(message(CLASSES, shards).contains("training.accumulate: is 0; expected at least 1 shard"));
    let mut narrow = training(NetConfig { outputs: 3, ..CLASSES }, digits(50), TrainingConfig::default());
    let error = narrow.epoch(&mut |_| ControlFlow::Continue(())).unwrap_err().to_string();
    assert!(error.contains("are 3 for each sample, a sample has class"), "{error}");
}
