//! Measures of batches, sent between ranks, and their sums.

use super::Answer;
use crate::Error;
use crate::train::{ClassCount, Communicator, Confusion, Evaluation, ShardOutput};

/// Measures of a batch, or of several.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Measured {
    samples: usize,
    /// Samples, or what else the loss is a mean over.
    count: usize,
    /// Sum of the loss.
    loss: f64,
    /// Samples that were right, where targets are classes.
    correct: Option<usize>,
    confusion: Confusion,
    /// Spikes per neuron and step of each layer, summed over the samples.
    rates: Vec<(String, f64)>,
}

impl Measured {
    pub(super) fn of(shard: ShardOutput, samples: usize) -> Self {
        let ShardOutput { loss, weight, count, correct, answers, firing_rates, .. } = shard;
        let mut confusion = Confusion::new();
        for Answer { class, given } in answers {
            *confusion.entry(class).or_default().entry(given).or_default() += 1;
        }
        Measured {
            samples,
            count,
            loss: f64::from(loss.into_scalar::<f32>()) * f64::from(weight),
            correct,
            confusion,
            rates: firing_rates
                .into_iter()
                .map(|(layer, rate)| (layer, f64::from(rate.into_scalar::<f32>()) * samples as f64))
                .collect(),
        }
    }

    /// The loss and the rates by their bits: JSON has no infinity.
    fn to_message(&self) -> Message {
        let Measured { samples, count, loss, correct, confusion, rates } = self.clone();
        let rates = rates.into_iter().map(|(layer, rate)| (layer, rate.to_bits())).collect();
        (samples, count, loss.to_bits(), correct, confusion, rates)
    }

    fn of_message((samples, count, loss, correct, confusion, rates): Message) -> Self {
        let rates = rates.into_iter().map(|(layer, rate)| (layer, f64::from_bits(rate))).collect();
        Measured { samples, count, loss: f64::from_bits(loss), correct, confusion, rates }
    }
}

type Message = (usize, usize, u64, Option<usize>, Confusion, Vec<(String, u64)>);

/// Measures of all batches in their order; rank r of n has measured batches r, r + n, r + 2 n, ..
pub(super) fn of_all(ranks: &dyn Communicator, own: Vec<Measured>) -> Result<Vec<Measured>, Error> {
    if ranks.size() == 1 {
        return Ok(own);
    }
    let damaged = |rank: usize, error: serde_json::Error| Error::Rank {
        rank,
        problem: format!("sent measures that are damaged: {error}; start the same program on all hosts"),
    };
    let messages: Vec<Message> = own.iter().map(Measured::to_message).collect();
    let bytes = serde_json::to_vec(&messages).map_err(|error| damaged(ranks.rank(), error))?;
    let mut all = vec![];
    for (rank, bytes) in ranks.gather(&bytes)?.into_iter().enumerate() {
        let messages: Vec<Message> = serde_json::from_slice(&bytes).map_err(|error| damaged(rank, error))?;
        let places = (rank..).step_by(ranks.size());
        all.extend(places.zip(messages.into_iter().map(Measured::of_message)));
    }
    all.sort_by_key(|(place, _)| *place);
    Ok(all.into_iter().map(|(_, batch)| batch).collect())
}

impl Measured {
    /// Adds the measures of another batch.
    pub(super) fn add(&mut self, batch: Measured) {
        for (class, answers) in batch.confusion {
            let row = self.confusion.entry(class).or_default();
            answers.into_iter().for_each(|(given, count)| *row.entry(given).or_default() += count);
        }
        self.loss += batch.loss;
        self.correct =
            if self.samples == 0 { batch.correct } else { self.correct.zip(batch.correct).map(|(a, b)| a + b) };
        if self.samples == 0 {
            self.rates = batch.rates.iter().map(|(layer, _)| (layer.clone(), 0.0)).collect();
        }
        for ((_, sum), (_, rate)) in self.rates.iter_mut().zip(batch.rates) {
            *sum += rate;
        }
        self.samples += batch.samples;
        self.count += batch.count;
    }

    pub(super) fn means(self) -> Evaluation {
        let (samples, count) = (self.samples.max(1) as f64, self.count.max(1) as f64);
        Evaluation {
            samples: self.samples,
            loss: self.loss / count,
            accuracy: self.correct.map_or(f64::NAN, |correct| correct as f64 / count),
            per_class: self.confusion.iter().map(|(&class, answers)| (class, ClassCount::of(class, answers))).collect(),
            confusion: self.confusion,
            firing_rates: self.rates.into_iter().map(|(layer, rate)| (layer, rate / samples)).collect(),
        }
    }
}
