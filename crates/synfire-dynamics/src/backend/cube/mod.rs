//! The scan on GPUs: one launch forward, a few backward, however many steps.
#![allow(unsafe_code)]

mod equations;
mod fold;
mod kernels;
mod launch;
mod program;
mod random;
#[cfg(test)]
mod tests;

use super::{Plan, ScanAdjoint, ScanBackend, ScanGradients, ScanOutput, Upstream};
use crate::graph::Request;
use burn::backend::TensorMetadata;
use burn::backend::cubecl::dtype_to_storage_type;
use burn::tensor::DType;
use burn_cubecl::CubeBackend;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use fold::params_gradient;
use launch::{Launch, address_type};

impl ScanBackend for CubeBackend {
    fn scan_forward(inputs: CubeTensor, params: CubeTensor, initial: CubeTensor, plan: Plan) -> ScanOutput<Self> {
        let dtype = inputs.dtype;
        let run = Launch::new(inputs, params, initial, None, &plan);
        let [output, traces, finals] = plan.output_shapes();
        let output = run.tensor(output, dtype);
        let traces = run.tensor(traces, dtype);
        let finals = run.tensor(finals, DType::F32);
        if run.plane() > 0 {
            let (count, dim) = run.grid();
            let recorded = if plan.traces.is_empty() { run.nothing(dtype) } else { traces.clone() };
            let address = address_type([&run.inputs, &run.params, &output, &recorded, &finals]);
            // SAFETY: a unit past the plane stops at once; the others stay within rows of their plane,
            // and the shapes of all rows were checked before the scan and allocated above.
            unsafe {
                kernels::forward::launch_unchecked(
                    &run.inputs.client,
                    count,
                    dim,
                    address,
                    run.width,
                    run.inputs.clone().into_buffer_arg(),
                    run.params.clone().into_buffer_arg(),
                    run.initial.clone().into_buffer_arg(),
                    output.clone().into_buffer_arg(),
                    recorded.into_buffer_arg(),
                    finals.clone().into_buffer_arg(),
                    run.param_lens(),
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
    fn scan_backward(
        inputs: CubeTensor,
        params: CubeTensor,
        initial: CubeTensor,
        upstream: Upstream<Self>,
        wants_inputs: bool,
        plan: &Plan,
    ) -> ScanGradients<Self> {
        let dtype = inputs.dtype;
        let [g_output, g_traces, g_finals] = upstream.map(|g| g.map(into_contiguous));
        let g_traces = g_traces.filter(|_| !plan.traces.is_empty());
        let request = Request {
            output: g_output.is_some(),
            finals: g_finals.is_some(),
            traces: if g_traces.is_some() { plan.traces.clone() } else { vec![] },
            active: plan.active.clone(),
            inputs: wants_inputs,
            constant_input: inputs.shape()[1] < plan.steps,
        };
        let run = Launch::new(inputs, params, initial, Some(&request), plan);
        let program = &run.program;

        let states = program.states();
        let d_inputs = if wants_inputs { run.tensor(run.inputs.shape(), dtype) } else { run.nothing(dtype) };
        // nothing learns where all neurons start alike
        let d_initial =
            if program.alike { run.nothing(DType::F32) } else { run.tensor(run.initial.shape(), DType::F32) };
        let parts = run.rows(plan.active.len());
        let segments = if program.single { 0 } else { plan.steps.div_ceil(program.segment) };
        let checkpoints = run.rows(segments * states);
        if run.plane() > 0 {
            let (count, dim) = run.grid();
            let upstream = [&g_output, &g_traces, &g_finals].into_iter().flatten();
            let own = [&run.inputs, &run.params, &d_inputs, &d_initial, &parts, &checkpoints];
            let address = address_type(own.into_iter().chain(upstream));
            let [g_output, g_traces, g_finals] =
                [g_output, g_traces, g_finals].map(|g| g.map(CubeTensor::into_buffer_arg));
            // SAFETY: as forward; local memory has room for a whole segment, and the last one is cut at the
            // last step.
            unsafe {
                kernels::adjoint::launch_unchecked(
                    &run.inputs.client,
                    count,
                    dim,
                    address,
                    run.width,
                    run.inputs.clone().into_buffer_arg(),
                    run.params.clone().into_buffer_arg(),
                    run.initial.clone().into_buffer_arg(),
                    g_output.into(),
                    g_traces.into(),
                    g_finals.into(),
                    d_inputs.clone().into_buffer_arg(),
                    d_initial.clone().into_buffer_arg(),
                    parts.clone().into_buffer_arg(),
                    checkpoints.into_buffer_arg(),
                    run.param_lens(),
                    run.sizes(),
                    program.clone(),
                    dtype_to_storage_type(dtype),
                );
            }
        }
        let initial = if program.alike { run.zeros(run.initial.shape()) } else { d_initial };
        ScanGradients { inputs: wants_inputs.then_some(d_inputs), params: params_gradient(&run, parts), initial }
    }
}
