//! The state of a layer between calls and at the start of a sample.

use super::{Neurons, Parameter};
use burn::tensor::{Device, Tensor};
use synfire_dynamics::FieldInfo;

/// State of a layer between two calls: a tensor `[B, N]` for each state of the model, in its order.
#[derive(Clone, Debug)]
pub struct NeuronState(pub Vec<Tensor<2>>);

impl NeuronState {
    /// The same state without its graph, for truncated backpropagation through time.
    #[must_use]
    pub fn detach(self) -> Self {
        NeuronState(self.0.into_iter().map(Tensor::detach).collect())
    }
}

impl Neurons {
    /// State at the start of a sample, for a batch of this size.
    ///
    /// Each state has its configured initial value, else the value of the parameter of its name, else its
    /// value at rest.
    #[must_use]
    pub fn start(&self, batch: usize, device: &Device) -> NeuronState {
        let states = self.info().states.iter();
        NeuronState(states.map(|state| self.start_of(state, batch, device)).collect())
    }

    /// State at the start of the sample that follows `state`.
    ///
    /// [`PERSISTENT`](super::Neuron::PERSISTENT) states of the model keep their values, without their graph; the
    /// others are as at the [start](Self::start) of any sample.
    ///
    /// Adaptive thresholds that outlast a sample are kept this way, those of `aclif` and `lifstdp_ex`; in
    /// SPAIC they are the variables marked `[stay]`. The next batch must have as many samples as the last.
    ///
    /// ```
    /// # use burn::tensor::{Device, Tensor};
    /// # use synfire::neuron::LifConfig;
    /// # let device = Device::default();
    /// # let neurons = LifConfig::new().init(&[10], &device);
    /// # let samples = vec![Tensor::<3>::ones([25, 4, 10], &device); 2];
    /// let mut state = None;
    /// for sample in samples {
    ///     let (output, last) = neurons.forward_from(sample, state);
    ///     state = Some(neurons.next_sample(last));
    /// #   let _ = output;
    /// }
    /// ```
    #[must_use]
    pub fn next_sample(&self, state: NeuronState) -> NeuronState {
        let info = self.info();
        let next = |(field, last): (&FieldInfo, Tensor<2>)| match info.persistent.contains(&field.name) {
            true => last.detach(),
            false => self.start_of(field, last.dims()[0], &last.device()),
        };
        NeuronState(info.states.iter().zip(state.0).map(next).collect())
    }

    /// Initial values for a scan; none where all states start at rest, which a scan knows itself.
    pub(super) fn initial_states(&self, batch: usize, device: &Device) -> Vec<Tensor<2>> {
        match self.info().states.iter().any(|state| self.start_parameter(state).is_some()) {
            true => self.start(batch, device).0,
            false => vec![],
        }
    }

    /// The parameter that a state starts from: its configured initial value, or else one of its name.
    fn start_parameter(&self, state: &FieldInfo) -> Option<&Parameter> {
        let configured = |parameter: &&Parameter| parameter.name().strip_prefix("initial.") == Some(state.name);
        self.initial.iter().find(configured).or_else(|| self.parameters.iter().find(|p| p.name() == state.name))
    }

    fn start_of(&self, state: &FieldInfo, batch: usize, device: &Device) -> Tensor<2> {
        let neurons: usize = self.shape().iter().product();
        let Some(parameter) = self.start_parameter(state) else {
            return Tensor::full([batch, neurons], state.default.unwrap_or(0.0), device);
        };
        let value = parameter.value();
        let [count] = value.dims();
        let row = value.reshape([count, 1]).expand([count, neurons / count]).reshape([1, neurons]);
        row.expand([batch, neurons])
    }
}
