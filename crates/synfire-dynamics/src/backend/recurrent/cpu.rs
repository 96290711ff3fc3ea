//! The recurrent layer of the CPU backends.

use super::RecurrentBackend;
use crate::backend::cpu::CpuBackend;
use crate::backend::results::ResultTuple;
use crate::kernel::Isa;
use crate::recurrent::{self, Kept, Outputs, Past};
use crate::scan::{FeedbackParts, Operands, RecurrentSpec, Results};
use burn::backend::TensorMetadata;
use burn::backend::tensor::FloatTensor;
use std::sync::Arc;

/// The tensors that a recurrent layer reads.
#[derive(Clone, Debug)]
pub(super) struct Tensors<B: CpuBackend> {
    pub(super) operands: Operands<FloatTensor<B>>,
    pub(super) feedback: FeedbackParts<FloatTensor<B>>,
}

/// Whether each of them gets a gradient, or its gradient.
pub(super) type Each<T> = (Operands<T>, FeedbackParts<T>);

/// Runs the layer; with `keep`, keeps what the way back needs.
pub(super) fn forward<B: CpuBackend>(
    tensors: Tensors<B>,
    spec: &RecurrentSpec,
    keep: bool,
) -> (ResultTuple<B>, Vec<Kept>) {
    let Operands { inputs, params, initial } = tensors.operands;
    let FeedbackParts { weight, bias, line } = tensors.feedback;
    let tensors = [inputs, params, initial, weight, bias, line];
    let (results, kept) = B::with_slices(tensors, |[inputs, params, initial, weight, bias, line]| {
        let operands = Operands { inputs, params, initial };
        recurrent::forward(Isa::best(), spec, operands, FeedbackParts { weight, bias, line }, keep)
    });
    let results = results.zip(spec.scan.result_shapes()).map(|(values, shape)| B::from_values(values, shape));
    (results.into_array().into(), kept)
}

/// Runs the adjoint. Returns the gradients that are `wanted`.
pub(super) fn backward<B: CpuBackend>(
    tensors: Tensors<B>,
    (output, kept): (FloatTensor<B>, &[Kept]),
    upstream: Results<Option<FloatTensor<B>>>,
    wanted: Each<bool>,
    spec: &RecurrentSpec,
) -> Each<Option<FloatTensor<B>>> {
    let shapes = (tensors.operands.as_ref().map(|x| x.shape()), tensors.feedback.as_ref().map(|x| x.shape()));
    let present = upstream.as_ref().map(Option::is_some);
    // a missing gradient is any tensor here, and not read
    let upstream = upstream.map(|gradient| gradient.unwrap_or_else(|| tensors.operands.params.clone()));
    let Operands { inputs, params, initial } = tensors.operands;
    let FeedbackParts { weight, bias, line } = tensors.feedback;
    let all = [inputs, params, initial, weight, bias, line, output, upstream.output, upstream.traces, upstream.finals];
    let gradients = B::with_slices(all, |all| {
        let [inputs, params, initial, weight, bias, line, output, from_output, from_traces, from_finals] = all;
        let operands = Operands { inputs, params, initial };
        let output = Outputs::of(&spec.scan, output);
        let past = Past { operands, feedback: FeedbackParts { weight, bias, line }, output, kept };
        let upstream = Results { output: from_output, traces: from_traces, finals: from_finals }.zip(present);
        let upstream = upstream.map(|(values, present)| present.then_some(values));
        recurrent::backward(Isa::best(), spec, past, upstream, wanted)
    });
    (
        gradients.0.zip(shapes.0).map(|(values, shape)| Some(B::from_values(values?, shape))),
        gradients.1.zip(shapes.1).map(|(values, shape)| Some(B::from_values(values?, shape))),
    )
}

impl<B: CpuBackend> RecurrentBackend for B {
    fn recurrent_forward(
        inputs: FloatTensor<B>,
        params: FloatTensor<B>,
        initial: FloatTensor<B>,
        weight: FloatTensor<B>,
        bias: FloatTensor<B>,
        line: FloatTensor<B>,
        spec: Arc<RecurrentSpec>,
    ) -> ResultTuple<B> {
        let operands = Operands { inputs, params, initial };
        forward::<B>(Tensors { operands, feedback: FeedbackParts { weight, bias, line } }, &spec, false).0
    }
}
