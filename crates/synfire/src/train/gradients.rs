//! Gradients of a step, by parameter.

use crate::host::append_floats;
use crate::neuron::ParameterInfo;
use crate::parameters::Path;
use crate::parameters::follow_path;
use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::{GradientsAccumulator, GradientsParams};
use burn::tensor::{Gradients, Tensor, TensorData};

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

    /// Adds their values to the end of `values`, one gradient after the other in the order of the module; a parameter
    /// without a gradient has zeros. Tells which parameters have one.
    pub(super) fn write_to<M: Module>(&self, model: &M, values: &mut Vec<f32>) -> Vec<bool> {
        let mut write = Write { gradients: &self.0, values, present: vec![] };
        model.visit(&mut write);
        write.present
    }

    /// The gradients with these values, of the parameters that are `present`.
    pub(super) fn of<M: Module>(model: &M, values: &[f32], present: &[bool]) -> Self {
        let mut read = Read { gradients: GradientsParams::new(), values, present: present.iter() };
        model.visit(&mut read);
        StepGradients(read.gradients)
    }

    /// Number of values of all gradients of a model.
    pub(super) fn len<M: Module>(model: &M) -> usize {
        let mut length = Length(0);
        model.visit(&mut length);
        length.0
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

struct Length(usize);

impl ModuleVisitor for Length {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if param.is_require_grad() {
            self.0 += param.shape().num_elements();
        }
    }
}

struct Write<'a> {
    gradients: &'a GradientsParams,
    values: &'a mut Vec<f32>,
    present: Vec<bool>,
}

impl ModuleVisitor for Write<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if !param.is_require_grad() {
            return;
        }
        let gradient = self.gradients.get::<D>(param.id);
        self.present.push(gradient.is_some());
        match gradient {
            Some(gradient) => append_floats(&gradient.into_data(), self.values),
            None => self.values.resize(self.values.len() + param.shape().num_elements(), -0.0),
        }
    }
}

struct Read<'a> {
    gradients: GradientsParams,
    values: &'a [f32],
    present: std::slice::Iter<'a, bool>,
}

impl ModuleVisitor for Read<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if !param.is_require_grad() {
            return;
        }
        let (values, rest) = self.values.split_at(param.shape().num_elements());
        self.values = rest;
        if self.present.next() == Some(&true) {
            let data = TensorData::new(values.to_vec(), param.shape());
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
