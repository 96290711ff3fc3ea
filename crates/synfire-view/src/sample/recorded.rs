//! Activity of a network for one sample.

use super::test_sample;
use crate::Error;
use crate::trained::Trained;
use serde::{Serialize, Serializer};
use std::sync::{Arc, Mutex, PoisonError};
use synfire::coding::Source;
use synfire::host::floats;
use synfire::network::{Record, softmax};
use synfire::neuron::OutputKind;
use synfire::train::{highest, inference_seed};
use synfire_data::Batch;

/// Activity of all layers of neurons, and scores over time.
#[derive(Debug, Serialize)]
pub(crate) struct Recorded {
    steps: usize,
    /// In ms.
    pub(super) dt: f32,
    pub(super) layers: Vec<Layer>,
    /// Scores for the steps so far, `[T][classes]`.
    pub(super) scores: Vec<Vec<f32>>,
    /// Softmax of the last scores.
    probabilities: Vec<f32>,
    answer: Option<usize>,
}

/// A layer of neurons.
#[derive(Debug, Serialize)]
pub(crate) struct Layer {
    pub(super) name: String,
    model: &'static str,
    pub(super) spiking: bool,
    pub(super) neurons: usize,
    /// Unit of the potential.
    pub(super) unit: &'static str,
    /// Spikes or graded output `[T, N]`; steps and neurons of the spikes for a page.
    #[serde(rename = "spikes", serialize_with = "events")]
    pub(super) output: Output,
    /// `[T, N]`
    #[serde(skip)]
    pub(super) potential: Option<Vec<f32>>,
    /// `[1]`, `[C]` or `[N]`, or nothing.
    #[serde(skip)]
    pub(super) thresholds: Vec<f32>,
}

/// Output of a layer, `[T, N]`.
#[derive(Debug)]
pub(super) struct Output {
    pub(super) values: Vec<f32>,
    neurons: usize,
    spiking: bool,
}

/// Steps and neurons of the spikes, one after the other: `[t, n, t, n, ..]`.
fn events<S: Serializer>(output: &Output, serializer: S) -> Result<S::Ok, S::Error> {
    let spikes = output.values.iter().enumerate().filter(|(_, value)| output.spiking && **value != 0.0);
    serializer.collect_seq(spikes.flat_map(|(i, _)| [i / output.neurons, i % output.neurons]))
}

impl Recorded {
    pub(super) fn of(trained: &Trained, batch: &Batch) -> Result<Self, Error> {
        let seed = inference_seed(&trained.options);
        let source = Source::from_batch(batch, &trained.device);
        let (_, records) = trained.network.record(source.clone(), seed)?;
        let scores = trained.network.scores_over_time(source, seed)?;
        let scores: Vec<Vec<f32>> = scores.into_iter().filter_map(|samples| samples.into_iter().next()).collect();
        let last = scores.last().map_or(&[][..], Vec::as_slice);
        let config = trained.network.config();
        Ok(Recorded {
            steps: config.steps,
            dt: config.dt,
            layers: records.into_iter().map(Layer::of).collect(),
            probabilities: softmax(last),
            answer: highest(last),
            scores,
        })
    }

    /// Whether its last layer of neurons spikes.
    pub(super) fn ends_spiking(&self) -> bool {
        self.layers.last().is_some_and(|layer| layer.spiking)
    }
}

impl Layer {
    fn of(record: Record) -> Self {
        let neurons = record.output.dims()[2];
        let spiking = record.kind == OutputKind::Spiking;
        Layer {
            name: record.name,
            model: record.model,
            spiking,
            neurons,
            unit: record.unit,
            output: Output { values: floats(&record.output.into_data()), neurons, spiking },
            potential: record.potential.map(|v| floats(&v.into_data())),
            thresholds: record.threshold.map_or_else(Vec::new, |v_th| floats(&v_th.into_data())),
        }
    }
}

/// The test sample that was asked for last: its page asks for several parts of it.
#[derive(Debug, Default)]
pub(crate) struct Recent(Mutex<Option<(Key, Arc<Recorded>)>>);

/// Mark of the network and index of the sample.
type Key = (std::sync::Weak<()>, usize);

impl Recent {
    pub(super) fn of(&self, trained: &Trained, index: usize) -> Result<Arc<Recorded>, Error> {
        let mut recent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(((mark, at), recorded)) = &*recent
            && *at == index
            && mark.ptr_eq(&Arc::downgrade(&trained.mark))
        {
            return Ok(recorded.clone());
        }
        let recorded = Arc::new(Recorded::of(trained, &test_sample(trained, index)?)?);
        *recent = Some(((Arc::downgrade(&trained.mark), index), recorded.clone()));
        Ok(recorded)
    }
}
