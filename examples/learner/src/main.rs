//! Synfire's layers in a model that Burn's own `Learner` trains on the embedded digits: `cargo run --release` in this
//! folder.

use burn::data::dataloader::{DataLoaderBuilder, batcher::Batcher};
use burn::lr_scheduler::constant::ConstantLr;
use burn::nn::loss::CrossEntropyLossConfig;
use burn::optim::AdamConfig;
use burn::prelude::*;
use burn::train::metric::{AccuracyMetric, LossMetric};
use burn::train::{
    ClassificationOutput, ExecutionStrategy, InferenceStep, Learner, SupervisedTraining, TrainOutput, TrainStep,
    TrainingStrategy,
};
use synfire::data::{Sample, burn_dataset::BurnDataset};
use synfire::prelude::*;

/// Steps for which a digit is shown.
const STEPS: usize = 10;

#[derive(Module, Debug)]
struct Net {
    hidden: EventLinear,
    spike: Neurons,
    output: EventLinear,
    scores: Neurons,
}

impl Net {
    fn new(device: &Device) -> Self {
        let plif = PlifConfig::new();
        Net {
            hidden: EventLinearConfig::new(64, 128).init(device),
            spike: plif.init(&[128], device),
            output: EventLinearConfig::new(128, 10).init(device),
            scores: plif.init(&[10], device),
        }
    }

    fn classify(&self, digits: Digits) -> ClassificationOutput {
        let spikes = self.spike.forward_constant(self.hidden.forward(digits.pixels), STEPS); // [T, B, 128]
        let counts = self.scores.forward(self.output.forward(spikes)).sum_dim(0).squeeze_dim::<2>(0);
        let loss = CrossEntropyLossConfig::new().init(&counts.device()).forward(counts.clone(), digits.classes.clone());
        ClassificationOutput::new(loss, counts, digits.classes)
    }
}

impl TrainStep for Net {
    type Input = Digits;
    type Output = ClassificationOutput;

    fn step(&self, digits: Digits) -> TrainOutput<ClassificationOutput> {
        let output = self.classify(digits);
        TrainOutput::new(self, output.loss.backward(), output)
    }
}

impl InferenceStep for Net {
    type Input = Digits;
    type Output = ClassificationOutput;

    fn step(&self, digits: Digits) -> ClassificationOutput {
        self.classify(digits)
    }
}

/// Pixels `[B, 64]` from 0 to 1, and classes `[B]`.
#[derive(Clone, Debug)]
struct Digits {
    pixels: Tensor<2>,
    classes: Tensor<1, Int>,
}

/// Makes batches of Synfire's samples.
#[derive(Clone)]
struct Gather;

impl Batcher<Sample, Digits> for Gather {
    fn batch(&self, samples: Vec<Sample>, device: &Device) -> Digits {
        let batch = Batch::gather(&[64], samples.into_iter().map(Ok)).expect("digits have 64 pixels");
        let Targets::Classes(classes) = &batch.targets else { unreachable!("digits have classes") };
        Digits {
            pixels: Tensor::from_data(TensorData::new(batch.values.to_floats().to_vec(), [batch.len(), 64]), device),
            classes: Tensor::from_data(TensorData::new(classes.clone(), [batch.len()]), device),
        }
    }
}

fn main() {
    let data = Dataset::digits();
    let train = DataLoaderBuilder::new(Gather).batch_size(64).shuffle(1).build(BurnDataset(data.train));
    let test = DataLoaderBuilder::new(Gather).batch_size(64).build(BurnDataset(data.test));
    let device = Device::default().autodiff();
    let training = SupervisedTraining::<Net>::new("runs/learner", train, test)
        .metric_train_numeric(AccuracyMetric::new())
        .metric_valid_numeric(AccuracyMetric::new())
        .metric_train_numeric(LossMetric::new())
        .metric_valid_numeric(LossMetric::new())
        .with_training_strategy(TrainingStrategy::Default(ExecutionStrategy::single(device.clone())))
        .num_epochs(10)
        .summary();
    let learner = Learner::new(Net::new(&device), AdamConfig::new().init(), ConstantLr::from(5e-3));
    let trained = training.launch(learner).model;
    for neurons in [&trained.spike, &trained.scores] {
        println!("learned tau_m: {:.3?} ms", neurons.value("tau_m").expect("a parameter of plif"));
    }
}
