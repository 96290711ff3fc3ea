//! One neuron over time, under a current.

mod current;

pub use current::{Current, MOST_STEPS};

use super::{ModelInfo, NeuronInput, Neurons, OutputKind};
use crate::Error;
use crate::host::floats;
use burn::tensor::{Device, Tensor, TensorData};

/// An input of a model over time.
#[derive(Clone, Debug, PartialEq)]
pub struct InputTrace {
    /// Name of the input.
    pub name: String,
    /// A value for each step.
    pub values: Vec<f32>,
}

/// Recorded activity of one neuron.
///
/// ```
/// use burn::tensor::Device;
/// use synfire::neuron::{Current, InputTrace, LifConfig, Simulation};
///
/// let (device, dt, steps) = (Device::default(), 0.5, 200);
/// let neuron = LifConfig::new().with_dt(dt as f32).init(&[1], &device);
/// let current: Current = "step:0.5:20:80".parse().unwrap();
/// let input = InputTrace { name: "current".into(), values: current.over(steps, dt) };
/// let simulation = Simulation::of(&neuron, vec![input], 0, dt, &device)?;
/// assert!(simulation.spike_times().iter().all(|ms| (20.0..80.0).contains(ms)));
/// assert!(simulation.rate() > 0.0);
/// # Ok::<(), synfire::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Simulation {
    /// The model.
    pub model: ModelInfo,
    /// Length of a step in ms.
    pub dt: f64,
    /// The inputs that were given, the current first.
    pub inputs: Vec<InputTrace>,
    /// Spikes or graded output after each step.
    pub output: Vec<f32>,
    /// Each state of the model after each step.
    pub states: Vec<Vec<f32>>,
    /// The firing threshold, for models in which it does not change.
    pub threshold: Option<f32>,
}

impl Simulation {
    /// Runs a layer of one neuron for as many steps as its first input has values. Random inputs are drawn from `seed`.
    ///
    /// # Errors
    ///
    /// As [`Neurons::run`].
    pub fn of(layer: &Neurons, inputs: Vec<InputTrace>, seed: u64, dt: f64, device: &Device) -> Result<Self, Error> {
        let model = layer.info();
        let steps = inputs.first().map_or(0, |input| input.values.len());
        let given = inputs.iter().fold(NeuronInput::new().with_seed(seed), |given, input| {
            let values = TensorData::new(input.values.clone(), [input.values.len(), 1, 1]);
            given.with(&input.name, Tensor::from_data(values, device))
        });
        let all: Vec<usize> = (0..model.states.len()).collect();
        let out = layer.run(given, steps, None, &all)?;
        // a threshold that is a state has a trace of its own
        let threshold = layer.threshold().map(|v_th| floats(&v_th.into_data()));
        Ok(Simulation {
            model,
            dt,
            inputs,
            output: floats(&out.output.into_data()),
            states: out.traces.into_iter().map(|trace| floats(&trace.into_data())).collect(),
            threshold: threshold.and_then(|values| values.first().copied()),
        })
    }

    /// Whether the model sends spikes.
    #[must_use]
    pub fn is_spiking(&self) -> bool {
        self.model.output == OutputKind::Spiking
    }

    /// Time of step number `t` in ms.
    #[must_use]
    pub fn time(&self, t: usize) -> f64 {
        t as f64 * self.dt
    }

    /// Times of the spikes in ms; earlier within their steps for models that know when.
    #[must_use]
    pub fn spike_times(&self) -> Vec<f64> {
        if !self.is_spiking() {
            return vec![];
        }
        let early = self.model.spike_time.and_then(|name| self.model.states.iter().position(|s| s.name == name));
        let early = |t: usize| early.map_or(0.0, |k| f64::from(self.states[k][t]));
        let fired = (0..self.output.len()).filter(|&t| self.output[t] != 0.0 && self.output[t].is_finite());
        fired.map(|t| self.time(t) - early(t)).collect()
    }

    /// Spikes per second, in Hz.
    #[must_use]
    pub fn rate(&self) -> f64 {
        self.spike_times().len() as f64 / self.time(self.output.len()) * 1000.0
    }

    /// The first time in ms at which something is not a finite number, and its name.
    #[must_use]
    pub fn first_not_finite(&self) -> Option<(&'static str, f64)> {
        let states = self.model.states.iter().map(|state| state.name).zip(&self.states);
        let all = states.chain([("output", &self.output)]);
        let first = all.filter_map(|(name, values)| Some((name, values.iter().position(|value| !value.is_finite())?)));
        first.min_by_key(|&(_, t)| t).map(|(name, t)| (name, self.time(t)))
    }

    /// A table with a row for each step: `time` in ms, `input` (the current), other inputs as `input.NAME`, `output`, and the
    /// states.
    #[must_use]
    pub fn csv(&self) -> String {
        let others = self.inputs.iter().skip(1).map(|input| format!("input.{}", input.name));
        let names: Vec<String> = others.chain(["output".to_string()]).collect();
        let states = self.model.states.iter().map(|state| state.name.to_string());
        let mut table =
            ["time".to_string(), "input".to_string()].into_iter().chain(names).chain(states).collect::<Vec<_>>();
        let mut text = table.join(",") + "\n";
        for t in 0..self.output.len() {
            table.clear();
            // without the last digits that multiplying by the step has made up
            table.push(((self.time(t) * 1e9).round() / 1e9).to_string());
            table.extend(self.inputs.iter().map(|input| input.values[t].to_string()));
            table.push(self.output[t].to_string());
            table.extend(self.states.iter().map(|state| state[t].to_string()));
            text += &(table.join(",") + "\n");
        }
        text
    }
}
