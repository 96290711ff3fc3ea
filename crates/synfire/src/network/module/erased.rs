//! A module whose type is forgotten.

use super::ranks::{AnyMapper, AnyVisitor, Map, Visit};
use burn::module::Module;
use burn::tensor::{Device, Tensor};
use core::fmt::{self, Debug};
use std::sync::Arc;

/// What is needed of a module, without its type. Burn's trait has generic methods and cannot be an object.
pub(super) trait Erased: Debug + Send + Sync {
    fn boxed(&self) -> Box<dyn Erased>;
    fn devices(&self, devices: Vec<Device>) -> Vec<Device>;
    fn moved(&self, device: &Device, fork: bool) -> Box<dyn Erased>;
    fn train(&self) -> Box<dyn Erased>;
    fn valid(&self) -> Box<dyn Erased>;
    fn materialize(&self) -> Box<dyn Erased>;
    fn visit(&self, visitor: &mut dyn AnyVisitor);
    fn map(&self, mapper: &mut dyn AnyMapper) -> Box<dyn Erased>;
    fn apply(&self, rows: Tensor<2>, seed: u64) -> Tensor<2>;
}

/// A module and what it does.
pub(super) struct With<M> {
    pub(super) module: M,
    pub(super) apply: Arc<Apply<M>>,
}

type Apply<M> = dyn Fn(&M, Tensor<2>, u64) -> Tensor<2> + Send + Sync;

impl<M: Debug> Debug for With<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.module.fmt(f)
    }
}

impl<M: Module + Sync + 'static> With<M> {
    fn with(&self, module: M) -> Box<dyn Erased> {
        Box::new(With { module, apply: self.apply.clone() })
    }
}

impl<M: Module + Sync + 'static> Erased for With<M> {
    fn boxed(&self) -> Box<dyn Erased> {
        self.with(self.module.clone())
    }

    fn devices(&self, devices: Vec<Device>) -> Vec<Device> {
        self.module.collect_devices(devices)
    }

    fn moved(&self, device: &Device, fork: bool) -> Box<dyn Erased> {
        let module = self.module.clone();
        self.with(if fork { module.fork(device) } else { module.to_device(device) })
    }

    fn train(&self) -> Box<dyn Erased> {
        self.with(self.module.clone().train())
    }

    fn valid(&self) -> Box<dyn Erased> {
        self.with(self.module.valid())
    }

    fn materialize(&self) -> Box<dyn Erased> {
        self.with(self.module.clone().materialize())
    }

    fn visit(&self, visitor: &mut dyn AnyVisitor) {
        self.module.visit(&mut Visit(visitor));
    }

    fn map(&self, mapper: &mut dyn AnyMapper) -> Box<dyn Erased> {
        self.with(self.module.clone().map(&mut Map(mapper)))
    }

    fn apply(&self, rows: Tensor<2>, seed: u64) -> Tensor<2> {
        (self.apply)(&self.module, rows, seed)
    }
}
