//! Layers of any type behind one interface.

use super::Pass;
use super::ranks::{AnyMapper, AnyVisitor, HIGHEST, HighestRank, Map, Mapping, Visit, Visiting};
use crate::Error;
use crate::coding::Activations;
use crate::neuron::Neurons;
use crate::train::short_name;
use burn::module::{Content, Module, ModuleDisplay, ModuleDisplayDefault, ModuleMapper, ModuleVisitor};
use burn::tensor::Device;
use core::any::Any;
use core::fmt::{self, Debug};

/// A Burn module that maps activations over time: one step or all of them.
pub trait Layer: Module + Sync + 'static {
    /// Output for `input`, over the steps of `pass` and from the state in it.
    ///
    /// # Shapes
    ///
    /// - input `[T, B, N]`, or `[1, B, N]` where it is the same at every step
    /// - output `[T, B, M]`, or `[1, B, M]` likewise
    ///
    /// # Errors
    ///
    /// If the input does not fit the layer.
    fn forward(&self, input: Activations, pass: &mut Pass) -> Result<Activations, Error>;

    /// Whether inputs may have any number of rows that divides the steps of a pass: each then lasts several of them, in
    /// the output too.
    fn takes_held_inputs(&self) -> bool {
        false
    }

    /// The neurons, of a layer that has some.
    fn neurons(&self) -> Option<&Neurons> {
        None
    }

    /// Kind and sizes, for tables: `conv2d 1 -> 12`; the name of the type, unless it says otherwise.
    fn describe(&self) -> String {
        short_name::<Self>()
    }
}

/// A [`Layer`] of any type: a Burn module like any other, whose parameters keep their paths.
pub struct AnyLayer(Box<dyn Erased>);

impl<L: Layer> From<L> for AnyLayer {
    fn from(layer: L) -> Self {
        AnyLayer(Box::new(layer))
    }
}

/// [`Layer`] without its generic methods, so that it can be an object.
trait Erased: Debug + Send + Sync {
    fn any(&self) -> &dyn Any;
    fn boxed(&self) -> AnyLayer;
    fn devices(&self, devices: Vec<Device>) -> Vec<Device>;
    fn fork(&self, device: &Device) -> AnyLayer;
    fn to_device(&self, device: &Device) -> AnyLayer;
    fn train(&self) -> AnyLayer;
    fn valid(&self) -> AnyLayer;
    fn materialize(&self) -> AnyLayer;
    fn visit(&self, visitor: &mut dyn AnyVisitor);
    fn map(&self, mapper: &mut dyn AnyMapper) -> AnyLayer;
    fn forward(&self, input: Activations, pass: &mut Pass) -> Result<Activations, Error>;
    fn takes_held_inputs(&self) -> bool;
    fn neurons(&self) -> Option<&Neurons>;
    fn describe(&self) -> String;
    fn highest_rank(&self) -> usize;
}

impl<L: Layer> Erased for L {
    fn any(&self) -> &dyn Any {
        self
    }

    fn boxed(&self) -> AnyLayer {
        self.clone().into()
    }

    fn devices(&self, devices: Vec<Device>) -> Vec<Device> {
        self.collect_devices(devices)
    }

    fn fork(&self, device: &Device) -> AnyLayer {
        Module::fork(self.clone(), device).into()
    }

    fn to_device(&self, device: &Device) -> AnyLayer {
        Module::to_device(self.clone(), device).into()
    }

    fn train(&self) -> AnyLayer {
        Module::train(self.clone()).into()
    }

    fn valid(&self) -> AnyLayer {
        Module::valid(self).into()
    }

    fn materialize(&self) -> AnyLayer {
        Module::materialize(self.clone()).into()
    }

    fn visit(&self, visitor: &mut dyn AnyVisitor) {
        Module::visit(self, &mut Visit(visitor));
    }

    fn map(&self, mapper: &mut dyn AnyMapper) -> AnyLayer {
        Module::map(self.clone(), &mut Map(mapper)).into()
    }

    fn forward(&self, input: Activations, pass: &mut Pass) -> Result<Activations, Error> {
        Layer::forward(self, input, pass)
    }

    fn takes_held_inputs(&self) -> bool {
        Layer::takes_held_inputs(self)
    }

    fn neurons(&self) -> Option<&Neurons> {
        Layer::neurons(self)
    }

    fn describe(&self) -> String {
        Layer::describe(self)
    }

    fn highest_rank(&self) -> usize {
        let mut highest = HighestRank::default();
        // of the module itself: what has no type any more leaves out the ranks that are asked for here
        Module::visit(self, &mut highest);
        highest.0
    }
}

impl AnyLayer {
    /// The layer, if it is of this type.
    pub(in crate::network) fn downcast<L: Layer>(&self) -> Option<&L> {
        self.0.any().downcast_ref()
    }

    /// Refuses a layer with a parameter that visitors would not reach.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if one has too many axes.
    pub(in crate::network) fn check_ranks(&self, path: &str) -> Result<(), Error> {
        match self.0.highest_rank() {
            0..=HIGHEST => Ok(()),
            axes => Err(Error::config(path, format!("has a parameter with {axes} axes; expected at most {HIGHEST}"))),
        }
    }

    /// As [`Layer::forward`].
    ///
    /// # Errors
    ///
    /// As [`Layer::forward`].
    pub fn forward(&self, input: Activations, pass: &mut Pass) -> Result<Activations, Error> {
        self.0.forward(input, pass)
    }

    /// As [`Layer::takes_held_inputs`].
    #[must_use]
    pub fn takes_held_inputs(&self) -> bool {
        self.0.takes_held_inputs()
    }

    /// The neurons, of a layer that has some.
    #[must_use]
    pub fn neurons(&self) -> Option<&Neurons> {
        self.0.neurons()
    }

    /// Kind and sizes, for tables: `conv2d 1 -> 12`.
    #[must_use]
    pub fn describe(&self) -> String {
        self.0.describe()
    }
}

impl Clone for AnyLayer {
    fn clone(&self) -> Self {
        self.0.boxed()
    }
}

impl Debug for AnyLayer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ModuleDisplayDefault for AnyLayer {
    fn content(&self, content: Content) -> Option<Content> {
        content.add_formatted(&self.describe()).optional()
    }
}

impl ModuleDisplay for AnyLayer {}

impl Module for AnyLayer {
    fn collect_devices(&self, devices: Vec<Device>) -> Vec<Device> {
        self.0.devices(devices)
    }

    fn fork(self, device: &Device) -> Self {
        self.0.fork(device)
    }

    fn to_device(self, device: &Device) -> Self {
        self.0.to_device(device)
    }

    fn train(self) -> Self {
        self.0.train()
    }

    fn valid(&self) -> Self {
        self.0.valid()
    }

    fn materialize(self) -> Self {
        self.0.materialize()
    }

    fn visit<V: ModuleVisitor>(&self, visitor: &mut V) {
        self.0.visit(&mut Visiting(visitor));
    }

    fn map<M: ModuleMapper>(self, mapper: &mut M) -> Self {
        self.0.map(&mut Mapping(mapper))
    }
}
