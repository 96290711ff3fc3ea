//! Burn modules that know nothing of time as layers.

use super::{AnyLayer, Layer, Pass};
use crate::Error;
use crate::coding::Activations;
use crate::network::cast;
use crate::network::{Shape, fold_time};
use burn::module::{Content, Module, ModuleDisplay, ModuleDisplayDefault, ModuleMapper, ModuleVisitor};
use burn::tensor::{DType, Device, Tensor};
use core::fmt::{self, Debug};
use std::sync::Arc;

/// A Burn module that is applied to every step alike, time folded into the batch, `[T * B, ..]`, in single precision.
///
/// Its parameters keep the paths that they have in the module.
#[derive(Clone)]
pub struct PerStep<M, const D: usize, const E: usize> {
    module: M,
    shape: Shape,
    about: String,
    apply: Arc<Apply<M, D, E>>,
}

type Apply<M, const D: usize, const E: usize> = dyn Fn(&M, Tensor<D>) -> Tensor<E> + Send + Sync;

impl<M: Module + Sync + 'static, const D: usize, const E: usize> PerStep<M, D, E> {
    /// A layer that applies `apply` to `module` and the frames of all steps: `[T * B, ..]` with the axes of `shape`, or
    /// flattened, `[T * B, F]`.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if `D` is neither 2 nor one more than the axes of `shape`.
    pub fn layer(
        module: M,
        shape: &Shape,
        about: &str,
        apply: impl Fn(&M, Tensor<D>) -> Tensor<E> + Send + Sync + 'static,
    ) -> Result<AnyLayer, Error> {
        let shape = if D == 2 { Shape::from([shape.size()]) } else { shape.clone() };
        if shape.dims().len() + 1 != D {
            let problem = format!("takes tensors of rank {D}, but is given samples of shape {shape} in a batch");
            return Err(Error::config(format!("module `{about}`"), problem));
        }
        Ok(PerStep { module, shape, about: about.to_string(), apply: Arc::new(apply) }.into())
    }

    fn with(&self, module: M) -> Self {
        PerStep { module, shape: self.shape.clone(), about: self.about.clone(), apply: self.apply.clone() }
    }

    fn frames(&self, x: Tensor<3>) -> Tensor<3> {
        fold_time(x, |rows: Tensor<2>| {
            let mut dims = [0; D];
            dims[0] = rows.dims()[0];
            dims[1..].copy_from_slice(self.shape.dims());
            let output = (self.apply)(&self.module, rows.reshape(dims));
            let frames = output.dims()[0];
            let values = output.dims()[1..].iter().product::<usize>();
            output.reshape([frames, values])
        })
    }
}

impl<M: Module + Sync + 'static, const D: usize, const E: usize> Layer for PerStep<M, D, E> {
    fn forward(&self, input: Activations, _: &mut Pass) -> Result<Activations, Error> {
        let dtype = input.values.dtype();
        let values = cast(self.frames(cast(input.values, DType::F32)), dtype);
        Ok(Activations { values, spike_times: None, potential: None, dt: input.dt })
    }

    fn describe(&self) -> String {
        self.about.clone()
    }
}

impl<M: Debug, const D: usize, const E: usize> Debug for PerStep<M, D, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.module.fmt(f)
    }
}

impl<M: Debug, const D: usize, const E: usize> ModuleDisplayDefault for PerStep<M, D, E> {
    fn content(&self, content: Content) -> Option<Content> {
        content.add_formatted(&self.about).optional()
    }
}

impl<M: Debug, const D: usize, const E: usize> ModuleDisplay for PerStep<M, D, E> {}

impl<M: Module + Sync + 'static, const D: usize, const E: usize> Module for PerStep<M, D, E> {
    fn collect_devices(&self, devices: Vec<Device>) -> Vec<Device> {
        self.module.collect_devices(devices)
    }

    fn fork(self, device: &Device) -> Self {
        self.with(self.module.clone().fork(device))
    }

    fn to_device(self, device: &Device) -> Self {
        self.with(self.module.clone().to_device(device))
    }

    fn train(self) -> Self {
        self.with(self.module.clone().train())
    }

    fn valid(&self) -> Self {
        self.with(self.module.valid())
    }

    fn materialize(self) -> Self {
        self.with(self.module.clone().materialize())
    }

    fn visit<V: ModuleVisitor>(&self, visitor: &mut V) {
        self.module.visit(visitor);
    }

    fn map<P: ModuleMapper>(self, mapper: &mut P) -> Self {
        self.with(self.module.clone().map(mapper))
    }
}
