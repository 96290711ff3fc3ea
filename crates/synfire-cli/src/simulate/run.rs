//! One neuron over time, and what can be counted of it.

use anyhow::anyhow;
use burn::tensor::{Device, Tensor, TensorData};
use synfire::neuron::{ModelInfo, NeuronInput, Neurons, OutputKind};

/// An input of the model over time.
pub(super) struct Input {
    pub(super) name: String,
    pub(super) values: Vec<f32>,
}

/// Recorded activity of a neuron.
pub(super) struct Simulation {
    pub(super) model: ModelInfo,
    /// In ms.
    pub(super) dt: f64,
    /// Those given, the current first.
    pub(super) inputs: Vec<Input>,
    pub(super) output: Vec<f32>,
    /// Each state of the model after each step.
    pub(super) states: Vec<Vec<f32>>,
    /// The firing threshold, for models in which it does not change.
    pub(super) threshold: Option<f32>,
}

impl Simulation {
    pub(super) fn of(layer: &Neurons, inputs: Vec<Input>, seed: u64, dt: f64, device: &Device) -> anyhow::Result<Self> {
        let model = layer.info();
        let steps = inputs[0].values.len();
        let given = inputs.iter().fold(NeuronInput::new().with_seed(seed), |given, input| {
            let values = TensorData::new(input.values.clone(), [steps, 1, 1]);
            given.with(&input.name, Tensor::from_data(values, device))
        });
        let all: Vec<usize> = (0..model.states.len()).collect();
        let out = layer.run(given, steps, None, &all)?;
        let numbers = |x: TensorData| -> anyhow::Result<Vec<f32>> {
            x.try_into_vec().map_err(|error| anyhow!("the traces could not be read: {error:?}"))
        };
        // a threshold that is a state has a trace of its own
        let threshold = layer.threshold().map(|v_th| numbers(v_th.into_data())).transpose()?;
        Ok(Simulation {
            model,
            dt,
            inputs,
            output: numbers(out.output.into_data())?,
            states: out.traces.into_iter().map(|trace| numbers(trace.into_data())).collect::<Result<_, _>>()?,
            threshold: threshold.and_then(|values| values.first().copied()),
        })
    }

    pub(super) fn is_spiking(&self) -> bool {
        self.model.output == OutputKind::Spiking
    }

    /// When step number `t` is, in ms.
    pub(super) fn time(&self, t: usize) -> f64 {
        t as f64 * self.dt
    }

    /// When it fired, in ms; earlier within their steps for models that know when.
    pub(super) fn spike_times(&self) -> Vec<f64> {
        if !self.is_spiking() {
            return vec![];
        }
        let early = self.model.spike_time.and_then(|name| self.model.states.iter().position(|s| s.name == name));
        let early = |t: usize| early.map_or(0.0, |k| f64::from(self.states[k][t]));
        let fired = (0..self.output.len()).filter(|&t| self.output[t] != 0.0 && self.output[t].is_finite());
        fired.map(|t| self.time(t) - early(t)).collect()
    }

    /// The first time at which something is not a finite number, and its name.
    pub(super) fn first_not_finite(&self) -> Option<(&'static str, f64)> {
        let states = self.model.states.iter().map(|state| state.name).zip(&self.states);
        let all = states.chain([("output", &self.output)]);
        let first = all.filter_map(|(name, values)| Some((name, values.iter().position(|value| !value.is_finite())?)));
        first.min_by_key(|&(_, t)| t).map(|(name, t)| (name, self.time(t)))
    }
}
