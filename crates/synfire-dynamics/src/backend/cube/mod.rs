//! The scan on GPUs: one launch forward and a few backward, whatever the number of steps.
#![allow(unsafe_code)]

mod equations;
mod fold;
mod kernels;
mod launch;
mod program;
mod random;
#[cfg(test)]
mod tests;

use super::results::ResultTuple;
use super::scan::{ScanAdjoint, ScanBackend, Upstream};
use crate::scan::{Operands, Results, ScanSpec};
use burn::backend::TensorMetadata;
use burn::backend::cubecl::dtype_to_storage_type;
use burn::tensor::DType;
use burn_cubecl::CubeBackend;
use burn_cubecl::kernel::into_contiguous;
use burn_cubecl::tensor::CubeTensor;
use fold::params_gradient;
use launch::{Launch, address_type};
use std::sync::Arc;

impl ScanBackend for CubeBackend {
    fn scan_forward(
        inputs: CubeTensor,
        params: CubeTensor,
        initial: CubeTensor,
        spec: Arc<ScanSpec>,
    ) -> ResultTuple<Self> {
        let dtype = inputs.dtype;
        let run = Launch::new(Operands { inputs, params, initial }, None, &spec);
        let dtypes = Results { output: dtype, traces: dtype, finals: DType::F32 };
        let results = spec.result_shapes().zip(dtypes).map(|(shape, dtype)| run.tensor(shape, dtype));
        if run.plane() > 0 {
            let Operands { inputs, params, initial } = run.operands.as_ref();
            let Results { output, traces, finals } = results.as_ref();
            let (count, dim) = run.grid();
            let recorded = if spec.traces.is_empty() { run.placeholder(dtype) } else { traces.clone() };
            let address = address_type([inputs, params, output, &recorded, finals]);
            // SAFETY: a unit past the plane stops at once; the others stay within rows of their plane,
            // and the shapes of all rows were checked before the scan and allocated above.
            unsafe {
                kernels::forward::launch_unchecked(
                    &inputs.client,
                    count,
                    dim,
                    address,
                    run.width,
                    inputs.clone().into_buffer_arg(),
                    params.clone().into_buffer_arg(),
                    initial.clone().into_buffer_arg(),
                    output.clone().into_buffer_arg(),
                    recorded.into_buffer_arg(),
                    finals.clone().into_buffer_arg(),
                    run.param_layout(),
                    run.sizes(),
                    run.program.clone(),
                    dtype_to_storage_type(dtype),
                );
            }
        }
        results.into_array().into()
    }
}

impl ScanAdjoint for CubeBackend {
    fn scan_backward(
        operands: Operands<CubeTensor>,
        upstream: Upstream<Self>,
        wanted: Operands<bool>,
        spec: &ScanSpec,
    ) -> Operands<Option<CubeTensor>> {
        let dtype = operands.inputs.dtype;
        let mut upstream = upstream.map(|g| g.map(into_contiguous));
        upstream.traces = upstream.traces.filter(|_| !spec.traces.is_empty());
        let request = spec.request(upstream.as_ref().map(Option::is_some), wanted);
        let run = Launch::new(operands, Some(&request), spec);
        let program = &run.program;
        let Operands { inputs, params, initial } = run.operands.as_ref();

        let d_inputs = if wanted.inputs { run.tensor(inputs.shape(), dtype) } else { run.placeholder(dtype) };
        // written by the kernel for each neuron, also where nobody wants it
        let d_initial = match program.uniform_start {
            true => run.placeholder(DType::F32),
            false => run.tensor(initial.shape(), DType::F32),
        };
        let parts = run.rows(request.learnable.len());
        let segments = if program.single { 0 } else { spec.steps.div_ceil(program.segment) };
        let checkpoints = run.rows(segments * program.states());
        if run.plane() > 0 {
            let (count, dim) = run.grid();
            let own = [inputs, params, &d_inputs, &d_initial, &parts, &checkpoints];
            let address = address_type(own.into_iter().chain(upstream.as_ref().into_array().into_iter().flatten()));
            let upstream = upstream.map(|g| g.map(CubeTensor::into_buffer_arg));
            // SAFETY: as forward; local memory has room for a whole segment, and the last one is cut at the
            // last step.
            unsafe {
                kernels::adjoint::launch_unchecked(
                    &inputs.client,
                    count,
                    dim,
                    address,
                    run.width,
                    inputs.clone().into_buffer_arg(),
                    params.clone().into_buffer_arg(),
                    initial.clone().into_buffer_arg(),
                    upstream.output.into(),
                    upstream.traces.into(),
                    upstream.finals.into(),
                    d_inputs.clone().into_buffer_arg(),
                    d_initial.clone().into_buffer_arg(),
                    parts.clone().into_buffer_arg(),
                    checkpoints.into_buffer_arg(),
                    run.param_layout(),
                    run.sizes(),
                    program.clone(),
                    dtype_to_storage_type(dtype),
                );
            }
        }
        Operands {
            inputs: wanted.inputs.then_some(d_inputs),
            params: wanted.params.then(|| params_gradient(&run, &request.learnable, parts)),
            initial: wanted.initial.then_some(d_initial),
        }
    }
}
