//! Burn's visitors and mappers through a trait object: ranks become values, and types again.

use burn::module::{Flag, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Bool, Int, Tensor};
use core::any::Any;

/// Most axes of a parameter that Burn's visitors reach through [`AnyLayer`](super::AnyLayer).
pub(super) const HIGHEST: usize = 8;

/// A visitor whose type is forgotten. What it is given is a `Param<Tensor<D, K>>` of any `D`.
pub(super) trait AnyVisitor {
    fn tensor(&mut self, param: &dyn Any);
    fn flag(&mut self, flag: &Param<Flag>);
    fn enter(&mut self, name: &str, container: &str);
    fn exit(&mut self, name: &str, container: &str);
}

/// A mapper whose type is forgotten.
pub(super) trait AnyMapper {
    fn tensor(&mut self, param: Box<dyn Any>) -> Box<dyn Any>;
    fn flag(&mut self, flag: Param<Flag>) -> Param<Flag>;
    fn enter(&mut self, name: &str, container: &str);
    fn exit(&mut self, name: &str, container: &str);
}

/// A visitor of Burn's as one without type.
pub(super) struct Visiting<'a, V>(pub(super) &'a mut V);

/// A mapper of Burn's as one without type.
pub(super) struct Mapping<'a, M>(pub(super) &'a mut M);

macro_rules! each_rank {
    ($try:ident) => {
        $try!(1);
        $try!(2);
        $try!(3);
        $try!(4);
        $try!(5);
        $try!(6);
        $try!(7);
        $try!(8);
    };
}

impl<V: ModuleVisitor> AnyVisitor for Visiting<'_, V> {
    fn tensor(&mut self, param: &dyn Any) {
        macro_rules! visit {
            ($rank:literal) => {
                if let Some(param) = param.downcast_ref::<Param<Tensor<$rank>>>() {
                    return self.0.visit_float(param);
                }
                if let Some(param) = param.downcast_ref::<Param<Tensor<$rank, Int>>>() {
                    return self.0.visit_int(param);
                }
                if let Some(param) = param.downcast_ref::<Param<Tensor<$rank, Bool>>>() {
                    return self.0.visit_bool(param);
                }
            };
        }
        each_rank!(visit);
    }

    fn flag(&mut self, flag: &Param<Flag>) {
        self.0.visit_flag(flag);
    }

    fn enter(&mut self, name: &str, container: &str) {
        self.0.enter_module(name, container);
    }

    fn exit(&mut self, name: &str, container: &str) {
        self.0.exit_module(name, container);
    }
}

impl<M: ModuleMapper> AnyMapper for Mapping<'_, M> {
    fn tensor(&mut self, mut param: Box<dyn Any>) -> Box<dyn Any> {
        macro_rules! map {
            ($rank:literal) => {
                param = match param.downcast::<Param<Tensor<$rank>>>() {
                    Ok(param) => return Box::new(self.0.map_float(*param)),
                    Err(param) => param,
                };
                param = match param.downcast::<Param<Tensor<$rank, Int>>>() {
                    Ok(param) => return Box::new(self.0.map_int(*param)),
                    Err(param) => param,
                };
                param = match param.downcast::<Param<Tensor<$rank, Bool>>>() {
                    Ok(param) => return Box::new(self.0.map_bool(*param)),
                    Err(param) => param,
                };
            };
        }
        each_rank!(map);
        param
    }

    fn flag(&mut self, flag: Param<Flag>) -> Param<Flag> {
        self.0.map_flag(flag)
    }

    fn enter(&mut self, name: &str, container: &str) {
        self.0.enter_module(name, container);
    }

    fn exit(&mut self, name: &str, container: &str) {
        self.0.exit_module(name, container);
    }
}

/// A visitor without type as one of Burn's.
pub(super) struct Visit<'a>(pub(super) &'a mut dyn AnyVisitor);

impl ModuleVisitor for Visit<'_> {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.0.tensor(param);
    }

    fn visit_int<const D: usize>(&mut self, param: &Param<Tensor<D, Int>>) {
        self.0.tensor(param);
    }

    fn visit_bool<const D: usize>(&mut self, param: &Param<Tensor<D, Bool>>) {
        self.0.tensor(param);
    }

    fn visit_flag(&mut self, flag: &Param<Flag>) {
        self.0.flag(flag);
    }

    fn enter_module(&mut self, name: &str, container: &str) {
        self.0.enter(name, container);
    }

    fn exit_module(&mut self, name: &str, container: &str) {
        self.0.exit(name, container);
    }
}

/// A mapper without type as one of Burn's.
pub(super) struct Map<'a>(pub(super) &'a mut dyn AnyMapper);

impl Map<'_> {
    /// A mapper gives back what it was given, of the same type.
    fn through<P: Clone + 'static>(&mut self, param: P) -> P {
        let mapped = self.0.tensor(Box::new(param.clone()));
        mapped.downcast::<P>().map_or(param, |mapped| *mapped)
    }
}

impl ModuleMapper for Map<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        self.through(param)
    }

    fn map_int<const D: usize>(&mut self, param: Param<Tensor<D, Int>>) -> Param<Tensor<D, Int>> {
        self.through(param)
    }

    fn map_bool<const D: usize>(&mut self, param: Param<Tensor<D, Bool>>) -> Param<Tensor<D, Bool>> {
        self.through(param)
    }

    fn map_flag(&mut self, flag: Param<Flag>) -> Param<Flag> {
        self.0.flag(flag)
    }

    fn enter_module(&mut self, name: &str, container: &str) {
        self.0.enter(name, container);
    }

    fn exit_module(&mut self, name: &str, container: &str) {
        self.0.exit(name, container);
    }
}

/// The highest rank of a module's parameters.
#[derive(Default)]
pub(super) struct HighestRank(pub(super) usize);

impl ModuleVisitor for HighestRank {
    fn visit_float<const D: usize>(&mut self, _: &Param<Tensor<D>>) {
        self.0 = self.0.max(D);
    }

    fn visit_int<const D: usize>(&mut self, _: &Param<Tensor<D, Int>>) {
        self.0 = self.0.max(D);
    }

    fn visit_bool<const D: usize>(&mut self, _: &Param<Tensor<D, Bool>>) {
        self.0 = self.0.max(D);
    }
}
