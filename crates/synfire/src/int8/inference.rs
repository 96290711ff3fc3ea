//! A model at work on the samples of a data set.

use super::{DESCRIPTION, Model, Network, refused};
use crate::Error;
use crate::checkpoint::Description;
use crate::coding::{Activations, Ends, Reads, Source};
use crate::host::floats;
use crate::network::Record;
use crate::neuron::OutputKind;
use crate::train::highest;
use burn::tensor::{Device, Tensor, TensorData};
use rayon::prelude::*;
use std::path::Path;
use synfire_data::{Batch, Split};

/// A model that [`quantise`](super::quantise) made, with the encoder and the decoder of its network.
#[derive(Clone, Debug)]
pub struct Inference {
    network: Network,
    description: Description,
}

/// The answers of a model to a batch.
#[derive(Clone, Debug)]
pub struct Answers {
    /// Scores of the decoder, `[B, classes]`.
    pub scores: Vec<Vec<f32>>,
    /// Spikes of each layer of neurons, by its path in the model.
    pub records: Vec<Record>,
}

/// Activity of a sample.
struct Run {
    /// Spikes of each layer of neurons over all steps.
    spikes: Vec<Vec<i32>>,
    /// Potentials of the last layer over all steps, where the decoder reads them.
    potentials: Vec<f32>,
}

/// Samples that are run together at most.
const BATCH: usize = 64;

impl Inference {
    /// Makes a model ready to run.
    ///
    /// # Errors
    ///
    /// If the model is not as it should be, or has no description of its network.
    pub fn new(model: Model) -> Result<Self, Error> {
        let network = Network::new(model).map_err(refused)?;
        let missing =
            || Error::config("int8", "has no description of the network that it was made of; export it again");
        let description = network.metadata(DESCRIPTION).ok_or_else(missing)?;
        let description = serde_json::from_str(description).map_err(|error| {
            Error::config("int8", format!("has a description that is none: {error}; export it again"))
        })?;
        Ok(Inference { network, description })
    }

    /// Reads a model from a file.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if it cannot be read or holds none; else as [`new`](Self::new).
    pub fn read(path: &Path) -> Result<Self, Error> {
        Self::new(Model::read(path).map_err(refused)?)
    }

    /// Description of the network that the model was made of.
    #[must_use]
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// The answers to a batch of samples. Random encoders draw from `seed`.
    ///
    /// # Errors
    ///
    /// If the encoder cannot encode the samples, or they have another size.
    pub fn answer(&self, batch: &Batch, seed: u64, device: &Device) -> Result<Answers, Error> {
        let config = &self.description.model;
        let source = Source::from_batch(batch, device);
        let each = batch.lengths.iter().map(|&length| config.encoder.duration(length)).collect::<Option<Vec<_>>>();
        let ends = Ends::new(each.unwrap_or_default(), config.steps);
        let encoded = config.encoder.encode(source, config.time_grid(), seed)?.without_hold(config.steps);
        let [rows, samples, inputs] = encoded.values.dims();
        let values = floats(&encoded.values.into_data());
        let runs = (0..samples).into_par_iter().map(|sample| {
            let first = |step: usize| (step.min(rows - 1) * samples + sample) * inputs;
            self.run(|step| &values[first(step)..first(step) + inputs])
        });
        let runs: Vec<Run> = runs.collect::<Result<_, Error>>()?;
        let over_time = |of: &dyn Fn(&Run) -> Vec<f32>| {
            let all: Vec<f32> = runs.iter().flat_map(of).collect();
            let values = all.len() / (samples * config.steps).max(1);
            Tensor::<3>::from_data(TensorData::new(all, [samples, config.steps, values]), device).swap_dims(0, 1)
        };
        let spikes = |k: usize| over_time(&|run| run.spikes[k].iter().map(|&spike| spike as f32).collect());
        let layers: Vec<usize> = self.network.neuron_layers().collect();
        let record = |(k, i): (usize, &usize)| Record {
            name: format!("layers.{i}"),
            model: "int8",
            kind: OutputKind::Spiking,
            output: spikes(k),
            unit: "",
            potential: None,
            threshold: None,
        };
        let mut activity = Activations::new(spikes(layers.len() - 1), config.dt);
        if self.reads_potential() {
            activity.potential = Some(over_time(&|run| run.potentials.clone()));
        }
        let scores = ends.decode(&config.decoder, &activity, &[]).pooled();
        let classes = scores.dims()[1].max(1);
        let scores = floats(&scores.into_data()).chunks_exact(classes).map(<[f32]>::to_vec).collect();
        let records = layers.iter().enumerate().map(record).collect();
        Ok(Answers { scores, records })
    }

    /// Share of samples of a split whose class has the highest score, the first of several.
    ///
    /// # Errors
    ///
    /// As [`answer`](Self::answer), and if the samples have no classes.
    pub fn accuracy(&self, split: &Split, samples: &[usize], seed: u64, device: &Device) -> Result<f64, Error> {
        let mut right = 0;
        for chunk in samples.chunks(split.at_once(BATCH)) {
            let batch = split.batch(chunk)?;
            let answers = self.answer(&batch, seed, device)?;
            let pairs = answers.scores.iter().zip(batch.targets.classes()?);
            right += pairs.filter(|(scores, class)| highest(scores).map(|class| class as i64) == Some(**class)).count();
        }
        Ok(right as f64 / samples.len().max(1) as f64)
    }

    fn reads_potential(&self) -> bool {
        matches!(self.description.model.decoder.reads(), Reads::FinalPotential | Reads::Potentials)
    }

    /// Runs a sample, whose input at a step is `input`.
    fn run<'a>(&self, input: impl Fn(usize) -> &'a [f32]) -> Result<Run, Error> {
        let layers: Vec<usize> = self.network.neuron_layers().collect();
        let mut run = Run { spikes: vec![vec![]; layers.len()], potentials: vec![] };
        let mut state = self.network.state();
        for step in 0..self.description.model.steps {
            let input = self.network.quantise(input(step));
            let visit = |i: usize, output: &[i32]| {
                if let Some(k) = layers.iter().position(|&layer| layer == i) {
                    run.spikes[k].extend(output);
                }
            };
            (_, state) = self.network.step_with(&input, state, visit).map_err(refused)?;
            if self.reads_potential() {
                run.potentials.extend(self.network.potentials(&state));
            }
        }
        Ok(run)
    }
}
