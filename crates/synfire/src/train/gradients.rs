//! Gradients of a step, by parameter.

use crate::parameters::{NamedParameter, ParameterKind};
use burn::optim::GradientsParams;
use burn::tensor::Tensor;

/// An expression with the rank as a constant. Modules of higher ranks are refused when they are put in.
macro_rules! at_rank {
    ($rank:expr, $d:ident => $body:expr) => {
        at_rank!($rank, $d => $body, 1 2 3 4 5 6 7)
    };
    ($rank:expr, $d:ident => $body:expr, $($n:literal)+) => {
        match $rank {
            $($n => {
                const $d: usize = $n;
                $body
            })+
            _ => {
                const $d: usize = 8;
                $body
            }
        }
    };
}

/// The gradients of one step.
pub(super) struct StepGradients<'a> {
    pub(super) parameters: &'a [NamedParameter],
    pub(super) all: GradientsParams,
}

impl StepGradients<'_> {
    /// Norm of each gradient.
    pub(super) fn norms(&self) -> Vec<(String, f64)> {
        self.parameters
            .iter()
            .filter_map(|p| {
                let square = at_rank!(p.shape.len(), D => square::<D>(&self.all, p))?;
                Some((p.name.clone(), f64::from(square).sqrt()))
            })
            .collect()
    }

    /// Scales all gradients down where their common norm is above `limit`.
    pub(super) fn clip(&mut self, limit: f64) {
        let norm = self.norms().iter().map(|(_, norm)| norm * norm).sum::<f64>().sqrt();
        if norm <= limit || !norm.is_finite() {
            return;
        }
        self.scale((limit / norm) as f32);
    }

    /// Multiplies all gradients.
    pub(super) fn scale(&mut self, factor: f32) {
        for p in self.parameters {
            at_rank!(p.shape.len(), D => scale::<D>(&mut self.all, p, factor));
        }
    }

    /// The gradients of connections, and those of the neurons' parameters.
    pub(super) fn split(mut self) -> (GradientsParams, GradientsParams) {
        let mut neurons = GradientsParams::new();
        for p in self.parameters.iter().filter(|p| matches!(p.kind, ParameterKind::Neuron { .. })) {
            if let Some(gradient) = self.all.remove::<1>(p.id) {
                neurons.register(p.id, gradient);
            }
        }
        (self.all, neurons)
    }
}

fn square<const D: usize>(gradients: &GradientsParams, p: &NamedParameter) -> Option<f32> {
    Some(gradients.get::<D>(p.id)?.square().sum().into_scalar())
}

fn scale<const D: usize>(gradients: &mut GradientsParams, p: &NamedParameter, factor: f32) {
    if let Some(gradient) = gradients.remove::<D>(p.id) {
        let scaled: Tensor<D> = gradient * factor;
        gradients.register(p.id, scaled);
    }
}
