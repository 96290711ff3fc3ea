//! Measuring a model: accuracy, loss, firing rates, time constants.

mod measured;

use super::shards::Shards;
use super::{Alone, Communicator};
use super::{Evaluation, ShardContext, TimeConstant, Trainable, TrainingConfig};
use crate::Error;
use crate::host::floats;
use crate::parameters::{NamedParameter, ParameterKind, values};
use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use measured::Measured;
use std::collections::BTreeMap;
use synfire_data::{Draw, Split};

/// Samples in one step of an evaluation at most: no more than in a usual one of training, whose memory it makes use of.
pub(super) const EVALUATION_BATCH: usize = 128;

/// Measures a model, without autodiff, on these samples of a split; the loss is without penalty and regularisers. What
/// is drawn at random follows from the configured seed.
///
/// # Errors
///
/// If the model cannot take the samples.
pub fn evaluate<M: Trainable>(
    model: &M,
    split: &Split,
    indices: &[usize],
    options: &TrainingConfig,
    device: &Device,
) -> Result<Evaluation, Error> {
    evaluate_shared(&Alone, model, split, indices, options, device)
}

/// As [`evaluate`], by several ranks: each of them takes every so many-th batch, and all have the same result, which does not
/// depend on their number.
pub(super) fn evaluate_shared<M: Trainable>(
    ranks: &dyn Communicator,
    model: &M,
    split: &Split,
    indices: &[usize],
    options: &TrainingConfig,
    device: &Device,
) -> Result<Evaluation, Error> {
    let context = ShardContext { device, seed: inference_seed(options), is_training: false, options };
    let batches = indices.chunks(split.at_once(EVALUATION_BATCH)).enumerate().skip(ranks.rank()).step_by(ranks.size());
    let (numbers, batches): (Vec<usize>, Vec<Vec<usize>>) = batches.map(|(i, batch)| (i, batch.to_vec())).unzip();
    let mut batches = Shards::begin(split, batches, None::<Draw>);
    let mut own = vec![];
    for i in numbers {
        device.seed(mix(!options.seed, 0, i));
        let batch = batches.next()?;
        own.push(Measured::of(model.shard(&batch, &context)?, batch.len()));
    }
    let mut sums = Measured::default();
    measured::of_all(ranks, own)?.into_iter().for_each(|batch| sums.add(batch));
    Ok(sums.means())
}

/// Seed of what is drawn at random for a sample in inference, so that it is answered alike alone and in any batch.
#[must_use]
pub fn inference_seed(options: &TrainingConfig) -> u64 {
    mix(!options.seed, 0, 0)
}

/// The class of a sample, or of a step of one, and the one that the model gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) class: i64,
    /// The first of those with the highest score.
    pub(crate) given: i64,
}

impl Answer {
    pub(crate) fn is_right(&self) -> bool {
        self.class == self.given
    }
}

/// The answers to these samples, whose classes are the labels, from scores `[.., B, classes]`.
pub(super) fn answers<const D: usize>(scores: Tensor<D>, labels: &[i64]) -> Vec<Answer> {
    let classes = scores.dims()[D - 1].max(1);
    let scores = floats(&scores.into_data());
    let given = |scores: &[f32]| highest(scores).map_or(-1, |class| class as i64);
    let answer = |(scores, &class): (&[f32], &i64)| Answer { class, given: given(scores) };
    scores.chunks_exact(classes).zip(labels).map(answer).collect()
}

/// The first of the highest scores.
#[must_use]
pub fn highest(scores: &[f32]) -> Option<usize> {
    (0..scores.len()).reduce(|best, i| if scores[i] > scores[best] { i } else { best })
}

/// Mean, smallest and largest value of each time constant that learns.
pub(super) fn learning_time_constants<M: Module>(model: &M) -> BTreeMap<String, TimeConstant> {
    let is_learning = |p: &NamedParameter| p.active && p.kind == ParameterKind::Neuron { time_constant: true };
    let spread = |(p, data): (NamedParameter, TensorData)| {
        let values: Vec<f64> = floats(&data).iter().map(|&x| f64::from(x)).collect();
        let tau = TimeConstant {
            mean: values.iter().sum::<f64>() / values.len().max(1) as f64,
            minimum: values.iter().copied().fold(f64::INFINITY, f64::min),
            maximum: values.iter().copied().fold(f64::NEG_INFINITY, f64::max),
            unit: p.unit.to_string(),
        };
        (p.name, tau)
    };
    values(model).into_iter().filter(|(p, _)| is_learning(p)).map(spread).collect()
}

/// Time constants of a model by name: mean over their values, in the model's unit.
#[must_use]
pub fn time_constants<M: Module>(model: &M) -> Vec<(String, f64)> {
    let mean = |data: TensorData| {
        let values = floats(&data);
        values.iter().map(|&x| f64::from(x)).sum::<f64>() / values.len().max(1) as f64
    };
    let is_tau = |p: &NamedParameter| p.kind == ParameterKind::Neuron { time_constant: true };
    values(model).into_iter().filter(|(p, _)| is_tau(p)).map(|(p, data)| (p.name, mean(data))).collect()
}

/// A seed for each batch (SplitMix64 of seed, epoch and batch).
pub(super) fn mix(seed: u64, epoch: usize, batch: usize) -> u64 {
    let mut x = seed ^ ((epoch as u64) << 32).wrapping_add(batch as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}
