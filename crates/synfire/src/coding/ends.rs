//! Samples that end before the last step: what comes after their end counts for nothing.

use super::{Activations, Decoded, Decoder, Expected, Loss, StepClasses};
use burn::tensor::{Device, Int, Tensor, TensorData};
use std::collections::BTreeMap;

/// Steps of each sample of a batch, where some are shorter than others.
///
/// Samples that end at the same step are decoded together, over their own steps. So scores, losses and gradients of a
/// sample are those that it has alone, whatever the decoder and the loss are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    /// Steps of each sample, `[B]`, from 1 on; empty where all have the steps of the network.
    steps: Vec<usize>,
}

/// Samples that end at the same step.
struct Group {
    steps: usize,
    /// Their number.
    count: usize,
    /// Their indices in the batch, `[count]`.
    samples: Tensor<1, Int>,
}

impl Ends {
    /// Ends after so many steps each, of a network with `steps`.
    pub(crate) fn new(each: Vec<usize>, steps: usize) -> Self {
        Ends { steps: if each.iter().all(|&end| end >= steps) { vec![] } else { each } }
    }

    /// Whether all samples have the steps of the network.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// Steps of a sample; none where all have those of the network.
    pub(crate) fn of(&self, sample: usize) -> Option<usize> {
        self.steps.get(sample).copied()
    }

    fn groups(&self, device: &Device) -> Vec<Group> {
        let mut groups: BTreeMap<usize, Vec<i64>> = BTreeMap::new();
        for (sample, &steps) in (0..).zip(&self.steps) {
            groups.entry(steps).or_default().push(sample);
        }
        let group = |(steps, samples): (usize, Vec<i64>)| {
            let count = samples.len();
            Group { steps, count, samples: Tensor::from_data(TensorData::new(samples, [count]), device) }
        };
        groups.into_iter().map(group).collect()
    }

    /// The scores of an activity. Of a decoder with scores at every step, those after the end of a sample are the mean of
    /// those before, so that the mean over all steps is that of its own.
    pub(crate) fn decode(&self, decoder: &Decoder, activity: &Activations, parameters: &[Tensor<1>]) -> Decoded {
        if self.is_empty() {
            return decoder.decode(activity, parameters);
        }
        let (all, device) = (activity.steps(), activity.values.device());
        let (mut scores, mut order, mut penalty) = (vec![], vec![], None::<Tensor<1>>);
        for group in self.groups(&device) {
            let decoded = decoder.decode(&group.activations(activity), parameters);
            let share = group.count as f32 / self.steps.len() as f32;
            penalty = match (penalty, decoded.penalty.map(|penalty| penalty * share)) {
                (Some(sum), Some(more)) => Some(sum + more),
                (one, other) => one.or(other),
            };
            let own = decoded.scores;
            let [_, samples, outputs] = own.dims();
            scores.push(match decoder.every_step() && group.steps < all {
                true => {
                    let mean = own.clone().mean_dim(0).expand([all - group.steps, samples, outputs]);
                    Tensor::cat(vec![own, mean], 0)
                }
                false => own,
            });
            order.push(group.samples);
        }
        // back to the order of the batch
        let scores = Tensor::cat(scores, 1).select(1, Tensor::cat(order, 0).argsort(0));
        Decoded { scores, penalty }
    }

    /// Mean loss over samples, or over steps with a class of their own.
    pub(crate) fn loss(
        &self,
        loss: &Loss,
        decoded: &Decoded,
        activity: &Activations,
        expected: &Expected,
    ) -> Tensor<1> {
        if self.is_empty() {
            return loss.loss(decoded, activity, expected);
        }
        let per_step = matches!(expected, Expected::ClassPerStep(_));
        let weight = |steps: usize, count: usize| if per_step { steps * count } else { count } as f32;
        let all: f32 = self.steps.iter().map(|&steps| weight(steps, 1)).sum();
        let of_group = |group: Group| {
            let share = weight(group.steps, group.count) / all;
            let part = loss.loss(&group.decoded(decoded), &group.activations(activity), &group.expected(expected));
            part * share
        };
        let parts: Vec<Tensor<1>> = self.groups(&activity.values.device()).into_iter().map(of_group).collect();
        Tensor::cat(parts, 0).sum()
    }

    /// An output `[T, B, N]` of which the mean over all steps is that over the steps of each sample.
    pub(crate) fn weighted(&self, output: Tensor<3>) -> Tensor<3> {
        let [steps, batch, _] = output.dims();
        if self.is_empty() {
            return output;
        }
        let weight = |t: usize, end: usize| if t < end { steps as f32 / end as f32 } else { 0.0 };
        let weights = (0..steps).flat_map(|t| self.steps.iter().map(move |&end| weight(t, end)));
        let weights = TensorData::new(weights.collect::<Vec<f32>>(), [steps, batch, 1]);
        let weights = Tensor::<3>::from_data(weights, &output.device()).cast(output.dtype());
        output * weights
    }
}

impl Group {
    /// These samples out of `[T, B, N]`, up to their end; of `[1, B, N]`, these samples.
    fn part(&self, x: &Tensor<3>) -> Tensor<3> {
        let x = x.clone().select(1, self.samples.clone());
        let steps = x.dims()[0].min(self.steps);
        x.narrow(0, 0, steps)
    }

    fn activations(&self, activity: &Activations) -> Activations {
        Activations {
            values: self.part(&activity.values),
            spike_times: activity.spike_times.as_ref().map(|times| self.part(times)),
            potential: activity.potential.as_ref().map(|potential| self.part(potential)),
            dt: activity.dt,
        }
    }

    fn decoded(&self, decoded: &Decoded) -> Decoded {
        Decoded { scores: self.part(&decoded.scores), penalty: None }
    }

    fn expected(&self, expected: &Expected) -> Expected {
        match expected {
            Expected::Class(classes) => Expected::Class(classes.clone().select(0, self.samples.clone())),
            Expected::Vector(vectors) => Expected::Vector(vectors.clone().select(0, self.samples.clone())),
            Expected::ClassPerStep(steps) => Expected::ClassPerStep(Box::new(StepClasses {
                classes: steps.classes.clone().select(1, self.samples.clone()).narrow(0, 0, self.steps),
                valid: steps.valid.clone().select(1, self.samples.clone()).narrow(0, 0, self.steps),
            })),
        }
    }
}
