//! Inputs of a layer: one current, or several by name.

use super::ModelInfo;
use crate::Error;
use burn::tensor::{DType, Tensor};
use synfire_dynamics::{CounterRng, FieldInfo, ScanError};

/// Inputs of a layer, each `[T, B, N]`, or `[1, B, N]` where it is the same at every step.
///
/// A tensor becomes the first input of the model, usually the current; tensors in a `Vec` become the first
/// ones in the model's order. An input that is not given has the default of the model's input record. Random
/// inputs, those in units of `[uniform]`, are drawn from a seed, or given as recorded.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use synfire::neuron::{DarwinRandomConfig, NeuronInput, QlifConfig};
///
/// let device = Device::default();
/// let potential = Tensor::<3>::ones([25, 4, 10], &device);
///
/// let neurons = QlifConfig::new().init(&[10], &device);
/// let reward = Tensor::<3>::ones([1, 4, 10], &device);
/// let input = NeuronInput::from(potential.clone()).with("reward", reward);
/// assert_eq!(neurons.run(input, 25, None, &[])?.output.dims(), [25, 4, 10]);
///
/// let neurons = DarwinRandomConfig::new().with("std", 9000.0).init(&[10], &device);
/// let spikes = neurons.run(NeuronInput::from(potential).with_seed(7), 25, None, &[])?.output;
/// # assert_eq!(spikes.dims(), [25, 4, 10]);
/// # Ok::<(), synfire::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct NeuronInput {
    ordered: Vec<Tensor<3>>,
    named: Vec<(String, Tensor<3>)>,
    draws: Option<CounterRng>,
}

/// The unit of inputs that are random numbers in [0, 1).
const UNIFORM: &str = "uniform";

impl From<Tensor<3>> for NeuronInput {
    fn from(first: Tensor<3>) -> Self {
        NeuronInput { ordered: vec![first], ..Self::default() }
    }
}

impl From<Vec<Tensor<3>>> for NeuronInput {
    fn from(ordered: Vec<Tensor<3>>) -> Self {
        NeuronInput { ordered, ..Self::default() }
    }
}

impl NeuronInput {
    /// No inputs yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the input of this name.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, input: Tensor<3>) -> Self {
        self.named.push((name.into(), input));
        self
    }

    /// Draws random inputs from `seed`, independently for every step, neuron and sample. The draws are the same on
    /// every backend.
    #[must_use]
    pub fn with_seed(self, seed: u64) -> Self {
        self.with_rng(CounterRng::new(seed))
    }

    /// Draws random inputs as [`with_seed`](Self::with_seed), for a run that continues another one after `steps`
    /// steps.
    #[must_use]
    pub fn with_seed_after(self, seed: u64, steps: usize) -> Self {
        self.with_rng(CounterRng::new(seed).at_step(steps))
    }

    /// Draws random inputs from this generator, which knows the samples and the first step. Of its stream the lower 24
    /// bits are used.
    #[must_use]
    pub fn with_rng(mut self, draws: CounterRng) -> Self {
        self.draws = Some(draws);
        self
    }

    /// One tensor for each input of the model, all with the same number of rows.
    pub(super) fn resolve(self, model: &ModelInfo, steps: usize) -> Result<Vec<Tensor<3>>, Error> {
        let infos = model.inputs;
        if self.ordered.len() > infos.len() {
            let (expected, actual) = (infos.len(), self.ordered.len());
            return Err(ScanError::Count { what: "inputs", expected, actual }.into());
        }
        let mut given: Vec<Option<Tensor<3>>> = self.ordered.into_iter().map(Some).collect();
        given.resize(infos.len(), None);
        for (name, input) in self.named {
            let Some(i) = infos.iter().position(|info| info.name == name) else {
                let known = infos.iter().map(|info| info.name.to_string());
                return Err(Error::unknown("input", &name, &format!("`{}` neurons", model.name), known));
            };
            given[i] = Some(input);
        }
        let Some(like) = given.iter().flatten().next().cloned() else {
            let problem = "none of its inputs is; the first gives batch and neurons";
            return Err(missing(model, &infos[0], problem));
        };
        let [_, batch, neurons] = like.dims();

        let mut inputs = Vec::with_capacity(infos.len());
        for (i, (info, given)) in infos.iter().zip(given).enumerate() {
            inputs.push(match (given, info.default) {
                (Some(input), _) => input,
                (None, Some(default)) => {
                    cast(Tensor::full([1, 1, 1], default, &like.device()), like.dtype()).expand([1, batch, neurons])
                }
                (None, None) if info.unit == UNIFORM => {
                    let draws = self.draws.clone().ok_or_else(|| {
                        missing(
                            model,
                            info,
                            "it is random; give a seed by `NeuronInput::with_seed`, or recorded values by `with`",
                        )
                    })?;
                    let stream = (draws.stream << 8) + i as u64 + 1;
                    cast(draws.in_stream(stream).tensor([steps, batch, neurons], &like.device()), like.dtype())
                }
                (None, None) => return Err(missing(model, info, "it has no default; give it by `NeuronInput::with`")),
            });
        }
        let rows = inputs.iter().map(|input| input.dims()[0]).max().unwrap_or(1);
        Ok(inputs.into_iter().map(|input| over_time(input, rows)).collect())
    }
}

/// An input that is the same at every step, at all of them.
fn over_time(input: Tensor<3>, rows: usize) -> Tensor<3> {
    match input.dims() {
        [1, batch, neurons] if rows > 1 => input.expand([rows, batch, neurons]),
        _ => input,
    }
}

fn cast(x: Tensor<3>, dtype: DType) -> Tensor<3> {
    if x.dtype() == dtype { x } else { x.cast(dtype) }
}

fn missing(model: &ModelInfo, info: &FieldInfo, why: &str) -> Error {
    Error::Input { model: model.name, name: info.name, problem: format!("is not given: {why}") }
}
