//! Gradients of a step, by parameter.

use super::ExchangePrecision;
use super::parallel::HostGradients;
use crate::host::into_floats;
use crate::neuron::ParameterInfo;
use crate::parameters::Path;
use crate::parameters::follow_path;
use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::{GradientsAccumulator, GradientsParams};
use burn::tensor::distributed::{ReduceOperation, all_reduce};
use burn::tensor::{Device, Gradients, Tensor, TensorData};

/// The gradients of one step.
#[derive(Default)]
pub(super) struct StepGradients(GradientsParams);

impl StepGradients {
    /// Adds the gradients of one more shard.
    pub(super) fn add<M: Module>(&mut self, model: &M, gradients: Gradients) {
        let more = GradientsParams::from_grads(gradients, model);
        if self.0.is_empty() {
            self.0 = more;
            return;
        }
        let mut sum = GradientsAccumulator::new();
        sum.accumulate(model, core::mem::take(&mut self.0));
        sum.accumulate(model, more);
        self.0 = sum.grads();
    }

    /// Norm of each gradient.
    pub(super) fn norms<M: Module>(&self, model: &M) -> Vec<(String, f64)> {
        let mut norms = Norms { gradients: &self.0, path: Path::default(), found: vec![] };
        model.visit(&mut norms);
        norms.found
    }

    /// Scales all gradients down where their common norm is above `limit`.
    pub(super) fn clip<M: Module>(&mut self, model: &M, limit: f64) {
        let norm = self.norms(model).iter().map(|(_, norm)| norm * norm).sum::<f64>().sqrt();
        if norm > limit && norm.is_finite() {
            self.scale(model, (limit / norm) as f32);
        }
    }

    /// Multiplies all gradients.
    pub(super) fn scale<M: Module>(&mut self, model: &M, factor: f32) {
        model.visit(&mut Scale { gradients: &mut self.0, factor });
    }

    /// Whether there is a gradient, for each parameter that learns.
    pub(super) fn present<M: Module>(&self, model: &M) -> Vec<bool> {
        let mut present = Present { gradients: &self.0, found: vec![] };
        model.visit(&mut present);
        present.found
    }

    /// The sums over all ranks, each of which calls this at the same time with its own device of these; of parameters that are
    /// `present` on any of them.
    pub(super) fn summed<M: Module>(self, model: &M, devices: &[Device], present: &[bool]) -> Self {
        let mut sum = Sum { gradients: self.0, devices, present: present.iter() };
        model.visit(&mut sum);
        StepGradients(sum.gradients)
    }

    /// Their values on the host.
    pub(super) fn into_host<M: Module>(self, model: &M, precision: ExchangePrecision) -> HostGradients {
        let mut take = Take { gradients: self.0, values: vec![] };
        model.visit(&mut take);
        HostGradients::new(take.values, precision)
    }

    /// The gradients with these values, one for each parameter that learns.
    pub(super) fn of<M: Module>(model: &M, values: Vec<Option<Vec<f32>>>) -> Self {
        let mut give = Give { gradients: GradientsParams::new(), values: values.into_iter() };
        model.visit(&mut give);
        StepGradients(give.gradients)
    }

    /// Number of values of each gradient of a model.
    pub(super) fn lengths<M: Module>(model: &M) -> Vec<usize> {
        let mut lengths = Lengths(vec![]);
        model.visit(&mut lengths);
        lengths.0
    }

    /// The gradients of connections, and those of the neurons' parameters.
    pub(super) fn split<M: Module>(self, model: &M) -> (GradientsParams, GradientsParams) {
        let mut split = Split { connections: self.0, neurons: GradientsParams::new() };
        model.visit(&mut split);
        (split.connections, split.neurons)
    }
}

struct Norms<'a> {
    gradients: &'a GradientsParams,
    path: Path,
    found: Vec<(String, f64)>,
}

impl ModuleVisitor for Norms<'_> {
    follow_path!();

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.get::<D>(param.id) {
            let square: f32 = gradient.square().sum().into_scalar();
            self.found.push((self.path.name(), f64::from(square).sqrt()));
        }
    }
}

struct Lengths(Vec<usize>);

impl ModuleVisitor for Lengths {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if param.is_require_grad() {
            self.0.push(param.shape().num_elements());
        }
    }
}

struct Present<'a> {
    gradients: &'a GradientsParams,
    found: Vec<bool>,
}

impl ModuleVisitor for Present<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if param.is_require_grad() {
            self.found.push(self.gradients.get::<D>(param.id).is_some());
        }
    }
}

struct Sum<'a> {
    gradients: GradientsParams,
    devices: &'a [Device],
    present: std::slice::Iter<'a, bool>,
}

impl ModuleVisitor for Sum<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if param.is_require_grad() && self.present.next() == Some(&true) {
            let own = self.gradients.remove::<D>(param.id);
            let own = own.unwrap_or_else(|| param.val().inner().zeros_like());
            let sum = all_reduce(own, ReduceOperation::Sum, self.devices.to_vec()).resolve();
            self.gradients.register(param.id, sum);
        }
    }
}

struct Take {
    gradients: GradientsParams,
    values: Vec<Option<Vec<f32>>>,
}

impl ModuleVisitor for Take {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if param.is_require_grad() {
            let gradient = self.gradients.remove::<D>(param.id);
            self.values.push(gradient.map(|gradient| into_floats(gradient.into_data())));
        }
    }
}

struct Give {
    gradients: GradientsParams,
    values: std::vec::IntoIter<Option<Vec<f32>>>,
}

impl ModuleVisitor for Give {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if !param.is_require_grad() {
            return;
        }
        if let Some(values) = self.values.next().flatten() {
            let data = TensorData::new(values, param.shape());
            let like = param.val().inner();
            self.gradients.register(param.id, Tensor::<D>::from_data(data, (&like.device(), like.dtype())));
        }
    }
}

struct Scale<'a> {
    gradients: &'a mut GradientsParams,
    factor: f32,
}

impl ModuleVisitor for Scale<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.remove::<D>(param.id) {
            self.gradients.register(param.id, gradient * self.factor);
        }
    }
}

struct Split {
    connections: GradientsParams,
    neurons: GradientsParams,
}

impl ModuleVisitor for Split {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if ParameterInfo::of(param).is_some()
            && let Some(gradient) = self.connections.remove::<D>(param.id)
        {
            self.neurons.register(param.id, gradient);
        }
    }
}
