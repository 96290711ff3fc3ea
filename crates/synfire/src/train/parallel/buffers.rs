//! Running statistics of a model, such as the means of batch normalisation, over shards.

use crate::host::append_floats;
use crate::parameters::buffers;
use burn::module::{Module, ModuleMapper, ModuleVisitor, Param, ParamId};
use burn::tensor::{Tensor, TensorData};

/// The buffers of a model: tensors that a pass changes and no optimiser does.
///
/// Every shard begins with the same statistics and moves them by the mean and variance of its samples. Those of the step are
/// moved by the mean over the shards, weighted by their samples: the same for any number of ranks.
#[derive(Clone, Debug)]
pub(in crate::train) struct Buffers(Vec<ParamId>);

impl Buffers {
    /// Those of a model.
    pub(in crate::train) fn of<M: Module>(model: &M) -> Self {
        Buffers(buffers(model))
    }

    /// Their values, one buffer after the other.
    pub(in crate::train) fn values<M: Module>(&self, model: &M) -> Vec<f32> {
        let mut read = Read { buffers: &self.0, values: vec![] };
        if !self.0.is_empty() {
            // running means are brought up to date when they are asked for the state of inference
            let _ = model.valid();
            model.visit(&mut read);
        }
        read.values
    }

    /// Sets them in place: all clones of the model share them.
    pub(in crate::train) fn set<M: Module>(&self, model: &M, values: &[f32]) {
        if !self.0.is_empty() {
            let _ = model.valid();
            let _ = model.clone().map(&mut Write { buffers: &self.0, values });
        }
    }
}

struct Read<'a> {
    buffers: &'a [ParamId],
    values: Vec<f32>,
}

impl ModuleVisitor for Read<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if self.buffers.contains(&param.id) {
            append_floats(&param.val().into_data(), &mut self.values);
        }
    }
}

struct Write<'a> {
    buffers: &'a [ParamId],
    values: &'a [f32],
}

impl ModuleMapper for Write<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        if !self.buffers.contains(&param.id) {
            return param;
        }
        let (id, old, mapper) = param.consume();
        let (values, rest) = self.values.split_at(old.shape().num_elements());
        self.values = rest;
        let data = TensorData::new(values.to_vec(), old.shape());
        Param::from_mapped_value(id, Tensor::from_data(data, (&old.device(), old.dtype())), mapper)
    }
}

#[cfg(test)]
mod tests {
    use super::Buffers;
    use burn::module::Module;
    use burn::nn::{BatchNormConfig, LinearConfig};
    use burn::tensor::{Device, Tensor};

    #[test]
    fn statistics_are_read_and_set_in_place() {
        let device = Device::flex().autodiff();
        let model = (LinearConfig::new(1, 1).init(&device), BatchNormConfig::new(1).init(&device));
        let buffers = Buffers::of(&model);
        assert_eq!(buffers.values(&model), [0.0, 1.0]);
        let _ = model.1.forward(Tensor::<2>::from_data([[4.0], [6.0]], &device));
        let moved = buffers.values(&model);
        assert!((moved[0] - 0.5).abs() < 1e-6, "{moved:?}");
        let _ = model.1.forward(Tensor::<2>::from_data([[4.0], [6.0]], &device));
        buffers.set(&model, &[7.0, 8.0]);
        assert_eq!(buffers.values(&model.clone()), [7.0, 8.0], "also of what was not taken in yet");
        assert_eq!(buffers.values(&model.valid()), [7.0, 8.0]);
        let none = LinearConfig::new(1, 1).init(&device);
        assert!(Buffers::of(&none).values(&none).is_empty());
    }
}
