//! Loss and gradients of a batch: in one shard, or in the shards of a tree that ranks share.

use super::Training;
use super::step::{Step, StepResult};
use crate::Error;
use crate::train::evaluate::mix;
use crate::train::gradients::StepGradients;
use crate::train::parallel::{Division, HostGradients, Part, Tree, all_reduce, gathered_sum};
use crate::train::shards::Shards;
use crate::train::{BuildModel, ExchangePrecision, ShardContext, ShardCount, ShardOutput, Trainable};
use burn::tensor::Device;
use std::ops::Range;

/// Sums over some samples of a batch.
#[derive(Default)]
struct Sums {
    loss: f64,
    /// Samples, or what else the loss is a mean over.
    count: usize,
    /// Samples that were right, where targets are classes.
    correct: Option<usize>,
    gradients: StepGradients,
}

impl<C: BuildModel> Training<C> {
    /// Division of a batch of so many samples.
    pub(super) fn division(&self, samples: usize) -> Division {
        let shards = self.options.shards.map_or(1, |shards| shards.of(self.ranks.size()));
        Division { samples, shards, parts: self.options.accumulate.div_ceil(shards) }
    }

    /// Places of the tree whose shards this rank computes.
    pub(super) fn places(&self, division: &Division) -> Range<usize> {
        division.places_of(self.ranks.rank(), self.ranks.size())
    }

    /// Mean loss and its gradients of a batch of one shard.
    pub(super) fn undivided(
        &self,
        division: &Division,
        shards: &mut Shards,
        step: &Step,
        scale: f32,
    ) -> Result<(StepResult, StepGradients), Error> {
        let parts = division.parts_of(0);
        let only = parts.len() == 1;
        // a single mean needs no rounding
        let share = |weight: f32, count: usize| if only { weight / count as f32 } else { weight };
        let mut sums = Sums::default();
        let mut mean = f32::NAN;
        for part in &parts {
            let (value, weight, count) =
                self.add(&mut sums, part, shards, step, |weight, count| scale * share(weight, count))?;
            mean = value * share(weight, count);
            if !value.is_finite() {
                break;
            }
        }
        let Sums { loss, count, correct, mut gradients } = sums;
        let divisor = if only { scale } else { scale * count as f32 };
        if divisor != 1.0 {
            gradients.scale(&self.model, 1.0 / divisor);
        }
        let loss = if only { mean } else { (loss / count.max(1) as f64) as f32 };
        Ok((StepResult { loss, count, correct, norms: vec![] }, gradients))
    }

    /// Mean loss and its gradients of a batch of several shards, added in their tree over all ranks.
    pub(super) fn divided(
        &self,
        division: &Division,
        shards: &mut Shards,
        step: &Step,
        scale: f32,
    ) -> Result<(StepResult, StepGradients), Error> {
        let before = self.buffers.values(&self.model);
        let (precision, devices) = (self.options.exchange_precision, self.shared_devices());
        let mut on_device = StepGradients::default();
        let (mut numbers, mut gradients, mut moves) = (Tree::default(), Tree::default(), Tree::default());
        for place in self.places(division) {
            let parts = division.parts_of(place);
            if parts.is_empty() {
                numbers.push(None);
                gradients.push(None);
                moves.push(None);
                continue;
            }
            let mut sums = Sums::default();
            for part in &parts {
                self.add(&mut sums, part, shards, step, |weight, _| scale * weight)?;
            }
            let own = std::mem::take(&mut sums.gradients);
            numbers.push(Some(sums.numbers(&own.present(&self.model))));
            match devices {
                Some(_) => on_device = own,
                None => gradients.push(Some(own.into_host(&self.model, precision))),
            }
            if !before.is_empty() {
                let samples = parts.iter().map(|part| part.samples.len()).sum::<usize>() as f32;
                let after = self.buffers.values(&self.model);
                moves.push(Some(before.iter().zip(after).map(|(before, after)| (after - before) * samples).collect()));
                self.buffers.set(&self.model, &before);
            }
        }
        let numbers = gathered_sum(&*self.ranks, numbers.sum())?;
        let (result, present) = result_of(&numbers);
        if !result.loss.is_finite() {
            return Ok((result, StepGradients::default()));
        }
        let mean = 1.0 / (scale * result.count as f32);
        let gradients = match devices {
            Some(devices) => {
                let mut sum = on_device.summed(&self.model, devices, &present);
                sum.scale(&self.model, mean);
                sum
            }
            None => StepGradients::of(&self.model, self.sum_over_ranks(gradients.sum(), &present)?.scaled(mean)),
        };
        if !before.is_empty() {
            let moves = self.reduced(moves.sum(), before.len(), ExchangePrecision::F32)?;
            let after: Vec<f32> =
                before.iter().zip(moves).map(|(before, moved)| before + moved / division.samples as f32).collect();
            self.buffers.set(&self.model, &after);
        }
        Ok((result, gradients))
    }

    /// The devices of all ranks where gradients stay on them: each has one shard, and Burn adds.
    fn shared_devices(&self) -> Option<&[Device]> {
        self.ranks.devices().filter(|_| self.options.shards == Some(ShardCount::Ranks))
    }

    /// The sum of gradients over all ranks; `own` is this rank's, `None` if it had no samples.
    fn sum_over_ranks(&self, own: Option<HostGradients>, present: &[bool]) -> Result<HostGradients, Error> {
        let precision = self.options.exchange_precision;
        match own {
            Some(own) if self.ranks.size() == 1 => Ok(own.rounded()),
            own => {
                let lengths = StepGradients::lengths(&self.model);
                let own = own.map(|own| own.joined(&lengths));
                let sum = self.reduced(own, lengths.iter().sum(), precision)?;
                Ok(HostGradients::divided(&sum, &lengths, present, precision))
            }
        }
    }

    /// The sum over all ranks; `own` is this rank's, `None` if it had no samples.
    fn reduced(&self, own: Option<Vec<f32>>, len: usize, precision: ExchangePrecision) -> Result<Vec<f32>, Error> {
        match self.options.shards {
            Some(ShardCount::Ranks) => {
                let mut values = own.unwrap_or_else(|| vec![0.0; len]);
                self.ranks.sum(&mut values)?;
                Ok(values)
            }
            _ => all_reduce(&*self.ranks, own, len, precision),
        }
    }

    /// Adds a part of a shard, whose samples come next. Gradients are those of its loss times `factor`, of the loss's
    /// weight and count. Returns the loss, its weight and its count; there are no gradients if it is not finite.
    fn add(
        &self,
        sums: &mut Sums,
        part: &Part,
        shards: &mut Shards,
        step: &Step,
        factor: impl Fn(f32, usize) -> f32,
    ) -> Result<(f32, f32, usize), Error> {
        // what Burn's own layers draw at random in it
        self.device.seed(if part.number == 0 { step.seed } else { mix(step.seed, 0, part.number) });
        let context =
            ShardContext { device: &self.device, seed: step.sample_seed, is_training: true, options: &self.options };
        let ShardOutput { loss, weight, count, correct, chunks, .. } = self.model.shard(&shards.next()?, &context)?;
        let value: f32 = loss.clone().inner().into_scalar();
        sums.correct = if sums.count == 0 { correct } else { sums.correct.zip(correct).map(|(a, b)| a + b) };
        sums.count += count;
        sums.loss += f64::from(value) * f64::from(weight);
        if value.is_finite() {
            let factor = factor(weight, count);
            let loss = if factor == 1.0 { loss } else { loss * factor };
            let of_loss = loss.backward();
            if let Some(run) = chunks {
                run.backward(&of_loss, |of_chunk| sums.gradients.add(&self.model, of_chunk))?;
            }
            sums.gradients.add(&self.model, of_loss);
        }
        Ok((value, weight, count))
    }
}

impl Sums {
    /// For a sum over shards: loss, count, shards, shards whose targets are classes, samples that were right; then whether there
    /// is a gradient, for each parameter.
    fn numbers(&self, present: &[bool]) -> Vec<f64> {
        let has_classes = f64::from(u8::from(self.correct.is_some()));
        let numbers = [self.loss, self.count as f64, 1.0, has_classes, self.correct.unwrap_or(0) as f64];
        numbers.into_iter().chain(present.iter().map(|present| f64::from(u8::from(*present)))).collect()
    }
}

/// The mean over all shards, and which parameters have a gradient.
fn result_of(numbers: &[f64]) -> (StepResult, Vec<bool>) {
    let [loss, count, shards, with_classes, correct, ref present @ ..] = *numbers else {
        return (StepResult { loss: f32::NAN, count: 0, correct: None, norms: vec![] }, vec![]);
    };
    let correct = (with_classes == shards).then_some(correct as usize);
    let result = StepResult { loss: (loss / count.max(1.0)) as f32, count: count as usize, correct, norms: vec![] };
    (result, present.iter().map(|&shards| shards > 0.0).collect())
}
