//! Batch normalisation of the CPU backends.

use super::{NormBackend, Normed};
use crate::backend::cpu::CpuBackend;
use crate::norm::{self, Sizes};
use burn::backend::autodiff::Autodiff;
use burn::backend::autodiff::checkpoint::{base::Checkpointer, strategy::CheckpointStrategy};
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::ops::ModuleOps;
use burn::backend::tensor::FloatTensor;
use burn::backend::{AutodiffBackend, TensorMetadata};
use std::sync::Arc;

fn sizes<B: CpuBackend>(input: &FloatTensor<B>) -> Sizes {
    let shape = input.shape();
    Sizes { batch: shape[0], channels: shape[1], places: shape[2] }
}

fn normed<B: CpuBackend>(sizes: Sizes, output: Vec<f32>, statistics: &norm::Statistics) -> Normed<B> {
    let of_channels = |values: &[f64]| values.iter().map(|x| *x as f32).collect::<Vec<_>>();
    Normed {
        output: B::from_values(output, [sizes.batch, sizes.channels, sizes.places]),
        mean: B::from_values(of_channels(&statistics.mean), [sizes.channels]),
        variance: B::from_values(of_channels(&statistics.variance), [sizes.channels]),
    }
}

impl<B: CpuBackend> NormBackend for B {
    fn normalise(input: FloatTensor<B>, gamma: FloatTensor<B>, beta: FloatTensor<B>, epsilon: f32) -> Normed<B> {
        let sizes = sizes::<B>(&input);
        let run = |[x, gamma, beta]: [&[f32]; 3]| {
            let statistics = norm::statistics(sizes, x);
            (norm::forward(sizes, x, gamma, beta, &statistics, epsilon), statistics)
        };
        let (output, statistics) = B::with_slices([input, gamma, beta], run);
        normed::<B>(sizes, output, &statistics)
    }

    fn normalise_by(
        input: FloatTensor<B>,
        gamma: FloatTensor<B>,
        beta: FloatTensor<B>,
        mean: FloatTensor<B>,
        variance: FloatTensor<B>,
        epsilon: f32,
    ) -> FloatTensor<B> {
        let sizes = sizes::<B>(&input);
        let tensors = [input, gamma, beta, mean, variance];
        let output = B::with_slices(tensors, |[x, gamma, beta, mean, variance]| {
            norm::normalise_by(sizes, x, [gamma, beta], [mean, variance], epsilon)
        });
        B::from_values(output, [sizes.batch, sizes.channels, sizes.places])
    }
}

#[derive(Clone, Debug)]
struct Saved<B: CpuBackend> {
    input: FloatTensor<B>,
    gamma: FloatTensor<B>,
    statistics: Arc<norm::Statistics>,
    epsilon: f32,
}

#[derive(Debug)]
struct Adjoint;

impl<B: CpuBackend> Backward<B, 3> for Adjoint {
    type State = Saved<B>;

    fn backward(self, ops: Ops<Self::State, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let gradient = grads.consume::<B>(&ops.node);
        let Saved { input, gamma, statistics, epsilon } = ops.state;
        let sizes = sizes::<B>(&input);
        let wants_input = ops.parents[0].is_some();
        let gradients = B::with_slices([input, gradient, gamma], |[x, g, gamma]| {
            norm::backward(sizes, x, g, gamma, &statistics, epsilon, wants_input)
        });
        let [m, c, s] = [sizes.batch, sizes.channels, sizes.places];
        let input = gradients.input.map(|input| B::from_values(input, [m, c, s]));
        let [gamma, beta] = [gradients.gamma, gradients.beta].map(|x| Some(B::from_values(x, [c])));
        for (parent, gradient) in ops.parents.into_iter().zip([input, gamma, beta]) {
            if let (Some(parent), Some(gradient)) = (parent, gradient) {
                grads.register::<B>(parent.id, gradient);
            }
        }
    }
}

impl<B: CpuBackend, C: CheckpointStrategy> NormBackend for Autodiff<B, C> {
    fn normalise(
        input: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        epsilon: f32,
    ) -> Normed<Self> {
        let (input, input_node) = input.into_parts();
        let (gamma, gamma_node) = gamma.into_parts();
        let (beta, beta_node) = beta.into_parts();
        let sizes = sizes::<B>(&input);
        let run = |[x, gamma, beta]: [&[f32]; 3]| {
            let statistics = norm::statistics(sizes, x);
            (norm::forward(sizes, x, gamma, beta, &statistics, epsilon), statistics)
        };
        let (output, statistics) = B::with_slices([input.clone(), gamma.clone(), beta], run);
        let Normed { output, mean, variance } = normed::<B>(sizes, output, &statistics);
        let output = match Adjoint.prepare::<C>([input_node, gamma_node, beta_node]).compute_bound().stateful() {
            OpsKind::UnTracked(prep) => prep.finish(output),
            OpsKind::Tracked(prep) => {
                prep.finish(Saved { input, gamma, statistics: Arc::new(statistics), epsilon }, output)
            }
        };
        let [mean, variance] = [mean, variance].map(<Self as AutodiffBackend>::from_inner);
        Normed { output, mean, variance }
    }

    fn normalise_by(
        input: FloatTensor<Self>,
        gamma: FloatTensor<Self>,
        beta: FloatTensor<Self>,
        mean: FloatTensor<Self>,
        variance: FloatTensor<Self>,
        epsilon: f32,
    ) -> FloatTensor<Self> {
        Self::batch_norm(input, gamma, beta, mean, variance, f64::from(epsilon))
    }
}
