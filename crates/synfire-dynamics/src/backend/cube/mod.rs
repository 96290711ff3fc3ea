//! The scan on GPUs: one launch forward, a few backward, however many steps.
#![allow(unsafe_code)]

mod kernels;
#[cfg(test)]
mod tests;

use super::{Arriving, Plan, ScanAdjoint, ScanBackend, ScanGradients, ScanOutput};
use crate::Dynamics;
use burn::backend::TensorMetadata;
use burn::backend::cubecl::dtype_to_storage_type;
use burn::tensor::{DType, Shape};
use burn_cubecl::CubeBackend;
use burn_cubecl::cubecl::{CubeCount, CubeDim, calculate_cube_count_elemwise, prelude::*};
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::ops::numeric::{empty_device_contiguous_dtype, zeros_client};
use burn_cubecl::tensor::CubeTensor;
use kernels::{ColumnsLaunch, FOLD, FoldingLaunch, Program, SizesLaunch};

/// Numbers of state that a unit of the adjoint keeps in local memory.
const LOCAL: usize = 128;

/// Units below which a GPU is not full: vectors of neurons only where there are more.
const ENOUGH_UNITS: usize = 1 << 16;

/// The arguments of a scan, as the kernels read them.
struct Launch<'a, D> {
    program: Program<D>,
    plan: &'a Plan,
    inputs: CubeTensor,
    constants: CubeTensor,
    initial: CubeTensor,
    /// Neighbouring neurons that a unit walks with.
    width: usize,
}

impl<'a, D: Dynamics> Launch<'a, D> {
    fn new(inputs: CubeTensor, constants: CubeTensor, initial: CubeTensor, model: D, plan: &'a Plan) -> Self {
        let plane = plan.batch * plan.neurons;
        let states = Program::<D>::STATES;
        let segment = (LOCAL / states.max(1)).clamp(8, 64);
        let program = Program {
            model,
            constant_input: inputs.shape()[1] < plan.steps,
            alike: initial.shape().num_elements() == states && plane != 1,
            traces: plan.traces.clone(),
            active: plan.active.clone(),
            dt: plan.dt.to_bits(),
            segment,
            single: plan.steps <= segment,
        };
        let width = [4, 2].into_iter().find(|w| plane % w == 0 && plane / w >= ENOUGH_UNITS).unwrap_or(1);
        let [constants, initial] = [constants, initial].map(into_contiguous);
        Launch { program, plan, inputs: into_contiguous(inputs), constants, initial, width }
    }

    fn plane(&self) -> usize {
        self.plan.batch * self.plan.neurons
    }

    /// Room for so many planes, or for one vector if there are none: an empty buffer cannot be bound.
    fn rows(&self, count: usize) -> CubeTensor {
        self.numbers((count * self.plane()).max(self.width))
    }

    fn numbers(&self, count: usize) -> CubeTensor {
        self.tensor([count], DType::F32)
    }

    fn zeros(&self, shape: Shape) -> CubeTensor {
        zeros_client(self.inputs.client.clone(), self.inputs.device.clone(), shape, DType::F32)
    }

    /// An uninitialised tensor beside the inputs.
    fn tensor(&self, shape: impl Into<Shape>, dtype: DType) -> CubeTensor {
        let like = &self.inputs;
        empty_device_contiguous_dtype(like.client.clone(), like.device.clone(), shape.into(), dtype)
    }

    fn grid(&self) -> (CubeCount, CubeDim) {
        grid(&self.inputs, self.plane() / self.width)
    }

    fn columns(&self) -> ColumnsLaunch {
        let (mut starts, mut shares, mut start) = (SequenceArg::new(), SequenceArg::new(), 0);
        for &len in &self.plan.columns {
            starts.push(start);
            shares.push(self.plan.neurons / len);
            start += len;
        }
        ColumnsLaunch::new(starts, shares)
    }

    fn sizes(&self) -> SizesLaunch {
        SizesLaunch::new(self.plan.steps, self.plane() / self.width, self.plan.neurons)
    }
}

fn grid(tensor: &CubeTensor, units: usize) -> (CubeCount, CubeDim) {
    let dim = CubeDim::new(&tensor.client, units);
    (calculate_cube_count_elemwise(&tensor.client, units, dim), dim)
}

/// Indices of 32 bits where every buffer is small enough.
fn address_type(tensors: &[&CubeTensor]) -> AddressType {
    tensors.iter().map(|x| x.required_address_type()).max().unwrap_or_default()
}

impl ScanBackend for CubeBackend {
    fn scan_forward<D: Dynamics>(
        inputs: CubeTensor,
        constants: CubeTensor,
        initial: CubeTensor,
        model: D,
        plan: Plan,
    ) -> ScanOutput<Self> {
        let dtype = inputs.dtype;
        let states = Program::<D>::STATES;
        let run = Launch::new(inputs, constants, initial, model, &plan);
        let [output, traces, finals] = plan.output_shapes(states);
        let output = run.tensor(output, dtype);
        let traces = run.tensor(traces, dtype);
        let finals = run.tensor(finals, DType::F32);
        if run.plane() > 0 {
            let (count, dim) = run.grid();
            let address = address_type(&[&run.inputs, &run.constants, &run.initial, &output, &traces, &finals]);
            // SAFETY: a unit past the plane stops at once; the others stay within rows of their plane,
            // and the shapes of all rows were checked before the scan and allocated above.
            unsafe {
                kernels::forward::launch_unchecked::<D>(
                    &run.inputs.client,
                    count,
                    dim,
                    address,
                    run.width,
                    run.inputs.clone().into_buffer_arg(),
                    run.constants.clone().into_buffer_arg(),
                    run.initial.clone().into_buffer_arg(),
                    output.clone().into_buffer_arg(),
                    traces.clone().into_buffer_arg(),
                    finals.clone().into_buffer_arg(),
                    run.columns(),
                    run.sizes(),
                    run.program.clone(),
                    dtype_to_storage_type(dtype),
                );
            }
        }
        ScanOutput { output, traces, finals }
    }
}

impl ScanAdjoint for CubeBackend {
    fn scan_backward<D: Dynamics>(
        inputs: CubeTensor,
        constants: CubeTensor,
        initial: CubeTensor,
        arriving: Arriving<Self>,
        model: D,
        plan: &Plan,
    ) -> ScanGradients<Self> {
        let dtype = inputs.dtype;
        let run = Launch::new(inputs, constants, initial, model, plan);
        let program = &run.program;
        let [g_output, g_traces, g_finals] = arriving;
        let [g_output, g_traces, g_finals] =
            [g_output, g_traces.filter(|_| !plan.traces.is_empty()), g_finals].map(|g| g.map(into_contiguous));

        let states = Program::<D>::STATES;
        let d_inputs = run.tensor(run.inputs.shape(), dtype);
        let d_initial = run.tensor(run.initial.shape(), DType::F32);
        let parts = run.rows(program.active.len());
        let segments = if program.single { 0 } else { plan.steps.div_ceil(program.segment) };
        let checkpoints = run.rows(segments * states);
        if run.plane() > 0 {
            let (count, dim) = run.grid();
            let address = address_type(&[&run.inputs, &run.constants, &d_inputs, &d_initial, &parts, &checkpoints]);
            let [g_output, g_traces, g_finals] =
                [g_output, g_traces, g_finals].map(|g| g.map(CubeTensor::into_buffer_arg));
            // SAFETY: as forward; `LOCAL` rows of state are never exceeded, a segment is cut at the last step.
            unsafe {
                kernels::adjoint::launch_unchecked::<D>(
                    &run.inputs.client,
                    count,
                    dim,
                    address,
                    run.width,
                    run.inputs.clone().into_buffer_arg(),
                    run.constants.clone().into_buffer_arg(),
                    run.initial.clone().into_buffer_arg(),
                    g_output.into(),
                    g_traces.into(),
                    g_finals.into(),
                    d_inputs.clone().into_buffer_arg(),
                    d_initial.clone().into_buffer_arg(),
                    parts.clone().into_buffer_arg(),
                    checkpoints.into_buffer_arg(),
                    run.columns(),
                    run.sizes(),
                    program.clone(),
                    dtype_to_storage_type(dtype),
                );
            }
        }
        let initial = match program.alike {
            // nothing learns where all neurons start alike
            true => run.zeros(run.initial.shape()),
            false => d_initial,
        };
        ScanGradients { inputs: d_inputs, constants: constants_gradient(&run, parts), initial }
    }
}

/// Adds up what each place of the plane contributed to each active constant, `[A, B, N]`, to a gradient
/// packed like the constants.
fn constants_gradient<D: Dynamics>(run: &Launch<'_, D>, parts: CubeTensor) -> CubeTensor {
    let plan = run.plan;
    let gradient = run.zeros(run.constants.shape());
    if run.plane() == 0 {
        return gradient;
    }
    let active = &run.program.active;
    // over the batch, for all of them at once
    let (mut rows, mut len) = (parts, plan.batch);
    while len > 1 {
        let groups = len.div_ceil(FOLD);
        let sums = run.numbers(active.len() * groups * plan.neurons);
        fold((&rows, 0), (&sums, 0), [active.len(), len, plan.neurons]);
        (rows, len) = (sums, groups);
    }
    // over the neurons that share a number
    for (a, &k) in active.iter().enumerate() {
        let (columns, start) = (plan.columns[k], plan.columns[..k].iter().sum());
        let (mut from, mut at, mut len) = (rows.clone(), a * plan.neurons, plan.neurons / columns);
        while len > FOLD {
            let groups = len.div_ceil(FOLD);
            let sums = run.numbers(columns * groups);
            fold((&from, at), (&sums, 0), [columns, len, 1]);
            (from, at, len) = (sums, 0, groups);
        }
        fold((&from, at), (&gradient, start), [columns, len, 1]);
    }
    gradient
}

/// `[outer, len, inner]` numbers of `from` to `[outer, ceil(len / 32), inner]` of `to`, each from its start.
fn fold(
    (from, from_start): (&CubeTensor, usize),
    (to, to_start): (&CubeTensor, usize),
    [outer, len, inner]: [usize; 3],
) {
    let total = outer * len.div_ceil(FOLD) * inner;
    let (count, dim) = grid(from, total);
    // SAFETY: both tensors hold at least what the three sizes say, from their starts on.
    unsafe {
        kernels::fold::launch_unchecked(
            &from.client,
            count,
            dim,
            address_type(&[from, to]),
            from.clone().into_buffer_arg(),
            to.clone().into_buffer_arg(),
            FoldingLaunch::new(from_start, to_start, len, inner, total),
        );
    }
}
