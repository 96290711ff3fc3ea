//! All-to-all connections.

use super::{AnyLayer, Layer, LayerKind, NetworkInfo, Pass, Site};
use crate::Error;
use crate::coding::Activations;
use crate::connection::EventLinear;
use crate::network::Shape;
use crate::registry::{BadSetting, Named};
use serde::{Deserialize, Serialize};

/// All-to-all connections, `y = gain (x W + b)`, from a flattened sample: `linear = 128`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Linear {
    /// Outputs, or `"classes"` for one per class of the data; where the decoder sums over populations, for one
    /// population per class.
    pub outputs: Width,
    /// Whether there is a bias.
    pub bias: bool,
    /// Factor of the outputs, above 0: the unit of the weights in that of the neurons' current.
    pub gain: f32,
}

impl Default for Linear {
    fn default() -> Self {
        Linear { outputs: Width::Classes(ClassesWord::Classes), bias: true, gain: 1.0 }
    }
}

impl Named for Linear {
    const NAME: &'static str = "linear";
    const ABOUT: &'static str = "all-to-all connections";
    const PRINCIPAL: Option<&'static str> = Some("outputs");
}

impl LayerKind for Linear {
    fn check(&self) -> Result<(), BadSetting> {
        BadSetting::unless_above_zero("gain", self.gain, "a factor")
    }

    fn output_shape(&self, input: &Shape, network: NetworkInfo) -> Result<Shape, String> {
        let (inputs, outputs) = (input.size(), self.outputs.resolve(network));
        check_size("linear", outputs, inputs)?;
        Ok([outputs].into())
    }

    fn weights(&self, input: &Shape, output: &Shape) -> Vec<(&'static str, Vec<usize>)> {
        vec![("weight", vec![output.size(), input.size()])]
    }

    fn fan_out(&self, input: &Shape, output: &Shape) -> Option<Vec<usize>> {
        Some(vec![output.size(); input.size()])
    }

    fn build(&self, site: &mut Site<'_>) -> Result<AnyLayer, Error> {
        let (inputs, outputs) = (site.input.size(), site.output.size());
        let bound = 1.0 / (inputs as f32).sqrt();
        let weight = site.uniform([inputs, outputs], bound);
        let bias = self.bias.then(|| site.uniform([outputs], bound));
        Ok(EventLinear::new(weight, bias, self.gain).into())
    }

    fn is_connection(&self) -> bool {
        true
    }

    fn passes_spike_times(&self) -> bool {
        true
    }
}

impl Layer for EventLinear {
    fn forward(&self, input: Activations, _: &mut Pass) -> Result<Activations, Error> {
        let spike_times = input.spike_times.map(|times| self.forward_without_bias(times));
        let values = EventLinear::forward(self, input.values);
        Ok(Activations { values, spike_times, potential: None, dt: input.dt })
    }

    fn takes_held_inputs(&self) -> bool {
        true
    }

    fn describe(&self) -> String {
        let [inputs, outputs] = self.weight.dims();
        format!("linear {inputs} -> {outputs}")
    }
}

/// Most weights of one layer, 4 GiB of them.
const MOST_WEIGHTS: usize = 1 << 30;

/// Refuses a layer without outputs, or with more weights than fit into memory: `outputs` times `each`.
pub(super) fn check_size(key: &str, outputs: usize, each: usize) -> Result<(), String> {
    if outputs == 0 {
        return Err(format!("`{key}` is 0; expected at least 1, or \"classes\""));
    }
    match outputs.checked_mul(each) {
        Some(weights) if weights <= MOST_WEIGHTS => Ok(()),
        _ => Err(format!("needs {outputs} times {each} weights; expected at most {MOST_WEIGHTS} in one layer")),
    }
}

/// Outputs of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Width {
    /// This many.
    Outputs(usize),
    /// One, or one population, per class of the data, `"classes"`.
    Classes(ClassesWord),
}

/// The word `"classes"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClassesWord {
    /// One output per class of the data.
    Classes,
}

impl Width {
    /// One output per class of the data.
    pub const CLASSES: Width = Width::Classes(ClassesWord::Classes);

    /// Outputs in a network; too many for any memory where there is no such number.
    #[must_use]
    pub fn resolve(self, network: NetworkInfo) -> usize {
        match self {
            Width::Outputs(outputs) => outputs,
            Width::Classes(_) => network.classes.saturating_mul(network.population),
        }
    }
}
