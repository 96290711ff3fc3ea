//! Series that are padded to the length of the longest one.

use crate::coding::Source;
use crate::network::{Network, NetworkConfig};
use crate::parameters::values;
use crate::train::{ShardContext, Trainable, TrainingConfig};
use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Device, Gradients, Tensor};
use synfire_data::{Batch, Targets};

const STEPS: usize = 7;
const FEATURES: usize = 3;

/// Gradients of all parameters, one after the other.
struct Collect<'a>(&'a Gradients, Vec<f32>);

impl ModuleVisitor for Collect<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = param.val().grad(self.0) {
            self.1.extend(gradient.into_data().iter::<f32>());
        }
    }
}

fn network(decoder: &str, steps: usize) -> Network {
    let text = format!(
        "steps = {steps}\nencoder = \"series\"\ndecoder = \"{decoder}\"\n[[layers]]\nlinear = 9\ngain = 3.0\n\
         [[layers]]\nneuron = \"plif\"\nrecurrent = true\nv_th = 0.3\n[[layers]]\nlinear = \"classes\"\ngain = 3.0\n\
         [[layers]]\nneuron = \"plif\"\nv_th = 0.3\ntau_m = {{ value = 2.0, learn = true }}\n"
    );
    let config: NetworkConfig = toml::from_str(&text).unwrap();
    config.init(&[steps, FEATURES], 4, 3, &Device::default().autodiff()).unwrap()
}

fn values_of(sample: usize) -> Vec<f32> {
    (0..STEPS * FEATURES).map(|i| ((i * 7 + sample * 5) % 11) as f32 / 11.0).collect()
}

/// Series of these lengths, after whose ends are values that nobody should see.
fn batch(samples: &[usize], lengths: &[usize], steps: usize, targets: &Targets) -> Batch {
    let values = samples.iter().flat_map(|&sample| values_of(sample)[..steps * FEATURES].to_vec());
    let mut own = match targets {
        Targets::ClassPerStep { .. } => Targets::ClassPerStep { classes: vec![], steps },
        _ => Targets::Classes(vec![]),
    };
    for &sample in samples {
        match (&mut own, targets) {
            (Targets::ClassPerStep { classes, .. }, Targets::ClassPerStep { classes: all, .. }) => {
                classes.extend(&all[sample * STEPS..sample * STEPS + steps]);
            }
            (Targets::Classes(classes), Targets::Classes(all)) => classes.push(all[sample]),
            _ => {}
        }
    }
    Batch {
        lengths: lengths.iter().copied().filter(|_| lengths.iter().any(|&length| length < steps)).collect(),
        indices: samples.to_vec(),
        ..Batch::new(values.collect::<Vec<f32>>(), [steps, FEATURES], own)
    }
}

/// Loss, number of what it is the mean over, and gradient.
fn step(network: &Network, batch: &Batch, options: &TrainingConfig) -> (f32, f32, Vec<f32>) {
    let device = Device::default().autodiff();
    let context = ShardContext { device: &device, seed: 1, is_training: true, options };
    let shard = network.shard(batch, &context).unwrap();
    let gradients = shard.loss.backward();
    let mut collect = Collect(&gradients, vec![]);
    network.visit(&mut collect);
    (shard.loss.into_scalar(), shard.count as f32, collect.1)
}

fn close(found: &[f32], expected: &[f32]) -> bool {
    found.len() == expected.len() && found.iter().zip(expected).all(|(a, b)| (a - b).abs() <= 1e-5 + 1e-4 * b.abs())
}

#[test]
fn padded_samples_have_the_scores_and_the_gradients_that_they_have_alone() {
    let lengths = [7, 3, 5, 3, 1];
    let samples: Vec<usize> = (0..5).collect();
    let classes = Targets::Classes(vec![0, 1, 2, 3, 1]);
    let per_step = Targets::ClassPerStep { classes: (0..5 * STEPS).map(|i| (i % 4) as i64).collect(), steps: STEPS };
    let cases = [
        ("spike_counts", "loss = \"cross_entropy\"", &classes),
        ("spike_rate", "loss = \"mse\"", &classes),
        ("first_spike", "loss = \"first_spike_time\"", &classes),
        ("final_step_voltage", "regularizers = [{ name = \"spike_cost\" }]", &classes),
        ("time_softmax", "", &classes),
        ("membrane_trajectory", "loss = \"max_membrane\"", &classes),
        ("membrane_trajectory", "loss = \"cross_entropy\"", &per_step),
        ("membrane_trajectory", "loss = \"mse\"", &per_step),
        ("voltage_sum", "", &classes),
    ];
    for (decoder, options, targets) in cases {
        let options: TrainingConfig = toml::from_str(options).unwrap();
        let whole = network(decoder, STEPS);
        let all = batch(&samples, &lengths, STEPS, targets);
        let (loss, count, gradient) = step(&whole, &all, &options);
        let scores = whole.valid().forward(Source::from_batch(&all, &Device::default()), 1).unwrap();
        let scores: Vec<f32> = scores.into_data().try_into_vec().unwrap();
        let (mut sum, mut sum_of_gradients) = (0.0, vec![0.0; gradient.len()]);
        for (&sample, &length) in samples.iter().zip(&lengths) {
            let short = network(decoder, length);
            assert_eq!(values(&short).len(), values(&whole).len());
            let alone = short.load_record(whole.clone().into_record());
            let one = batch(&[sample], &[length], length, targets);
            let (loss, weight, gradient) = step(&alone, &one, &options);
            sum += loss * weight;
            sum_of_gradients.iter_mut().zip(gradient).for_each(|(sum, value)| *sum += value * weight);
            let source = Source::from_batch(&one, &Device::default());
            let own: Vec<f32> = alone.valid().forward(source, 1).unwrap().into_data().try_into_vec().unwrap();
            let found = &scores[sample * 4..sample * 4 + 4];
            assert!(close(found, &own), "{decoder}, sample {sample}: {found:?}, alone {own:?}");
        }
        assert!(close(&[loss], &[sum / count]), "{decoder}: loss {loss}, alone {}", sum / count);
        sum_of_gradients.iter_mut().for_each(|value| *value /= count);
        assert!(gradient.iter().any(|&value| value != 0.0), "{decoder}");
        assert!(close(&gradient, &sum_of_gradients), "{decoder}: {gradient:?}, alone {sum_of_gradients:?}");
    }
}
