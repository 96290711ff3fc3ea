//! What runs and is recorded, by SPAIC's names.

use super::check::{Run, Way};
use super::layer;
use super::words::{Word, words};
use burn::tensor::Tensor;
use std::collections::BTreeSet;
use synfire::neuron::{NeuronState, Neurons};

/// A layer that has run.
pub(super) struct Series {
    pub(super) neurons: Neurons,
    /// What arrived at each of the model's inputs.
    pub(super) inputs: Vec<Tensor<3>>,
    /// The output and what else is recorded, `[T, B, N]`, by SPAIC's names.
    pub(super) recorded: Vec<(&'static str, Tensor<3>)>,
}

impl Series {
    /// Runs a case.
    pub(super) fn of(run: &Run<'_>, surrogate: Option<&str>) -> Result<Self, String> {
        let Run { translation, case, arrays, device, .. } = run;
        let learned = surrogate.map_or_else(BTreeSet::new, |name| layer::learned(translation, arrays, name));
        let neurons = layer::layer(translation, case, surrogate, &learned, device)?;
        let info = neurons.info();
        let inputs = layer::inputs(translation, case, info.inputs, arrays, device)?;
        let initial = layer::initial(translation, case, info.states, arrays, device)?;

        let states =
            words(translation.states).filter(|word| word.is_state() || matches!(word.form, "before" | "upswing"));
        let traces = states.map(|word| state(&neurons, word)).collect::<Result<Vec<usize>, String>>()?;
        let (output, traces) = steps(&neurons, &inputs, &initial, &traces, run.way)?;

        let mut recorded = vec![(translation.output, output)];
        let mut traces = traces.into_iter();
        for word in words(translation.states) {
            let series = match (word.form, word.ours) {
                ("", "0") => Some(inputs[0].zeros_like()),
                ("", _) => traces.next(),
                ("before", _) => before(traces.next(), &initial, state(&neurons, word)?),
                ("upswing", _) => {
                    let v = before(traces.next(), &initial, state(&neurons, word)?);
                    let [v_th, delta_t] = [parameter(&neurons, "v_th")?, parameter(&neurons, "delta_t")?];
                    v.map(|v| ((v - v_th) / delta_t.clone()).exp() * delta_t)
                }
                ("drive", ours) => Some(inputs[0].clone() * parameter(&neurons, ours)?),
                ("parameter", ours) => Some(inputs[0].zeros_like() + parameter(&neurons, ours)?),
                (form, _) => return Err(format!("the table says `{form}` of `{}`", word.spaic)),
            };
            recorded.push((word.spaic, series.ok_or("a trace is missing")?));
        }
        Ok(Series { neurons, inputs, recorded })
    }

    /// The number of the input that a word names.
    pub(super) fn input(&self, word: Word<'_>) -> Option<usize> {
        self.neurons.info().inputs.iter().position(|field| field.name == word.ours)
    }
}

/// Output and traces of all steps.
fn steps(
    neurons: &Neurons,
    inputs: &[Tensor<3>],
    initial: &NeuronState,
    traces: &[usize],
    way: Way,
) -> Result<(Tensor<3>, Vec<Tensor<3>>), String> {
    let count = inputs[0].dims()[0];
    let run = |inputs: Vec<Tensor<3>>, steps: usize, state: NeuronState| {
        let out = match way {
            Way::Operations => neurons.run_by_operations(inputs, steps, Some(state), traces),
            Way::Fused | Way::StepByStep => neurons.run(inputs, steps, Some(state), traces),
        };
        out.map_err(|error| error.to_string())
    };
    if way != Way::StepByStep {
        let out = run(inputs.to_vec(), count, initial.clone())?;
        return Ok((out.output, out.traces));
    }
    let mut state = initial.clone();
    let (mut outputs, mut rows) = (vec![], vec![vec![]; traces.len()]);
    for t in 0..count {
        let out = run(inputs.iter().map(|input| input.clone().narrow(0, t, 1)).collect(), 1, state)?;
        state = out.state;
        outputs.push(out.output);
        rows.iter_mut().zip(out.traces).for_each(|(rows, row)| rows.push(row));
    }
    Ok((Tensor::cat(outputs, 0), rows.into_iter().map(|rows| Tensor::cat(rows, 0)).collect()))
}

/// The number of the state that a word names.
fn state(neurons: &Neurons, word: Word<'_>) -> Result<usize, String> {
    let name = word.ours.to_ascii_lowercase();
    neurons.state_index(&name).ok_or_else(|| format!("the model has no state `{name}`"))
}

/// The values of a parameter, `[1, 1, 1]` or `[1, 1, N]`.
fn parameter(neurons: &Neurons, name: &str) -> Result<Tensor<3>, String> {
    let parameter = neurons.parameter(name).ok_or_else(|| format!("the model has no parameter `{name}`"))?;
    Ok(parameter.value().detach().unsqueeze())
}

/// A state as it was before each step.
fn before(trace: Option<Tensor<3>>, initial: &NeuronState, state: usize) -> Option<Tensor<3>> {
    let trace = trace?;
    let steps = trace.dims()[0];
    Some(Tensor::cat(vec![initial.0[state].clone().unsqueeze(), trace.narrow(0, 0, steps - 1)], 0))
}
