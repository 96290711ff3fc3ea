//! A neuron and its inputs, as a query describes them.

use crate::Error;
use crate::query::Params;
use burn::tensor::Device;
use serde_json::{Map, Value, json};
use synfire::neuron::registry::{self, Entry};
use synfire::neuron::{Current, InputTrace, Neurons, Settings, Simulation};

/// A model with its settings, and inputs over time.
pub(super) struct Setup {
    pub(super) model: Entry,
    /// As they were given.
    settings: Settings,
    /// In ms.
    pub(super) dt: f64,
    pub(super) steps: usize,
    pub(super) inputs: Vec<InputTrace>,
    pub(super) seed: u64,
    pub(super) device: Device,
}

/// Steps at most: what answers while a slider moves.
const MOST_STEPS: usize = 100_000;

/// Duration in ms where none is given.
const TIME: f64 = 100.0;

impl Setup {
    /// Reads `model`, `current`, `dt` and `time` in ms, `seed`, parameters `p.NAME`, settings `s.NAME`, other inputs
    /// `input.NAME`.
    pub(super) fn read(params: &Params) -> Result<Self, Error> {
        let model = registry::find(params.need("model")?)?;
        let point = model.info.operating_point;
        let dt = params.number("dt", point.trace_dt())?;
        let time: f64 = params.number("time", TIME)?;
        let steps = (time / dt).round();
        if !(dt > 0.0 && time > 0.0 && (1.0..=MOST_STEPS as f64).contains(&steps)) {
            let problem = format!("{time} ms in steps of {dt} ms; expected 1 to {MOST_STEPS} steps above 0 ms");
            return Err(Error::Request(problem));
        }
        let steps = steps as usize;
        let first = model.info.inputs[0].name;
        let trace = point.trace_current.to_string();
        let mut inputs = vec![input(first, params.get("current").unwrap_or(&trace), steps, dt)?];
        for (name, text) in params.with_prefix("input.") {
            if inputs.iter().any(|input| input.name == name) {
                return Err(Error::Request(format!("the input `{name}` is given twice")));
            }
            inputs.push(input(name, text, steps, dt)?);
        }
        let (seed, device) = (params.number("seed", 0)?, crate::device::open()?);
        Ok(Setup { model, settings: settings(params)?, dt, steps, inputs, seed, device })
    }

    /// A layer of this many neurons.
    pub(super) fn layer(&self, neurons: usize) -> Result<Neurons, Error> {
        let settings = self.model.traced(self.settings.clone());
        Ok(self.model.layer(&settings, &[neurons], self.dt as f32, &self.device)?)
    }

    pub(super) fn simulate(&self) -> Result<Simulation, Error> {
        Ok(Simulation::of(&self.layer(1)?, self.inputs.clone(), self.seed, self.dt, &self.device)?)
    }

    /// The layer in a configuration file.
    pub(super) fn toml(&self) -> Result<String, Error> {
        let mut layer = Map::from_iter([("neuron".to_string(), json!(self.model.info.name))]);
        layer.extend(self.settings.clone());
        let file = json!({ "network": { "layers": [layer] } });
        toml::to_string(&file).map_err(|error| Error::Internal(format!("the settings have no TOML form: {error}")))
    }
}

fn input(name: &str, text: &str, steps: usize, dt: f64) -> Result<InputTrace, Error> {
    let refuse = |problem: String| {
        let shown: String = text.chars().take(60).collect();
        Error::Request(format!("the input `{name}` is `{shown}`: {problem}"))
    };
    let current: Current = text.parse().map_err(refuse)?;
    Ok(InputTrace { name: name.to_string(), values: current.over(steps, dt) })
}

/// Parameters and settings, as a configuration file would have them.
fn settings(params: &Params) -> Result<Settings, Error> {
    let mut all = Settings::new();
    let mut initial = Map::new();
    for (name, text) in params.with_prefix("p.") {
        let number: f32 = params.number(&format!("p.{name}"), f32::NAN)?;
        if !number.is_finite() {
            return Err(Error::Request(format!("`{name}` is `{text}`; expected a finite number")));
        }
        // with the digits that were given, not those of the next number in single precision
        let value = json!(text.trim().parse::<f64>().unwrap_or(f64::from(number)));
        match name.strip_prefix("initial.") {
            Some(state) => initial.insert(state.to_string(), value),
            None => all.insert(name.to_string(), value),
        };
    }
    if !initial.is_empty() {
        all.insert("initial".to_string(), initial.into());
    }
    for (name, text) in params.with_prefix("s.") {
        let value = serde_json::from_str(text).unwrap_or_else(|_| Value::from(text));
        all.insert(name.to_string(), value);
    }
    Ok(all)
}
