//! Any Burn module between layers.

mod erased;
mod named;
mod ranks;

pub use named::{BatchNorm, Dropout, LayerNorm, Transform, all, register};

use super::fold_time;
use super::precision::cast;
use crate::Error;
use crate::registry::Component;
use burn::module::{Content, Module, ModuleDisplay, ModuleDisplayDefault, ModuleMapper, ModuleVisitor};
use burn::tensor::{DType, Device, Tensor};
use core::fmt::{self, Debug, Display};
use erased::{Erased, With};
use ranks::{HighestRank, Mapping, Visiting};
use serde::{Serialize, Serializer};
use std::sync::Arc;

/// What a description says of a module.
#[derive(Clone, Debug, PartialEq)]
pub enum ModuleConfig {
    /// One that has a name.
    Named(Component<dyn Transform>),
    /// One that was put in from Rust: no file can describe it.
    FromRust,
}

impl Serialize for ModuleConfig {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            ModuleConfig::Named(module) => module.serialize(serializer),
            ModuleConfig::FromRust => Err(serde::ser::Error::custom(
                "a layer is a module that was put in from Rust, which no file can describe; give it a name by \
                 `synfire::network::register`, and use it by that name",
            )),
        }
    }
}

/// A Burn module of any type between layers, applied at every step: time is folded into the batch.
///
/// It is part of the network as any other module: the optimiser moves its parameters, `layers.2.module.weight`
/// names them in patterns and checkpoints, weights are decayed as those of connections.
pub struct ModuleLayer {
    module: Box<dyn Erased>,
    about: String,
    inputs: usize,
    outputs: usize,
}

impl ModuleLayer {
    /// A module for so many `inputs`, and what it does with the numbers of each step, `[T * B, F]` to `[T * B, G]`;
    /// `about` is its name for people. The function is given a seed too, for what it draws at random. It is tried
    /// once, to see how many outputs it has.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if a parameter has more than 8 axes.
    pub fn new<M: Module + Sync + 'static>(
        about: &str,
        inputs: usize,
        module: M,
        apply: impl Fn(&M, Tensor<2>, u64) -> Tensor<2> + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        let mut names = HighestRank::default();
        module.visit(&mut names);
        if names.0 > ranks::HIGHEST {
            let (actual, most) = (names.0, ranks::HIGHEST);
            let problem = format!("has a parameter with {actual} axes; expected at most {most}");
            return Err(Error::config(format!("module `{about}`"), problem));
        }
        // not as in training: running means stay as they are
        let tried = module.valid();
        let device = tried.devices().into_iter().next().unwrap_or_default();
        let [_, outputs] = apply(&tried, Tensor::zeros([2, inputs], &device), 0).dims();
        let module = Box::new(With { module, apply: Arc::new(apply) });
        Ok(ModuleLayer { module, about: about.to_string(), inputs, outputs })
    }

    /// Number of numbers that it is given in a step.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Number of numbers that it returns.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// What it is.
    #[must_use]
    pub fn about(&self) -> &str {
        &self.about
    }

    /// Applies it at every step.
    ///
    /// # Shapes
    ///
    /// - input `[T, B, F]`
    /// - output `[T, B, G]`, of the input's type
    #[must_use]
    pub fn forward(&self, input: Tensor<3>, seed: u64) -> Tensor<3> {
        let dtype = input.dtype();
        cast(fold_time(cast(input, DType::F32), |rows: Tensor<2>| self.module.apply(rows, seed)), dtype)
    }

    fn with(&self, module: Box<dyn Erased>) -> Self {
        ModuleLayer { module, about: self.about.clone(), ..*self }
    }
}

impl Clone for ModuleLayer {
    fn clone(&self) -> Self {
        self.with(self.module.boxed())
    }
}

impl Debug for ModuleLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ModuleLayer").field(&self.module).finish()
    }
}

impl Display for ModuleLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.about)
    }
}

impl ModuleDisplayDefault for ModuleLayer {
    fn content(&self, content: Content) -> Option<Content> {
        content.add_formatted(&self.about).optional()
    }
}

impl ModuleDisplay for ModuleLayer {}

/// Part of the path of a module's parameters: `layers.2.module.gamma`.
const PATH: &str = "module";
const OPAQUE: &str = "Struct:ModuleLayer";

impl Module for ModuleLayer {
    fn collect_devices(&self, devices: Vec<Device>) -> Vec<Device> {
        self.module.devices(devices)
    }

    fn fork(self, device: &Device) -> Self {
        self.with(self.module.moved(device, true))
    }

    fn to_device(self, device: &Device) -> Self {
        self.with(self.module.moved(device, false))
    }

    fn train(self) -> Self {
        self.with(self.module.train())
    }

    fn valid(&self) -> Self {
        self.with(self.module.valid())
    }

    fn materialize(self) -> Self {
        self.with(self.module.materialize())
    }

    fn visit<V: ModuleVisitor>(&self, visitor: &mut V) {
        visitor.enter_module(PATH, OPAQUE);
        self.module.visit(&mut Visiting(visitor));
        visitor.exit_module(PATH, OPAQUE);
    }

    fn map<M: ModuleMapper>(self, mapper: &mut M) -> Self {
        mapper.enter_module(PATH, OPAQUE);
        let mapped = self.with(self.module.map(&mut Mapping(mapper)));
        mapper.exit_module(PATH, OPAQUE);
        mapped
    }
}
