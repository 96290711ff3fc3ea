//! Layers of neurons, with connections to themselves if wanted.

use super::{AnyLayer, Layer, LayerKind, LayerState, NetworkInfo, Pass, Site, transparent_module};
use crate::Error;
use crate::coding::Activations;
use crate::network::Shape;
use crate::network::layer::recurrent::{self, DelayLine, Feedback, Recurrent};
use crate::neuron::{NeuronInput, NeuronOutput, NeuronState, Neurons, Settings, registry};
use crate::registry::{BadSetting, Named};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};
use synfire_dynamics::Spikes;

/// Neurons of a model, one for each value of a sample: `neuron = "plif"`, followed by the model's own settings
/// (`surrogate`, `reset`) and parameters (`tau_m`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Neuron {
    /// Name of the model.
    pub model: String,
    /// Connections of the layer to itself.
    #[serde(default, deserialize_with = "recurrent::read")]
    pub recurrent: Option<Recurrent>,
    /// Settings and parameters of the model.
    #[serde(flatten)]
    pub settings: Settings,
}

impl Default for Neuron {
    fn default() -> Self {
        Neuron { model: "lif".to_string(), recurrent: None, settings: Settings::new() }
    }
}

impl Named for Neuron {
    const NAME: &'static str = "neuron";
    const ABOUT: &'static str = "neurons of a model, one for each value";
    const PRINCIPAL: Option<&'static str> = Some("model");
    const OPEN: bool = true;
}

impl LayerKind for Neuron {
    fn check(&self) -> Result<(), BadSetting> {
        self.recurrent.as_ref().map_or(Ok(()), Recurrent::check)
    }

    fn output_shape(&self, input: &Shape, _: NetworkInfo) -> Result<Shape, String> {
        let size = input.size();
        if let Some(recurrent) = &self.recurrent {
            recurrent.check_size(size)?;
        }
        Ok(input.clone())
    }

    fn weights(&self, input: &Shape, _: &Shape) -> Vec<(&'static str, Vec<usize>)> {
        self.recurrent.iter().map(|recurrent| ("recurrent.weight", recurrent.weight_shape(input.size()))).collect()
    }

    fn build(&self, site: &mut Site<'_>) -> Result<AnyLayer, Error> {
        let entry = registry::find(&self.model)?;
        let neurons = (entry.init)(site.path, &self.settings, site.input.dims(), site.network.dt, site.device);
        let neurons = neurons.map_err(|error| error.in_layer(site.path))?;
        let recurrent = self.recurrent.as_ref().map(|recurrent| recurrent.build(site));
        Ok(NeuronLayer { neurons, recurrent }.into())
    }

    fn has_potential(&self) -> bool {
        registry::find(&self.model).is_ok_and(|entry| entry.info.states.iter().any(|state| state.name == "v"))
    }

    fn model(&self) -> Option<&str> {
        Some(&self.model)
    }

    fn feeds_spike_times_back(&self) -> bool {
        self.recurrent.is_some() && self.takes_spike_times()
    }

    fn takes_spike_times(&self) -> bool {
        registry::find(&self.model).is_ok_and(|entry| entry.info.inputs.iter().any(|input| input.name == TIME_INPUT))
    }

    fn threshold(&self) -> Option<f32> {
        let entry = registry::find(&self.model).ok()?;
        let field = entry.info.parameters.iter().find(|field| field.name == "v_th")?;
        let given =
            self.settings.get("v_th").and_then(|value| value.as_object().map_or(Some(value), |t| t.get("value")));
        // a list has no one threshold
        given.map_or(field.default, |value| value.as_f64().map(|value| value as f32))
    }
}

/// Name of the input that takes the times of spikes.
const TIME_INPUT: &str = "current_time";

/// Neurons, and their connections to themselves. Parameters of the neurons keep their own names, `tau_m`.
#[derive(Clone, Debug)]
pub(in crate::network) struct NeuronLayer {
    neurons: Neurons,
    recurrent: Option<Feedback>,
}

transparent_module!(NeuronLayer { inner: [neurons], named: [recurrent], plain: [] });

impl NeuronLayer {
    /// Indices of the states to record: the potential, and the time of spikes.
    fn recorded(&self, pass: &Pass) -> [Option<usize>; 2] {
        let potential = self.neurons.state_index("v").filter(|_| pass.recording.potential);
        let spike_time = self.neurons.info().spike_time.filter(|_| pass.recording.spike_times);
        [potential, spike_time.and_then(|name| self.neurons.state_index(name))]
    }

    fn run(&self, input: Activations, state: Option<NeuronState>, pass: &Pass) -> Result<NeuronOutput, Error> {
        let Activations { values, spike_times, .. } = input;
        let input = NeuronInput::from(values).with_rng(pass.rng.clone());
        let input = match spike_times.filter(|_| self.takes_spike_times()) {
            Some(times) => input.with(TIME_INPUT, times),
            None => input,
        };
        self.neurons.run(input, pass.steps, state, &self.traces(pass))
    }

    fn takes_spike_times(&self) -> bool {
        self.neurons.info().inputs.iter().any(|input| input.name == TIME_INPUT)
    }

    fn traces(&self, pass: &Pass) -> Vec<usize> {
        self.recorded(pass).into_iter().flatten().collect()
    }

    /// All steps of a recurrent layer as one operation; `None` where there is none for it.
    fn run_recurrent(
        &self,
        input: &Activations,
        state: Option<&NeuronState>,
        (feedback, line): (&Feedback, &DelayLine),
        pass: &Pass,
    ) -> Result<Option<NeuronOutput>, Error> {
        // one step costs less than packing the weights for many
        if pass.steps == 1 || self.recorded(pass)[1].is_some() || self.takes_spike_times() {
            return Ok(None);
        }
        let Some(feedback) = feedback.over_time(line) else { return Ok(None) };
        let input = NeuronInput::from(input.values.clone()).with_rng(pass.rng.clone());
        self.neurons.run_recurrent(input, pass.steps, state.cloned(), &self.traces(pass), feedback)
    }

    pub(in crate::network) fn is_recurrent(&self) -> bool {
        self.recurrent.is_some()
    }

    /// As [`forward`](Layer::forward), to spikes as bits, and without the outputs that a recurrent layer keeps for the steps
    /// that follow; `None` where there is no kernel for it.
    pub(in crate::network) fn forward_to_spikes(
        &self,
        input: &Activations,
        pass: &mut Pass,
    ) -> Result<Option<Spikes>, Error> {
        let states = self.neurons.info().states.len();
        let records = self.recorded(pass).iter().any(Option::is_some);
        if records || self.takes_spike_times() || pass.state.0.len() > states {
            return Ok(None);
        }
        let feedback = match &self.recurrent {
            Some(_) if pass.steps == 1 => return Ok(None),
            Some(feedback) => match feedback.over_time(&feedback.line(vec![], input, false)) {
                Some(feedback) => Some(feedback),
                // connections without a kernel are no reason to leave them out
                None => return Ok(None),
            },
            None => None,
        };
        let state = (!pass.state.0.is_empty()).then(|| NeuronState(pass.state.0.clone()));
        let values = NeuronInput::from(input.values.clone()).with_rng(pass.rng.clone());
        let Some(out) = self.neurons.run_to_spikes(values, pass.steps, state, feedback)? else { return Ok(None) };
        pass.state = LayerState(out.state.0);
        Ok(Some(out.output))
    }

    /// The output of a run with the potential and the times of spikes, where they are wanted.
    fn activations(&self, out: &NeuronOutput, pass: &Pass, dt: f32) -> Activations {
        let [potential, spike_time] = self.recorded(pass);
        let last = || self.neurons.state_index("v").map(|v| out.state.0[v].clone().unsqueeze_dim(0));
        Activations {
            values: out.output.clone(),
            spike_times: spike_time.and_then(|_| out.traces.last().cloned()),
            potential: potential.map_or_else(last, |_| out.traces.first().cloned()),
            dt,
        }
    }
}

impl Layer for NeuronLayer {
    fn forward(&self, input: Activations, pass: &mut Pass) -> Result<Activations, Error> {
        let states = self.neurons.info().states.len();
        let mut tensors = core::mem::take(&mut pass.state.0);
        let sent: Vec<Tensor<2>> = tensors.split_off(states.min(tensors.len()));
        let state = (!tensors.is_empty()).then_some(NeuronState(tensors));
        let dt = input.dt;
        let Some(feedback) = &self.recurrent else {
            let out = self.run(input, state, pass)?;
            let activations = self.activations(&out, pass, dt);
            pass.state = LayerState(out.state.0);
            return Ok(activations);
        };
        let mut line = feedback.line(sent, &input, self.recorded(pass)[1].is_some());
        if let Some(out) = self.run_recurrent(&input, state.as_ref(), (feedback, &line), pass)? {
            let activations = self.activations(&out, pass, dt);
            line.push_all(&out.output, dt);
            pass.state = LayerState(out.state.0.into_iter().chain(line.into_state()).collect());
            return Ok(activations);
        }
        let input = input.without_hold(pass.steps);
        let (mut state, mut steps) = (state, Vec::with_capacity(pass.steps));
        for t in 0..pass.steps {
            let heard = match feedback.arriving(&line) {
                Some(fed_back) => input.at(t).add(fed_back),
                None => input.at(t),
            };
            let step = Pass { steps: 1, rng: pass.rng_at(t), state: LayerState::default(), recording: pass.recording };
            let out = self.run(heard, state.take(), &step)?;
            let activations = self.activations(&out, &step, dt);
            line.push(&activations);
            state = Some(out.state);
            steps.push(activations);
        }
        let states = state.map_or_else(Vec::new, |state| state.0);
        pass.state = LayerState(states.into_iter().chain(line.into_state()).collect());
        Ok(Activations::join(steps, pass.recording.potential))
    }

    fn takes_held_inputs(&self) -> bool {
        self.recurrent.is_some() && self.neurons.info().inputs.len() == 1
    }

    fn neurons(&self) -> Option<&Neurons> {
        Some(&self.neurons)
    }

    fn describe(&self) -> String {
        let recurrent = if self.recurrent.is_some() { ", recurrent" } else { "" };
        format!("{}{recurrent}", self.neurons.info().name)
    }
}
