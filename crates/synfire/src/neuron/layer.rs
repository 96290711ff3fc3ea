//! A layer of neurons: the Burn module.

use super::{Model, ModelInfo, NeuronInput, NeuronState, Parameter};
use crate::Error;
use burn::module::{Content, ModuleDisplay};
use burn::tensor::Tensor;
use synfire_dynamics::{Feedback, FieldInfo, Scan, ScanError, ScanOutput, Spikes};

/// A layer of neurons of one model.
///
/// A Burn module, made by a [`NeuronConfig`](super::NeuronConfig). It holds parameters and no state: a state
/// is a value, passed in and returned.
#[derive(Clone, Debug)]
pub struct Neurons {
    /// Parameters, in the order of the model's record.
    pub parameters: Vec<Parameter>,
    /// Configured initial values of states, by names such as `initial.v`.
    pub initial: Vec<Parameter>,
    model: Model,
    shape: Vec<usize>,
    dt: f32,
    warning: Option<String>,
}

impl ModuleDisplay for Neurons {
    fn custom_content(&self, content: Content) -> Option<Content> {
        let content =
            content.add_debug_attribute("model", &self.model.info().name).add_debug_attribute("shape", &self.shape);
        let learnable: Vec<&str> = self.all_parameters().filter(|p| p.is_learnable()).map(Parameter::name).collect();
        content.add_debug_attribute("learnable", &learnable).optional()
    }
}

/// Output, recorded states and last state of a layer.
#[derive(Clone, Debug)]
pub struct NeuronOutput<O = Tensor<3>> {
    /// Spikes or graded output, `[T, B, N]`.
    pub output: O,
    /// The recorded states after each step, each `[T, B, N]`.
    pub traces: Vec<Tensor<3>>,
    /// The state after the last step.
    pub state: NeuronState,
}

impl<O> From<ScanOutput<O>> for NeuronOutput<O> {
    fn from(ScanOutput { output, traces, finals }: ScanOutput<O>) -> Self {
        NeuronOutput { output, traces, state: NeuronState(finals) }
    }
}

impl Neurons {
    pub(super) fn new(
        model: Model,
        parameters: Vec<Parameter>,
        initial: Vec<Parameter>,
        shape: &[usize],
        dt: f32,
    ) -> Self {
        Neurons { parameters, initial, model, shape: shape.to_vec(), dt, warning: None }
    }

    pub(super) fn with_warning(self, warning: Option<String>) -> Self {
        Neurons { warning, ..self }
    }

    /// Warnings about its settings and initial parameters, which are not errors: an integration that
    /// is not stable at its time step.
    #[must_use]
    pub fn warning(&self) -> Option<&str> {
        self.warning.as_deref()
    }

    /// Facts about its model.
    #[must_use]
    pub fn info(&self) -> ModelInfo {
        self.model.info()
    }

    /// Shape of a sample, without time and batch.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// Runs over all steps from the [start](Self::start) of a sample, by default at rest.
    ///
    /// # Shapes
    ///
    /// - input current `[T, B, ..]`, where `..` is the layer's shape (or flattened to one axis)
    /// - output `[T, B, ..]`, spikes 0 or 1, or the model's graded output
    ///
    /// # Panics
    ///
    /// If the sample axes do not have the layer's shape, or the model needs more than a current.
    #[must_use]
    pub fn forward<const N: usize>(&self, current: Tensor<N>) -> Tensor<N> {
        self.forward_from(current, None).0
    }

    /// Runs over all steps from a state, and returns the last one; `None` is the [start](Self::start) of a sample.
    ///
    /// # Shapes
    ///
    /// As [`forward`](Self::forward).
    ///
    /// # Panics
    ///
    /// As [`forward`](Self::forward), or if the state belongs to another batch size.
    #[must_use]
    pub fn forward_from<const N: usize>(
        &self,
        current: Tensor<N>,
        state: Option<NeuronState>,
    ) -> (Tensor<N>, NeuronState) {
        let dims = current.dims();
        self.check_sample(&dims[2..], &format!("{dims:?}; expected [T, B, ..]"));
        let neurons: usize = self.shape.iter().product();
        let out = self.run_or_panic(current.reshape([dims[0], dims[1], neurons]), dims[0], state);
        (out.output.reshape(dims), out.state)
    }

    /// Panics if the sample axes are not the layer's; `given` is the whole shape and the one expected.
    pub(super) fn check_sample(&self, sample: &[usize], given: &str) {
        let neurons: usize = self.shape.iter().product();
        assert!(
            *sample == self.shape || *sample == [neurons],
            "a layer of shape {:?} was given a current of shape {given} with that shape in place of the dots",
            self.shape
        );
    }

    pub(super) fn run_or_panic(&self, current: Tensor<3>, steps: usize, state: Option<NeuronState>) -> NeuronOutput {
        self.run(current, steps, state, &[])
            .unwrap_or_else(|error| panic!("a layer of `{}` neurons: {error}", self.info().name))
    }

    /// Runs over `steps` steps and records states.
    ///
    /// `input` is a current `[T, B, N]`, or `[1, B, N]` for one that is the same at every step; or
    /// several inputs, see [`NeuronInput`]. `traces` are the indices of the states to record, see
    /// [`state_index`](Self::state_index).
    ///
    /// # Errors
    ///
    /// [`Error::Scan`] if shapes do not fit; [`Error::Input`] if an input is missing, [`Error::Unknown`] if
    /// the model has none of that name.
    pub fn run(
        &self,
        input: impl Into<NeuronInput>,
        steps: usize,
        state: Option<NeuronState>,
        traces: &[usize],
    ) -> Result<NeuronOutput, Error> {
        let scan = self.scan(input.into(), steps, state, traces)?;
        Ok(self.model.run(scan, true)?.into())
    }

    /// As [`run`](Self::run), by ordinary tensor operations: the reference for tests and benchmarks.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub fn run_by_operations(
        &self,
        input: impl Into<NeuronInput>,
        steps: usize,
        state: Option<NeuronState>,
        traces: &[usize],
    ) -> Result<NeuronOutput, Error> {
        let scan = self.scan(input.into(), steps, state, traces)?;
        Ok(self.model.run(scan, false)?.into())
    }

    /// Runs with connections to itself over `steps` steps; `None` where there is no kernel for it.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub(crate) fn run_recurrent(
        &self,
        input: NeuronInput,
        steps: usize,
        state: Option<NeuronState>,
        traces: &[usize],
        feedback: Feedback,
    ) -> Result<Option<NeuronOutput>, Error> {
        let scan = self.scan(input, steps, state, traces)?;
        Ok(self.model.run_recurrent(scan, feedback)?.map(NeuronOutput::from))
    }

    /// Runs over `steps` steps, with `feedback` connected to itself, to spikes as bits; `None` where there is no kernel
    /// for it.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub(crate) fn run_to_spikes(
        &self,
        input: NeuronInput,
        steps: usize,
        state: Option<NeuronState>,
        feedback: Option<Feedback>,
    ) -> Result<Option<NeuronOutput<Spikes>>, Error> {
        let scan = self.scan(input, steps, state, &[])?;
        Ok(self.model.run_to_spikes(scan, feedback)?.map(NeuronOutput::from))
    }

    fn scan(
        &self,
        input: NeuronInput,
        steps: usize,
        state: Option<NeuronState>,
        traces: &[usize],
    ) -> Result<Scan, Error> {
        let expected = self.info().states.len();
        if let Some(actual) = state.as_ref().map(|state| state.0.len()).filter(|&actual| actual != expected) {
            return Err(ScanError::Count { what: "initial states", expected, actual }.into());
        }
        let inputs = input.resolve(&self.info(), steps)?;
        let [_, batch, neurons] = inputs[0].dims();
        if batch == 0 || neurons == 0 {
            let problem =
                format!("has shape {:?}; expected [T, B, N] with at least one sample and one neuron", inputs[0].dims());
            return Err(Error::Input { model: self.info().name, name: self.info().inputs[0].name, problem });
        }
        let initial = state.map_or_else(|| self.initial_states(batch, &inputs[0].device()), |state| state.0);
        let active = self.parameters.iter().enumerate().filter(|(_, p)| p.is_active());
        let (params, bounds) = self.parameters.iter().map(Parameter::for_scan).unzip();
        Ok(Scan {
            steps,
            dt: self.dt,
            inputs,
            params,
            bounds,
            initial,
            traces: traces.to_vec(),
            learnable: active.map(|(i, _)| i).collect(),
        })
    }

    /// Index of the state with this name.
    #[must_use]
    pub fn state_index(&self, name: &str) -> Option<usize> {
        self.info().states.iter().position(|state| state.name == name)
    }

    /// All parameters: those of the model, then configured initial values.
    pub fn all_parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().chain(&self.initial)
    }

    /// The parameter with this name; `initial.v` is the configured initial value of the state `v`.
    #[must_use]
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.all_parameters().find(|parameter| parameter.name() == name)
    }

    /// Values of the parameter with this name, in the unit of the model's parameter (`tau_m` in ms): one for
    /// the layer, one per channel or one per neuron. They are read back from the device.
    ///
    /// ```
    /// # use burn::tensor::Device;
    /// # use synfire::neuron::{ParameterConfig, PlifConfig};
    /// let tau_m = ParameterConfig::learnable(2.0).per_channel();
    /// let neurons = PlifConfig::new().with("tau_m", tau_m).init(&[3, 8, 8], &Device::default());
    /// assert_eq!(neurons.value("tau_m")?, [2.0; 3]);
    /// assert!(neurons.value("tau").is_err());
    /// # Ok::<(), synfire::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Unknown`] if the layer has no such parameter, with the names that it has.
    pub fn value(&self, name: &str) -> Result<Vec<f32>, Error> {
        let unknown = || {
            let known = self.all_parameters().map(|parameter| parameter.name().to_string());
            Error::unknown("parameter", name, &format!("`{}` neurons", self.info().name), known)
        };
        let value = self.parameter(name).ok_or_else(unknown)?.value();
        Ok(crate::host::floats(&value.into_data()))
    }

    /// Firing threshold `v_th` in the unit of the potential: one for the layer, one per channel or one per neuron. None
    /// for models that have none, or a state of that name, which changes with time.
    #[must_use]
    pub fn threshold(&self) -> Option<Tensor<1>> {
        let fixed = self.parameter("v_th").filter(|_| self.state_index("v_th").is_none());
        fixed.map(Parameter::value)
    }

    /// Unit, bound, default and meaning of the parameter with this name, from the model's record.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&'static FieldInfo> {
        let info = self.info();
        match name.strip_prefix("initial.") {
            Some(state) => info.states.iter().find(|field| field.name == state),
            None => info.parameters.iter().find(|field| field.name == name),
        }
    }
}
