//! Measuring a network: accuracy, loss, firing rates, time constants.

use super::{Evaluation, TrainConfig};
use crate::network::{ForwardOutput, Network};
use crate::parameters::{NamedParameter, ParameterKind};
use crate::{Error, neuron};
use burn::tensor::{Device, Int, Tensor, TensorData};
use synfire_data::{Batch, Split};

/// Samples in one step of an evaluation: no more than in a usual one of training, whose memory it makes use of.
const EVALUATION_BATCH: usize = 128;

/// How good a network is on these samples of a split; the loss is without penalty and regularisers. Random encoders
/// draw from the configured seed.
///
/// # Errors
///
/// As [`Network::forward`].
pub fn evaluate(
    network: &Network,
    split: &Split,
    indices: &[usize],
    config: &TrainConfig,
    device: &Device,
) -> Result<Evaluation, Error> {
    let criterion = config.loss();
    let mut loss = 0.0;
    let mut correct = 0;
    let mut rates: Vec<f64> = Vec::new();
    for (i, indices) in indices.chunks(EVALUATION_BATCH).enumerate() {
        let batch = split.batch(indices)?;
        let (pixels, labels) = tensors(&batch, device)?;
        let seed = mix(!config.training.seed, 0, i);
        let mut layer_rates = vec![];
        let ForwardOutput { decoded, activity } =
            network.forward_with(pixels, seed, |_, output| layer_rates.push(output.clone().mean()))?;
        let batch_loss: f32 = criterion.loss(&decoded, &activity, labels).into_scalar();
        loss += f64::from(batch_loss) * indices.len() as f64;
        correct += count_correct(decoded.pooled(), batch.targets.classes()?);
        rates.resize(layer_rates.len(), 0.0);
        for (sum, rate) in rates.iter_mut().zip(layer_rates) {
            *sum += f64::from(rate.into_scalar::<f32>()) * indices.len() as f64;
        }
    }
    let samples = indices.len().max(1) as f64;
    let neurons = network.layers().iter().filter_map(|node| Some((node.path(), node.neurons()?.info().output)));
    let spiking = neurons.zip(rates).filter(|((_, kind), _)| *kind == neuron::OutputKind::Spiking);
    Ok(Evaluation {
        samples: indices.len(),
        loss: loss / samples,
        accuracy: correct as f64 / samples,
        firing_rates: spiking.map(|((path, _), rate)| (path.to_string(), rate / samples)).collect(),
    })
}

pub(super) fn tensors(batch: &Batch, device: &Device) -> Result<(Tensor<2>, Tensor<1, Int>), Error> {
    let values = TensorData::new(batch.values.to_floats().into_owned(), [batch.len(), batch.features()]);
    let classes = TensorData::new(batch.targets.classes()?.to_vec(), [batch.len()]);
    Ok((Tensor::from_data(values, device), Tensor::from_data(classes, device)))
}

/// How many samples have their label's score as the first highest one.
pub(super) fn count_correct(scores: Tensor<2>, labels: &[i64]) -> usize {
    let classes = scores.dims()[1];
    let scores: Vec<f32> = scores.into_data().try_into_vec().unwrap_or_default();
    let right = |(scores, label): (&[f32], &i64)| highest(scores) == Some(*label as usize);
    scores.chunks_exact(classes).zip(labels).filter(|&pair| right(pair)).count()
}

/// The first of the highest scores.
#[must_use]
pub fn highest(scores: &[f32]) -> Option<usize> {
    (0..scores.len()).reduce(|best, i| if scores[i] > scores[best] { i } else { best })
}

/// Time constants of a network by name: mean over their values, in the model's unit.
#[must_use]
pub fn time_constants(network: &Network) -> Vec<(String, f64)> {
    let mean = |data: TensorData| {
        let values: Vec<f32> = data.try_into_vec().unwrap_or_default();
        values.iter().map(|&x| f64::from(x)).sum::<f64>() / values.len().max(1) as f64
    };
    let is_tau = |p: &NamedParameter| p.kind == ParameterKind::Neuron { time_constant: true };
    network.values().into_iter().filter(|(p, _)| is_tau(p)).map(|(p, data)| (p.name, mean(data))).collect()
}

/// A seed for each batch (SplitMix64 of seed, epoch and batch).
pub(super) fn mix(seed: u64, epoch: usize, batch: usize) -> u64 {
    let mut x = seed ^ ((epoch as u64) << 32).wrapping_add(batch as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
