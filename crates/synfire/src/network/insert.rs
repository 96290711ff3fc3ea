//! Modules put into a network from Rust.

use super::plan::Plan;
use super::wiring::Wiring;
use super::{Layer, LayerKind, ModuleConfig, ModuleLayer, Network};
use crate::Error;
use burn::module::Module;
use burn::tensor::Tensor;
use std::sync::Arc;

impl Network {
    /// Puts a Burn module between two layers: it becomes layer `at`, and those from there on move up by one. At
    /// every step it is given what the layer before sends, time folded into the batch, `[T * B, F]`; it returns
    /// as many numbers.
    ///
    /// Layers that name their inputs keep them. No file can describe such a network: writing a checkpoint of it
    /// is an error. [Register](super::register) the module to use it by name.
    ///
    /// ```
    /// use burn::nn::LayerNormConfig;
    /// use burn::tensor::Device;
    /// use synfire::network::NetworkConfig;
    ///
    /// let device = Device::default();
    /// let network = NetworkConfig::two_layers("lif", 32, 10).init(&[64], 10, 0, &device)?;
    /// let norm = LayerNormConfig::new(32).init(&device);
    /// let network = network.insert(1, norm, |norm, x| norm.forward(x))?;
    /// assert!(network.parameters().iter().any(|p| p.name == "layers.1.module.gamma"));
    /// # Ok::<(), synfire::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if there is no such place, or the module returns another number of numbers.
    pub fn insert<M: Module + Sync + 'static>(
        self,
        at: usize,
        module: M,
        apply: impl Fn(&M, Tensor<2>) -> Tensor<2> + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        let width = self.width_before(at)?;
        let layer = ModuleLayer::new("module", width, module, move |module: &M, x, _| apply(module, x))?;
        self.insert_layer(at, layer)
    }

    /// As [`insert`](Self::insert), for modules that take samples of a shape, `[T * B, ..]`: convolutions.
    ///
    /// # Errors
    ///
    /// As [`insert`](Self::insert); also if `shape` has not as many numbers as the layer before sends, or `D` is
    /// not one more than its axes.
    pub fn insert_shaped<const D: usize, M: Module + Sync + 'static>(
        self,
        at: usize,
        shape: &[usize],
        module: M,
        apply: impl Fn(&M, Tensor<D>) -> Tensor<D> + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        let width = self.width_before(at)?;
        if shape.len() + 1 != D || shape.iter().product::<usize>() != width {
            let problem =
                format!("the module takes samples of shape {shape:?}; expected {width} numbers on {} axes", D - 1);
            return Err(Error::config(format!("layers.{at}"), problem));
        }
        let mut dims = [0; D];
        dims[1..].copy_from_slice(shape);
        self.insert(at, module, move |module, x| {
            let mut dims = dims;
            dims[0] = x.dims()[0];
            apply(module, x.reshape(dims)).flatten(1, D - 1)
        })
    }

    /// Number of numbers that a layer put in at `at` is given.
    fn width_before(&self, at: usize) -> Result<usize, Error> {
        let last = self.layers.len() - 1;
        match self.config.layers.get(at).is_some_and(|layer| layer.inputs.is_empty()) {
            true => Ok(at.checked_sub(1).map_or(self.samples()?, |before| self.width(before))),
            false => {
                let problem = format!(
                    "no module can be put in there; expected 0 to {last}, before a layer that listens to the one before"
                );
                Err(Error::config(format!("layers.{at}"), problem))
            }
        }
    }

    /// Number of numbers of an encoded sample.
    fn samples(&self) -> Result<usize, Error> {
        let inputs = self.config.encoder.inputs(self.input.iter().product(), self.config.time_grid());
        inputs.map_err(|problem| Error::config("network.encoder", problem))
    }

    fn insert_layer(mut self, at: usize, layer: ModuleLayer) -> Result<Self, Error> {
        let (width, returned) = (layer.inputs(), layer.outputs());
        if returned != width {
            let problem = format!("the module returns {returned} numbers of {width}; expected as many");
            return Err(Error::config(format!("layers.{at}"), problem));
        }
        let mut config = (*self.config).clone();
        for name in config.layers.iter_mut().flat_map(|layer| &mut layer.inputs) {
            let number = name.strip_prefix("layers.").and_then(|number| number.parse::<usize>().ok());
            if let Some(number) = number.filter(|&number| number >= at) {
                *name = format!("layers.{}", number + 1);
            }
        }
        config.layers.insert(at, LayerKind::Module { module: ModuleConfig::FromRust }.into());
        self.layers.insert(at, Layer::Module(layer));
        self.recurrent.insert(at, None);
        self.plan = Arc::new(Plan::of(&config, Wiring::of(&config)?, &self.layers));
        self.config = Arc::new(config);
        Ok(self)
    }
}
