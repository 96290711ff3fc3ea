//! A recurrent layer: neurons that hear their own outputs, over all steps as one operation.

use super::layout::Layout;
use super::{FeedbackParts, Operands, Pattern, RecurrentSpec, Scan, ScanOutput};
use crate::backend::{RecurrentBackend, has_product};
use crate::graph::Equations;
use crate::spikes::Outlet;
use crate::{Dynamics, ScanError};
use burn::backend::Dispatch;
use burn::backend::tensor::FloatTensor;
use burn::tensor::{DType, Tensor};
use std::sync::Arc;

/// Connections of a layer of neurons to itself. What they add to the layer's first input at step `t` is
/// `gain (output[t - D] W + bias)`.
#[derive(Clone, Debug)]
pub struct Feedback {
    /// Weights `W`.
    pub connections: Connections,
    /// Bias of each neuron, `[N]`.
    pub bias: Option<Tensor<1>>,
    /// Factor of the currents.
    pub gain: f32,
    /// Outputs before the first step, the oldest first, `[D, B, N]`. Their number is the delay, at least one step.
    pub line: Tensor<3>,
}

/// Weights of the connections of a layer to itself.
#[derive(Clone, Debug)]
pub enum Connections {
    /// Every neuron to all of the layer, `[N, N]`, a row for each sending neuron.
    AllToAll(Tensor<2>),
    /// Every neuron to itself, `[N]`.
    OneToOne(Tensor<1>),
}

impl Scan {
    /// Runs a recurrent layer over all steps as one operation. `None` where there is no kernel for it: elsewhere than
    /// on CPUs (flex and ndarray in `f32`), for models without a state and those that sum over neurons or samples.
    ///
    /// Inputs may have any number of rows that divides [`steps`](Self::steps): each row then lasts several steps.
    /// The result does not depend on the number of threads.
    ///
    /// ```
    /// # use synfire_dynamics::{record, Dynamics, Real};
    /// # record! { /// p
    /// # pub struct LeakyParams { /// decay
    /// # beta: auto, } }
    /// # record! { /// s
    /// # pub struct LeakyState { /// potential
    /// # v: 0.0, } }
    /// # #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    /// # struct Leaky;
    /// # impl Dynamics for Leaky {
    /// #     type Params<R: Copy> = LeakyParams<R>;
    /// #     type Constants<R: Copy> = LeakyParams<R>;
    /// #     type State<R: Copy> = LeakyState<R>;
    /// #     type Input<R: Copy> = R;
    /// #     fn constants<R: Real>(&self, p: LeakyParams<R>, _: f32) -> LeakyParams<R> { p }
    /// #     fn step<R: Real>(&self, c: &LeakyParams<R>, s: &mut LeakyState<R>, current: R) -> R {
    /// #         s.v = c.beta * s.v + current;
    /// #         s.v
    /// #     }
    /// # }
    /// use burn::tensor::{Device, Tensor};
    /// use synfire_dynamics::{Connections, Feedback, Scan};
    ///
    /// let device = Device::flex();
    /// let scan = Scan {
    ///     steps: 3,
    ///     inputs: vec![Tensor::from_floats([[[1.0, 0.0]], [[0.0, 0.0]], [[0.0, 0.0]]], &device)], // [T, B, N]
    ///     dt: 1.0,
    ///     params: vec![Tensor::from_floats([0.0], &device)],
    ///     bounds: vec![],
    ///     initial: vec![],
    ///     traces: vec![],
    ///     learnable: vec![],
    /// };
    /// // the first neuron excites the second, the second inhibits the first
    /// let weights = Tensor::from_floats([[0.0, 0.5], [-1.0, 0.0]], &device);
    /// let line = Tensor::zeros([1, 1, 2], &device);
    /// let feedback = Feedback { connections: Connections::AllToAll(weights), bias: None, gain: 1.0, line };
    /// let output = scan.run_recurrent(Leaky, feedback)?.expect("flex has a kernel").output;
    /// let output: Vec<f32> = output.into_data().try_into_vec().unwrap();
    /// assert_eq!(output, [1.0, 0.0, 0.0, 0.5, -0.5, 0.0]);
    /// # Ok::<(), synfire_dynamics::ScanError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ScanError`] names the first tensor whose shape does not fit.
    pub fn run_recurrent<D: Dynamics>(self, model: D, feedback: Feedback) -> Result<Option<ScanOutput>, ScanError> {
        self.check_recurrent(&Layout::of::<D>(), &feedback)?;
        let equations = Equations::of(&model, self.dt, &self.bounds);
        Ok(self.fuses_recurrent(&equations, &feedback).then(|| self.fused_recurrent(equations, feedback, None)))
    }

    pub(super) fn check_recurrent(&self, layout: &Layout, feedback: &Feedback) -> Result<(), ScanError> {
        self.check_shapes(layout)?;
        let [rows, batch, neurons] = self.inputs[0].dims();
        if rows == 0 || !self.steps.is_multiple_of(rows) {
            return Err(ScanError::Steps { expected: self.steps, actual: rows });
        }
        feedback.check(batch, neurons)
    }

    pub(super) fn fuses_recurrent(&self, equations: &Equations, feedback: &Feedback) -> bool {
        let [_, batch, neurons] = self.inputs[0].dims();
        let fuses = equations.states() > 0 && !equations.is_coupled() && batch * neurons > 0;
        fuses && has_product(&self.inputs[0]) && self.is_uniform() && feedback.is_f32()
    }

    pub(super) fn fused_recurrent(
        self,
        equations: Arc<Equations>,
        feedback: Feedback,
        outlet: Option<Outlet>,
    ) -> ScanOutput {
        let [rows, _, neurons] = self.inputs[0].dims();
        let device = self.inputs[0].device();
        let (Operands { inputs, params, initial }, scan) = self.packed(equations, outlet);
        let [delay, ..] = feedback.line.dims();
        let (pattern, weight) = match feedback.connections {
            Connections::AllToAll(weight) => (Pattern::AllToAll, weight.into_dispatch()),
            Connections::OneToOne(weight) => (Pattern::OneToOne, weight.into_dispatch()),
        };
        let bias = feedback.bias.unwrap_or_else(|| Tensor::zeros([neurons], &device.inner())).into_dispatch();
        let FeedbackParts { weight, bias, line } =
            FeedbackParts::<FloatTensor<Dispatch>> { weight, bias, line: feedback.line.into_dispatch() };
        let (states, traces) = (scan.states(), scan.traces.len());
        let spec = RecurrentSpec { scan, pattern, gain: feedback.gain, delay, rows };
        let results = Dispatch::recurrent_forward(inputs, params, initial, weight, bias, line, Arc::new(spec));
        ScanOutput::unpacked(results, states, traces)
    }
}

impl Feedback {
    fn check(&self, batch: usize, neurons: usize) -> Result<(), ScanError> {
        let [delay, ..] = self.line.dims();
        let weight = match &self.connections {
            Connections::AllToAll(weight) => (weight.dims().to_vec(), vec![neurons, neurons]),
            Connections::OneToOne(weight) => (weight.dims().to_vec(), vec![neurons]),
        };
        let bias = self.bias.as_ref().map(|bias| (bias.dims().to_vec(), vec![neurons]));
        let line = (self.line.dims().to_vec(), vec![delay.max(1), batch, neurons]);
        for (name, shapes) in [("weight", Some(weight)), ("bias", bias), ("line", Some(line))] {
            if let Some((actual, expected)) = shapes.filter(|(actual, expected)| actual != expected) {
                return Err(ScanError::Shape { what: "feedback", name: name.to_string(), expected, actual });
            }
        }
        Ok(())
    }

    fn is_f32(&self) -> bool {
        let weight = match &self.connections {
            Connections::AllToAll(weight) => weight.dtype(),
            Connections::OneToOne(weight) => weight.dtype(),
        };
        let bias = self.bias.as_ref().map_or(DType::F32, Tensor::dtype);
        [weight, bias, self.line.dtype()] == [DType::F32; 3]
    }
}
