//! A model over time: all steps of a layer as one differentiable operation.

mod feedback;
mod layout;
mod operations;
mod packed;
mod recurrent;
mod spec;
mod spikes;

pub use feedback::{Connections, Feedback};
use layout::Layout;
pub(crate) use packed::{Operands, Results};
pub(crate) use recurrent::{FeedbackParts, Pattern, RecurrentSpec};
pub(crate) use spec::ScanSpec;

use crate::backend::{ResultTuple, ScanBackend, has_kernel};
use crate::graph::Equations;
use crate::spikes::Outlet;
use crate::{Dynamics, ScanError};
use burn::backend::Dispatch;
use burn::backend::tensor::FloatTensor;
use burn::tensor::{DType, Tensor, TensorData};
use std::sync::Arc;

/// A layer of neurons over time: the inputs, parameters and initial states of a model, and what is wanted of it.
///
/// Tensors have the axes time, batch, neurons; the neurons of a layer of shape `[C, H, W]` are flattened, channel
/// after channel.
///
/// # Example
///
/// A leaky integrator (see [`Dynamics`]) over two steps:
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
/// use synfire_dynamics::Scan;
///
/// let device = Device::flex();
/// let scan = Scan {
///     steps: 2,
///     inputs: vec![Tensor::from_floats([[[1.0, 2.0]], [[0.0, 1.0]]], &device)], // [T, B, N] = [2, 1, 2]
///     dt: 1.0,
///     params: vec![Tensor::from_floats([0.5], &device)],
///     bounds: vec![],
///     initial: vec![Tensor::zeros([1, 2], &device)],
///     traces: vec![],
///     learnable: vec![],
/// };
/// let result = scan.run(Leaky).unwrap();
/// let v: Vec<f32> = result.output.into_data().try_into_vec().unwrap();
/// assert_eq!(v, [1.0, 2.0, 0.5, 2.0]);
/// ```
#[derive(Clone, Debug)]
pub struct Scan {
    /// Number of time steps `T`, at least 1.
    pub steps: usize,
    /// Length of a step in ms.
    pub dt: f32,
    /// One tensor for each field of the model's input, `[T, B, N]`; all of them `[1, B, N]` for an input that is
    /// constant over time.
    pub inputs: Vec<Tensor<3>>,
    /// One tensor for each parameter of the model, `[1]`, `[C]` or `[N]`: one value for the layer, one per channel
    /// (the `N / C` neurons of a channel are neighbours), or one per neuron.
    pub params: Vec<Tensor<1>>,
    /// Lower bounds of the parameters. One with a bound is given as `ln(value - bound)`, so that no update takes
    /// it out of its range. One entry for each parameter, or none at all for no bounds.
    pub bounds: Vec<Option<f32>>,
    /// Value of each state before the first step, `[B, N]`; empty for the resting state.
    pub initial: Vec<Tensor<2>>,
    /// Indices of the states to record after every step.
    pub traces: Vec<usize>,
    /// Indices of the parameters that get a gradient.
    pub learnable: Vec<usize>,
}

/// Results of a scan, whose output is a tensor or [`Spikes`](crate::Spikes). Gradients flow back from all of them.
#[derive(Clone, Debug)]
pub struct ScanOutput<O = Tensor<3>> {
    /// Spikes or graded output, `[T, B, N]`.
    pub output: O,
    /// Recorded states after every step, `[T, B, N]` each, in the order of [`Scan::traces`].
    pub traces: Vec<Tensor<3>>,
    /// All states after the last step, `[B, N]` each.
    pub finals: Vec<Tensor<2>>,
}

impl Scan {
    /// Runs the model over all steps, fused where the backend has a kernel (flex and ndarray in `f32`,
    /// GPUs with inputs in `f32`, `f16` or `bf16`) and by [tensor operations](Self::run_by_operations)
    /// anywhere else.
    ///
    /// # Errors
    ///
    /// [`ScanError`] names the first tensor whose shape does not fit.
    pub fn run<D: Dynamics>(self, model: D) -> Result<ScanOutput, ScanError> {
        self.check(&Layout::of::<D>())?;
        let equations = Equations::of(&model, self.dt, &self.bounds);
        Ok(if self.fuses(&equations) { self.fused(equations, None) } else { operations::run(self, &model) })
    }

    /// Runs the model as ordinary tensor operations, one small graph per step: any backend, any float
    /// type, and the reference for tests of the kernels.
    ///
    /// # Errors
    ///
    /// As [`run`](Self::run).
    pub fn run_by_operations<D: Dynamics>(self, model: D) -> Result<ScanOutput, ScanError> {
        self.check(&Layout::of::<D>())?;
        Ok(operations::run(self, &model))
    }

    /// Whether there is a kernel for these equations and tensors.
    fn fuses(&self, equations: &Equations) -> bool {
        // without a state there is nothing to carry through time
        let fuses = equations.states() > 0 && !equations.is_coupled();
        fuses && has_kernel(&self.inputs[0]) && self.is_uniform()
    }

    /// Whether all inputs are of one type, and parameters and states in single precision.
    fn is_uniform(&self) -> bool {
        let input = self.inputs[0].dtype();
        self.inputs.iter().all(|x| x.dtype() == input)
            && self.params.iter().all(|x| x.dtype() == DType::F32)
            && self.initial.iter().all(|x| x.dtype() == DType::F32)
    }

    /// Runs the kernel; with an outlet, the output is no more than its place in the autodiff graph.
    fn fused(self, equations: Arc<Equations>, outlet: Option<Outlet>) -> ScanOutput {
        let (Operands { inputs, params, initial }, spec) = self.packed(equations, outlet);
        let (states, traces) = (spec.states(), spec.traces.len());
        let results = Dispatch::scan_forward(inputs, params, initial, Arc::new(spec));
        ScanOutput::unpacked(results, states, traces)
    }

    /// The tensors as kernels see them, and everything else that these need.
    fn packed(self, equations: Arc<Equations>, outlet: Option<Outlet>) -> (Operands<FloatTensor<Dispatch>>, ScanSpec) {
        let [rows, batch, neurons] = self.inputs[0].dims();
        let device = self.inputs[0].device();
        let uniform_start = self.initial.is_empty();
        let states = equations.states();
        let initial = match uniform_start {
            true => Tensor::from_data(TensorData::new(equations.resting.clone(), [states, 1, 1]), &device),
            false => pack::<2, 3>(self.initial),
        };
        let spec = ScanSpec {
            equations,
            steps: self.steps,
            batch,
            neurons,
            constant_input: rows < self.steps,
            uniform_start,
            param_lens: self.params.iter().map(|param| param.dims()[0]).collect(),
            traces: self.traces,
            learnable: self.learnable,
            outlet,
        };
        let params = match self.params.is_empty() {
            // a tensor has at least one value
            true => Tensor::zeros([1], &device),
            false => pack_params(self.params),
        };
        let inputs = pack::<3, 4>(self.inputs).into_dispatch();
        (Operands { inputs, params: params.into_dispatch(), initial: initial.into_dispatch() }, spec)
    }
}

impl<O> ScanOutput<O> {
    /// The same with another output.
    pub(crate) fn map<P>(self, f: impl FnOnce(O) -> P) -> ScanOutput<P> {
        ScanOutput { output: f(self.output), traces: self.traces, finals: self.finals }
    }
}

impl ScanOutput {
    /// The packed results, of a model with so many states of which so many are recorded.
    fn unpacked((output, traces, finals): ResultTuple<Dispatch>, states: usize, recorded: usize) -> Self {
        ScanOutput {
            output: Tensor::from_dispatch(output),
            traces: unpack::<4, 3>(Tensor::from_dispatch(traces), recorded),
            finals: unpack::<3, 2>(Tensor::from_dispatch(finals), states),
        }
    }
}

/// Stacks tensors of one shape along a new first axis; a single one is not copied.
fn pack<const N: usize, const M: usize>(mut tensors: Vec<Tensor<N>>) -> Tensor<M> {
    match tensors.len() {
        1 => tensors.remove(0).unsqueeze_dim(0),
        _ => Tensor::stack(tensors, 0),
    }
}

/// Undoes [`pack`] on a tensor of `count` parts.
fn unpack<const M: usize, const N: usize>(packed: Tensor<M>, count: usize) -> Vec<Tensor<N>> {
    match count {
        0 => vec![],
        1 => vec![packed.squeeze_dim(0)],
        _ => packed.split(1, 0).into_iter().map(|one| one.squeeze_dim(0)).collect(),
    }
}

/// Concatenates the parameters.
fn pack_params(mut params: Vec<Tensor<1>>) -> Tensor<1> {
    if params.len() == 1 { params.remove(0) } else { Tensor::cat(params, 0) }
}
