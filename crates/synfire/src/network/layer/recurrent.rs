//! Connections of a layer of neurons to itself.

use super::Site;
use super::linear::check_size;
use crate::coding::Activations;
use crate::connection::{EventLinear, amplified};
use crate::network::cast;
use crate::registry::BadSetting;
use burn::module::{Module, Param};
use burn::tensor::Tensor;
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::VecDeque;
use synfire_dynamics::Connections;

/// Connections of a layer to itself: `recurrent = true`, `"one_to_one"`, or a table with `connect`, `bias`, `gain` and
/// `delay`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Recurrent {
    /// Pattern of the connections.
    pub connect: Connect,
    /// Whether they have a bias.
    pub bias: bool,
    /// Factor of the currents, above 0, as that of `linear` layers.
    pub gain: f32,
    /// Steps after which a spike arrives, at least 1.
    pub delay: usize,
}

/// Pattern of the connections of a layer to itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Connect {
    /// Every neuron to all of the layer.
    #[default]
    AllToAll,
    /// Every neuron to itself.
    OneToOne,
}

impl Default for Recurrent {
    fn default() -> Self {
        Recurrent { connect: Connect::AllToAll, bias: false, gain: 1.0, delay: 1 }
    }
}

/// The ways of writing [`Recurrent`].
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "expected true, \"all_to_all\", \"one_to_one\", or a table \
    { connect = \"all_to_all\", delay = 1, bias = false, gain = 1.0 }"
)]
enum Written {
    Flag(bool),
    Word(Connect),
    Table(Recurrent),
}

/// Reads the connections of a layer to itself; `false` is none.
pub(super) fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Recurrent>, D::Error> {
    Ok(match Option::<Written>::deserialize(deserializer)? {
        None | Some(Written::Flag(false)) => None,
        Some(Written::Flag(true)) => Some(Recurrent::default()),
        Some(Written::Word(connect)) => Some(Recurrent { connect, ..Recurrent::default() }),
        Some(Written::Table(table)) => Some(table),
    })
}

impl Recurrent {
    pub(super) fn check(&self) -> Result<(), BadSetting> {
        BadSetting::unless(self.gain > 0.0 && self.gain.is_finite(), "recurrent.gain", self.gain, "a factor above 0")?;
        BadSetting::unless(self.delay > 0, "recurrent.delay", self.delay, "at least 1 step")
    }

    pub(super) fn check_size(&self, neurons: usize) -> Result<(), String> {
        match self.connect {
            Connect::AllToAll => check_size("recurrent", neurons, neurons),
            Connect::OneToOne => Ok(()),
        }
    }

    pub(super) fn weight_shape(&self, neurons: usize) -> Vec<usize> {
        match self.connect {
            Connect::AllToAll => vec![neurons, neurons],
            Connect::OneToOne => vec![neurons],
        }
    }

    pub(super) fn build(&self, site: &mut Site<'_>) -> Feedback {
        let neurons = site.input.size();
        let fan_in = if self.connect == Connect::AllToAll { neurons } else { 1 };
        let bound = 1.0 / (fan_in as f32).sqrt();
        let mut feedback = Feedback { all_to_all: None, one_to_one: None, delay: self.delay };
        match self.connect {
            Connect::AllToAll => {
                let weight = site.uniform([neurons, neurons], bound);
                let bias = self.bias.then(|| site.uniform([neurons], bound));
                feedback.all_to_all = Some(EventLinear::new(weight, bias, self.gain));
            }
            Connect::OneToOne => {
                let weight = Param::from_tensor(site.uniform([neurons], bound));
                let bias = self.bias.then(|| Param::from_tensor(site.uniform([neurons], bound)));
                feedback.one_to_one = Some(OneToOne { weight, bias, gain: self.gain });
            }
        }
        feedback
    }
}

/// Connections of a layer to itself, of one kind or the other, and the steps that spikes take along them.
#[derive(Clone, Debug)]
pub(super) struct Feedback {
    all_to_all: Option<EventLinear>,
    one_to_one: Option<OneToOne>,
    delay: usize,
}

super::transparent_module!(Feedback { inner: [all_to_all, one_to_one], named: [], plain: [delay] });

impl Feedback {
    /// Outputs of the layer in the last steps: as an earlier call left them in `state`, or silence of the shape of `like`.
    pub(super) fn line(&self, state: Vec<Tensor<2>>, like: &Activations, spike_times: bool) -> DelayLine {
        let [_, batch, neurons] = like.values.dims();
        let silence = || Tensor::zeros([1, batch, neurons], (&like.values.device(), like.values.dtype()));
        let mut state = state.into_iter().map(Tensor::unsqueeze);
        let mut next = || state.next().unwrap_or_else(silence);
        let sent = (0..self.delay).map(|_| {
            let values = next();
            Activations { values, spike_times: spike_times.then(&mut next), potential: None, dt: like.dt }
        });
        DelayLine(sent.collect())
    }

    /// Current from what was sent `delay` steps ago.
    pub(super) fn arriving(&self, line: &DelayLine) -> Option<Activations> {
        let sent = line.0.front()?.clone();
        let values = self.apply(sent.values, true);
        let spike_times = sent.spike_times.map(|times| self.apply(times, false));
        Some(Activations { values, spike_times, potential: None, dt: sent.dt })
    }

    /// The connections and what is on its way along them, as the operation over all steps takes them.
    pub(super) fn over_time(&self, line: &DelayLine) -> Option<synfire_dynamics::Feedback> {
        let sent: Vec<Tensor<3>> = line.0.iter().map(|sent| sent.values.clone()).collect();
        let dtype = sent.first()?.dtype();
        let line = Tensor::cat(sent, 0);
        let (connections, bias, gain) = match (&self.all_to_all, &self.one_to_one) {
            (Some(linear), _) => (Connections::AllToAll(cast(linear.weight.val(), dtype)), &linear.bias, linear.gain()),
            (None, Some(each)) => (Connections::OneToOne(cast(each.weight.val(), dtype)), &each.bias, each.gain),
            (None, None) => return None,
        };
        let bias = bias.as_ref().map(|bias| cast(bias.val(), dtype));
        Some(synfire_dynamics::Feedback { connections, bias, gain, line })
    }

    fn apply(&self, x: Tensor<3>, bias: bool) -> Tensor<3> {
        match (&self.all_to_all, &self.one_to_one) {
            (Some(linear), _) if bias => linear.forward(x),
            (Some(linear), _) => linear.forward_without_bias(x),
            (None, Some(each)) => each.forward(x, bias),
            (None, None) => x.zeros_like(),
        }
    }
}

/// The last outputs of a layer, the oldest first.
#[derive(Debug)]
pub(super) struct DelayLine(VecDeque<Activations>);

impl DelayLine {
    /// Drops the oldest output and appends the newest.
    pub(super) fn push(&mut self, newest: &Activations) {
        self.0.pop_front();
        self.0.push_back(Activations { potential: None, ..newest.clone() });
    }

    /// Appends the outputs of several steps, `[T, B, N]`.
    pub(super) fn push_all(&mut self, outputs: &Tensor<3>, dt: f32) {
        let ([steps, ..], delay) = (outputs.dims(), self.0.len());
        for t in steps.saturating_sub(delay)..steps {
            self.push(&Activations::new(outputs.clone().narrow(0, t, 1), dt));
        }
    }

    /// The outputs as state, `[B, N]` each.
    pub(super) fn into_state(self) -> impl Iterator<Item = Tensor<2>> {
        let tensors = self.0.into_iter().flat_map(|sent| [Some(sent.values), sent.spike_times]);
        tensors.flatten().map(|x| x.squeeze_dim(0))
    }
}

/// One connection from each neuron to itself.
#[derive(Module, Debug)]
struct OneToOne {
    /// `[N]`
    weight: Param<Tensor<1>>,
    /// `[N]`
    bias: Option<Param<Tensor<1>>>,
    #[module(skip)]
    gain: f32,
}

impl OneToOne {
    fn forward(&self, x: Tensor<3>, bias: bool) -> Tensor<3> {
        let row = |param: &Param<Tensor<1>>| cast(param.val(), x.dtype()).reshape([1, 1, -1]);
        let output = x.clone() * row(&self.weight);
        let output = match self.bias.as_ref().filter(|_| bias) {
            Some(bias) => output + row(bias),
            None => output,
        };
        amplified(output, self.gain)
    }
}
