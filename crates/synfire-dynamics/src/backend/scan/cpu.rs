//! The scan of the CPU backends.

use super::{ScanAdjoint, ScanBackend, Upstream};
use crate::backend::cpu::CpuBackend;
use crate::backend::results::ResultTuple;
use crate::kernel;
use crate::scan::{Operands, Results, ScanSpec};
use burn::backend::TensorMetadata;
use burn::backend::tensor::FloatTensor;
use std::sync::Arc;

impl<B: CpuBackend> ScanBackend for B {
    fn scan_forward(
        inputs: FloatTensor<B>,
        params: FloatTensor<B>,
        initial: FloatTensor<B>,
        spec: Arc<ScanSpec>,
    ) -> ResultTuple<B> {
        let results = B::with_slices([inputs, params, initial], |[inputs, params, initial]| {
            kernel::forward(&spec, Operands { inputs, params, initial })
        });
        results.zip(spec.result_shapes()).map(|(values, shape)| B::from_values(values, shape)).into_array().into()
    }
}

impl<B: CpuBackend> ScanAdjoint for B {
    fn scan_backward(
        operands: Operands<FloatTensor<B>>,
        upstream: Upstream<B>,
        wanted: Operands<bool>,
        spec: &ScanSpec,
    ) -> Operands<Option<FloatTensor<B>>> {
        let shapes = operands.as_ref().map(|x| x.shape());
        let present = upstream.as_ref().map(Option::is_some);
        // a missing gradient is any tensor here, and not read
        let upstream = upstream.map(|gradient| gradient.unwrap_or_else(|| operands.params.clone()));
        let Operands { inputs, params, initial } = operands;
        let Results { output, traces, finals } = upstream;
        let tensors = [inputs, params, initial, output, traces, finals];
        let gradients = B::with_slices(tensors, |[inputs, params, initial, output, traces, finals]| {
            let upstream = Results { output, traces, finals }.zip(present);
            let upstream = upstream.map(|(values, present)| present.then_some(values));
            kernel::backward(spec, Operands { inputs, params, initial }, upstream, wanted)
        });
        gradients.zip(shapes).map(|(values, shape)| Some(B::from_values(values?, shape)))
    }
}
