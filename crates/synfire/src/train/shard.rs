//! Context and output of a shard of samples.

use super::TrainingConfig;
use super::evaluate::{Answer, answers};
use crate::Error;
use crate::coding::Expected;
use crate::network::ChunkedRun;
use burn::tensor::activation::log_softmax;
use burn::tensor::{Device, Int, Tensor, TensorData};
use synfire_data::{Batch, Targets};
use synfire_dynamics::CounterRng;

/// Where and for what a shard is computed.
#[derive(Clone, Copy, Debug)]
pub struct ShardContext<'a> {
    /// Device of the model, with autodiff in training.
    pub device: &'a Device,
    /// Seed of the epoch, for what the model draws by itself, such as the spikes of random encoders: draw it through
    /// [`rng`](Self::rng), which tells samples apart. Burn's own random numbers are seeded already.
    pub seed: u64,
    /// Whether the model is being trained, not measured.
    pub is_training: bool,
    /// Options of the training: its loss, its regularisers.
    pub options: &'a TrainingConfig,
}

impl ShardContext<'_> {
    /// Random numbers for the samples of a batch: they depend on the training's seed, the epoch and each sample's index
    /// alone, not on the batch that the sample is in.
    #[must_use]
    pub fn rng(&self, batch: &Batch) -> CounterRng {
        CounterRng::new(self.seed).of_samples(batch.indices.iter().copied())
    }

    /// Values of the samples with the batch as first axis, `[B, ..]`: `[B, C, H, W]` of pictures, also where they
    /// have one channel and their shape is `[H, W]`; `[B, F]` flattened.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if samples have no such shape.
    pub fn values<const D: usize>(&self, batch: &Batch) -> Result<Tensor<D>, Error> {
        let mut dims = vec![batch.len()];
        match (&batch.shape[..], D) {
            (shape, 2) => dims.push(shape.iter().product()),
            (&[height, width], 4) => dims.extend([1, height, width]),
            (shape, _) if shape.len() + 1 == D => dims.extend(shape),
            (shape, _) => {
                let problem = format!(
                    "samples have shape {shape:?}, which makes no tensor with {D} axes; expected {} or 2 axes, with \
                     the batch as the first",
                    shape.len() + 1
                );
                return Err(Error::config("samples", problem));
            }
        }
        Ok(Tensor::from_data(TensorData::new(batch.values.to_floats().into_owned(), dims), self.device))
    }

    /// Class of each sample, `[B]`.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] if the targets are no classes.
    pub fn classes(&self, batch: &Batch) -> Result<Tensor<1, Int>, Error> {
        classes(batch, self.device)
    }

    /// Target vector of each sample, `[B, len]`.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if the targets are no vectors.
    pub fn vectors(&self, batch: &Batch) -> Result<Tensor<2>, Error> {
        vectors(batch, self.device)
    }
}

fn classes(batch: &Batch, device: &Device) -> Result<Tensor<1, Int>, Error> {
    batch.targets.classes()?;
    Ok(Expected::of(batch, device).classes())
}

fn vectors(batch: &Batch, device: &Device) -> Result<Tensor<2>, Error> {
    match Expected::of(batch, device) {
        Expected::Vector(vectors) => Ok(vectors),
        _ => {
            let problem = format!("there is {}; expected a vector for each sample", batch.targets.kind());
            Err(Error::config("targets", problem))
        }
    }
}

/// Loss and metrics of a shard of samples.
#[derive(Clone, Debug)]
pub struct ShardOutput {
    /// Sum of the loss over `weight`, `[1]`.
    pub(super) loss: Tensor<1>,
    /// Factor that makes the sum over all samples of `loss`.
    pub(super) weight: f32,
    /// Number of samples, or of what else the loss is a sum over.
    pub(super) count: usize,
    /// Samples whose class has the highest score, where targets are classes.
    pub(super) correct: Option<usize>,
    /// Class of each sample, or of each step, and that with the highest score, where targets are classes.
    pub(super) answers: Vec<Answer>,
    /// The run behind the graph of the loss, where it was one in chunks.
    pub(super) chunks: Option<ChunkedRun>,
    /// Spikes per neuron and step of layers, `[1]` each.
    pub(super) firing_rates: Vec<(String, Tensor<1>)>,
}

impl ShardOutput {
    /// Sum of the loss, `[1]`, over `count` samples, or over what else it is divided by (steps of series).
    #[must_use]
    pub fn sum(loss: Tensor<1>, count: usize) -> Self {
        ShardOutput { loss, weight: 1.0, count, correct: None, answers: vec![], chunks: None, firing_rates: vec![] }
    }

    /// As [`sum`](Self::sum), of the mean of the loss.
    #[must_use]
    pub fn mean(loss: Tensor<1>, count: usize) -> Self {
        ShardOutput { weight: count as f32, ..Self::sum(loss, count) }
    }

    /// Cross-entropy between the softmax of the scores, `[B, classes]`, and the classes of the samples.
    ///
    /// # Errors
    ///
    /// [`Error::Data`] if the targets are no classes; [`Error::Config`] if one is not among the scores.
    pub fn cross_entropy(scores: Tensor<2>, batch: &Batch) -> Result<Self, Error> {
        let [samples, outputs] = scores.dims();
        let labels = batch.targets.classes()?;
        if samples != labels.len() {
            return Err(Error::config("scores", format!("are of {samples} samples; expected {}", labels.len())));
        }
        if let Some(label) = labels.iter().find(|&&label| usize::try_from(label).is_ok_and(|label| label >= outputs)) {
            let problem = format!("are {outputs} for each sample, a sample has class {label}; expected one per class");
            return Err(Error::config("scores", problem));
        }
        let classes = classes(batch, &scores.device())?;
        let likelihood = log_softmax(scores.clone(), 1).gather(1, classes.reshape([samples, 1]));
        Ok(Self::mean(likelihood.mean().neg(), samples).with_scores(scores, batch))
    }

    /// Squared error of the predictions, `[B, len]`, mean over the elements of the target vectors.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if the targets are no vectors of that length.
    pub fn squared_error(predictions: Tensor<2>, batch: &Batch) -> Result<Self, Error> {
        let targets = vectors(batch, &predictions.device())?;
        let (found, expected) = (predictions.dims(), targets.dims());
        if found != expected {
            return Err(Error::config("predictions", format!("have shape {found:?}; expected {expected:?}")));
        }
        let error = (predictions - targets).square();
        Ok(Self::mean(error.mean(), expected[0]))
    }

    /// Counts the samples whose class has the highest of the scores, `[B, classes]`. Targets of another kind have
    /// no accuracy.
    #[must_use]
    pub fn with_scores(self, scores: Tensor<2>, batch: &Batch) -> Self {
        self.with_answers(scores, batch)
    }

    fn with_answers<const D: usize>(mut self, scores: Tensor<D>, batch: &Batch) -> Self {
        if let Targets::Classes(labels) = &batch.targets {
            self.count(answers(scores, labels));
        }
        self
    }

    pub(super) fn with_chunks(self, chunks: Option<ChunkedRun>) -> Self {
        ShardOutput { chunks, ..self }
    }

    fn count(&mut self, answers: Vec<Answer>) {
        self.correct = Some(answers.iter().filter(|answer| answer.is_right()).count());
        self.answers = answers;
    }

    /// As [`with_scores`](Self::with_scores), of scores `[1, B, classes]` or of every step, `[T, B, classes]`: of targets
    /// with a class per step, the steps are counted whose class has the highest score.
    #[must_use]
    pub fn with_step_scores(mut self, scores: Tensor<3>, batch: &Batch) -> Self {
        let [steps, samples, outputs] = scores.dims();
        match &batch.targets {
            Targets::ClassPerStep { classes, steps: wanted } if steps == *wanted => {
                let length = |b: usize| batch.lengths.get(b).copied().unwrap_or(steps);
                // those after the end of a series are the class of no score
                let labels: Vec<i64> = (0..samples)
                    .flat_map(|b| (0..steps).map(move |t| (b, t)))
                    .map(|(b, t)| if t < length(b) { classes[b * steps + t] } else { -1 })
                    .collect();
                let scores = scores.detach().swap_dims(0, 1).reshape([samples * steps, outputs]);
                self.count(answers::<2>(scores, &labels).into_iter().filter(|answer| answer.class >= 0).collect());
                self
            }
            _ if steps == 1 => self.with_answers(scores, batch),
            _ => self.with_answers(scores.mean_dim(0), batch),
        }
    }

    /// Mean over a layer's output: its spikes per neuron and step.
    #[must_use]
    pub fn with_firing_rate<const D: usize>(mut self, layer: &str, output: Tensor<D>) -> Self {
        self.firing_rates.push((layer.to_string(), output.detach().mean()));
        self
    }
}
