//! Answers before the last step, as soon as the network is sure.

use super::forward::{Call, Kept};
use super::{Network, NetworkState};
use crate::Error;
use crate::coding::{Activations, Reads, Source};
use crate::host::floats;
use burn::tensor::{Int, Tensor, TensorData};
use synfire_dynamics::CounterRng;

/// Answer to a sample, as early as the network was sure of it.
#[derive(Clone, Debug, PartialEq)]
pub struct EarlyAnswer {
    /// Scores from the steps up to that one, one for each class.
    pub scores: Vec<f32>,
    /// Steps that it took, from 1 on.
    pub steps: usize,
}

/// Parts that the steps are divided into: samples that are answered are left out from the next part on.
const PARTS: usize = 5;

impl Network {
    /// Answers each sample at the first step at which the [softmax] of the scores so far has a probability of at
    /// least `confidence`, or at the last step, of a series that is shorter than
    /// others its own last one. What an answer needs no more is not computed, but for the rest of a
    /// fifth of the steps.
    ///
    /// The scores are those of the decoder for the steps so far; with a `confidence` above 1 they are those of
    /// [`forward`](Self::forward).
    ///
    /// ```
    /// use burn::tensor::{Device, Tensor};
    /// use synfire::network::NetworkConfig;
    ///
    /// let network = NetworkConfig::two_layers("lif", 16, 20).init(&[8], 3, 0, &Device::default())?;
    /// let answers = network.answer_early(Tensor::<2>::ones([4, 8], &Device::default()), 0.5, 0)?;
    /// assert!(answers.len() == 4 && answers.iter().all(|answer| (1..=20).contains(&answer.steps)));
    /// # Ok::<(), synfire::Error>(())
    /// ```
    ///
    /// # Shapes
    ///
    /// - samples `[B, F]`, flattened
    ///
    /// # Errors
    ///
    /// As [`forward`](Self::forward); [`Error::Config`] for a decoder with scores at every step.
    pub fn answer_early(
        &self,
        samples: impl Into<Source>,
        confidence: f32,
        seed: u64,
    ) -> Result<Vec<EarlyAnswer>, Error> {
        if self.config.decoder.every_step() {
            let problem = format!("`{}` answers at every step; leave the early exit out", self.config.decoder.name());
            return Err(Error::config("network.decoder", problem));
        }
        let mut running = self.begin(samples.into(), seed)?;
        let batch = running.at.len();
        let mut answers = vec![None; batch];
        let part = self.config.steps.div_ceil(PARTS);
        for first in (0..self.config.steps).step_by(part) {
            let steps = part.min(self.config.steps - first);
            let scores = self.scores_of_part(&mut running, [first, steps], seed)?;
            for (i, &at) in running.at.iter().enumerate() {
                let sure = |scores: &Vec<Vec<f32>>| most(&softmax(&scores[i])) >= confidence;
                let own = running.ends[i].saturating_sub(first).min(steps);
                let last = (own > 0 && first + own == running.ends[i]).then(|| own - 1);
                let step = scores[..own].iter().position(sure).or(last);
                answers[at] = step.map(|t| EarlyAnswer { scores: scores[t][i].clone(), steps: first + t + 1 });
            }
            let left = (0..running.at.len()).filter(|&i| answers[running.at[i]].is_none());
            let left: Vec<usize> = left.collect();
            if left.is_empty() {
                break;
            }
            running = running.select(&left);
        }
        Ok(answers.into_iter().flatten().collect())
    }

    /// Scores of the decoder for the steps so far, after each step: `scores[t][b][class]`. Those after the last step are of
    /// all steps, as those of [`forward`](Self::forward) are; a decoder with scores at every step gives these.
    ///
    /// # Shapes
    ///
    /// - samples `[B, F]`, flattened
    ///
    /// # Errors
    ///
    /// As [`forward`](Self::forward).
    pub fn scores_over_time(&self, samples: impl Into<Source>, seed: u64) -> Result<Vec<Vec<Vec<f32>>>, Error> {
        let source = samples.into();
        if !self.config.decoder.every_step() {
            let mut running = self.begin(source, seed)?;
            return self.scores_of_part(&mut running, [0, self.config.steps], seed);
        }
        let scores = self.forward_full(source, seed)?.decoded.single_scores();
        let [_, batch, classes] = scores.dims();
        let rows: Vec<Vec<f32>> = floats(&scores.into_data()).chunks(classes.max(1)).map(<[f32]>::to_vec).collect();
        Ok(rows.chunks(batch.max(1)).map(<[Vec<f32>]>::to_vec).collect())
    }

    /// Samples before their first step.
    fn begin(&self, source: Source, seed: u64) -> Result<Running, Error> {
        let ends = self.ends(&source);
        let indices = source.indices().to_vec();
        let encoded = self.encoded(source, seed)?;
        let [_, batch, _] = encoded.values.dims();
        let indices = if indices.is_empty() { (0..batch).collect() } else { indices };
        Ok(Running {
            at: (0..batch).collect(),
            indices,
            ends: (0..batch).map(|sample| ends.of(sample).unwrap_or(self.config.steps)).collect(),
            input: encoded.without_hold(self.config.steps),
            state: NetworkState::default(),
            activity: None,
        })
    }

    /// Runs some steps; returns the scores of each running sample after each of them.
    fn scores_of_part(
        &self,
        running: &mut Running,
        [first, steps]: [usize; 2],
        seed: u64,
    ) -> Result<Vec<Vec<Vec<f32>>>, Error> {
        let rng = CounterRng::new(seed).of_samples(running.indices.iter().copied());
        let reads_potential = matches!(self.config.decoder.reads(), Reads::FinalPotential | Reads::Potentials);
        let call = Call { rng, steps, record_from: if reads_potential { 0 } else { usize::MAX } };
        let input = match running.input.steps() {
            1 => running.input.clone(),
            _ => running.input.clone().part(first, steps),
        };
        let mut kept = Kept::All(&mut running.state);
        let output = self.propagate(input.into(), &call, &mut kept, None)?;
        running.state.step += steps;
        let activity = match running.activity.take() {
            Some(before) => Activations::join(vec![before, output], reads_potential),
            None => output,
        };
        running.activity = Some(activity.clone());
        Ok((first + 1..=first + steps)
            .map(|end| {
                let so_far = |x: &Tensor<3>| x.clone().narrow(0, 0, end.min(x.dims()[0]));
                let activity = Activations {
                    values: so_far(&activity.values),
                    spike_times: activity.spike_times.as_ref().map(so_far),
                    potential: activity.potential.as_ref().map(so_far),
                    dt: activity.dt,
                };
                let scores = self.decode(&activity).pooled();
                let classes = scores.dims()[1].max(1);
                floats(&scores.into_data()).chunks_exact(classes).map(<[f32]>::to_vec).collect()
            })
            .collect())
    }
}

/// The samples of a batch that have no answer yet.
struct Running {
    /// Where in the batch they are, and in the data set.
    at: Vec<usize>,
    indices: Vec<usize>,
    /// Steps of each.
    ends: Vec<usize>,
    /// All steps of their inputs.
    input: Activations,
    state: NetworkState,
    /// Activity of the last layer so far.
    activity: Option<Activations>,
}

impl Running {
    /// Some of them.
    fn select(self, samples: &[usize]) -> Self {
        let numbers: Vec<i64> = samples.iter().map(|&i| i as i64).collect();
        let device = self.input.values.device();
        let chosen = Tensor::<1, Int>::from_data(TensorData::new(numbers, [samples.len()]), &device);
        let of = |x: Tensor<3>| x.select(1, chosen.clone());
        let all = |x: Activations| Activations { potential: x.potential.clone().map(of), ..x.map(of) };
        let pick = |of: &[usize]| samples.iter().map(|&i| of[i]).collect();
        Running {
            at: pick(&self.at),
            indices: pick(&self.indices),
            ends: pick(&self.ends),
            input: all(self.input),
            state: self.state.select(&chosen),
            activity: self.activity.map(all),
        }
    }
}

/// Probabilities of the classes, as the cross-entropy loss takes the scores: their softmax.
#[must_use]
pub fn softmax(scores: &[f32]) -> Vec<f32> {
    let highest = most(scores);
    let powers: Vec<f32> = scores.iter().map(|score| (score - highest).exp()).collect();
    let sum: f32 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}

fn most(values: &[f32]) -> f32 {
    values.iter().copied().fold(f32::NEG_INFINITY, f32::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::NetworkConfig;
    use burn::tensor::{Device, Distribution};

    const LAYERS: &str = "[[layers]]\nlinear = 30\ngain = 3.0\n[[layers]]\nneuron = \"lif\"\n\
        recurrent = true\n[[layers]]\nlinear = \"classes\"\ndelay = 1\ngain = 3.0\n[[layers]]\nneuron = \"lif\"\n";

    fn network(settings: &str) -> Network {
        let config: NetworkConfig = toml::from_str(&format!("steps = 12\n{settings}\n{LAYERS}")).unwrap();
        config.init(&[20], 4, 3, &Device::default()).unwrap()
    }

    #[test]
    fn a_network_that_is_never_sure_answers_as_ever() {
        let samples = Tensor::<2>::random([9, 20], Distribution::Uniform(0.0, 1.0), &Device::default());
        for settings in ["", "encoder = \"poisson\"", "decoder = \"spike_rate\"", "decoder = \"final_step_voltage\""] {
            let network = network(settings);
            let whole = floats(&network.forward(samples.clone(), 5).unwrap().into_data());
            let answers = network.answer_early(samples.clone(), 2.0, 5).unwrap();
            assert!(answers.iter().all(|answer| answer.steps == 12), "{settings}");
            let scores: Vec<f32> = answers.into_iter().flat_map(|answer| answer.scores).collect();
            assert!(scores.iter().zip(&whole).all(|(a, b)| (a - b).abs() < 1e-5), "{settings}: {scores:?} {whole:?}");
        }
    }

    #[test]
    fn an_answer_is_that_of_the_steps_so_far_and_does_not_depend_on_the_batch() {
        let network = network("encoder = \"poisson\"");
        let indices = [7, 3, 90, 4, 11, 2];
        let values: Vec<f32> = (0..6 * 20).map(|i| (i % 7) as f32 / 7.0).collect();
        let source = |rows: std::ops::Range<usize>| Source::Host {
            values: values[rows.start * 20..rows.end * 20].to_vec().into(),
            batch: rows.len(),
            features: 20,
            indices: indices[rows].to_vec(),
            lengths: vec![],
            device: Device::default(),
        };
        let answers = network.answer_early(source(0..6), 0.6, 1).unwrap();
        let steps: Vec<usize> = answers.iter().map(|answer| answer.steps).collect();
        assert!(steps.iter().any(|steps| *steps < 12) && steps.iter().any(|s| *s != steps[0]), "{steps:?}");
        for (i, answer) in answers.iter().enumerate() {
            assert_eq!(network.answer_early(source(i..i + 1), 0.6, 1).unwrap(), std::slice::from_ref(answer));
            // sure at its step, and not before
            let activity = network.forward_full(source(i..i + 1), 1).unwrap().activity;
            let at = |steps: usize| {
                let scores =
                    network.decode(&Activations::new(activity.values.clone().narrow(0, 0, steps), 1.0)).pooled();
                most(&softmax(&floats(&scores.into_data())))
            };
            assert!(answer.steps == 12 || at(answer.steps) >= 0.6);
            assert!((1..answer.steps).all(|steps| at(steps) < 0.6));
        }
    }

    #[test]
    fn probabilities_do_not_overflow() {
        assert_eq!(softmax(&[1000.0, 1000.0]), [0.5, 0.5]);
    }

    #[test]
    fn a_decoder_of_every_step_has_no_early_answer() {
        let error = network("decoder = \"membrane_trajectory\"")
            .answer_early(Tensor::<2>::ones([1, 20], &Device::default()), 0.9, 0)
            .unwrap_err();
        assert!(error.to_string().contains("membrane_trajectory"), "{error}");
    }
}
