//! Burn modules put into a network from Rust.

use super::delay::Delay;
use super::graph::Order;
use super::join::Join;
use super::layer::{LayerState, Opaque, Pass, PerStep, Recording};
use super::node::Node;
use super::{LayerConfig, Network, Topology};
use crate::Error;
use crate::coding::Activations;
use burn::module::Module;
use burn::tensor::Tensor;
use std::sync::Arc;
use synfire_dynamics::CounterRng;

impl Network {
    /// Puts a Burn module between two layers: it becomes layer `at`, and those from there on move up by one. At every
    /// step alike it is given what the layer before sends, time folded into the batch: `[T * B, ..]` with the shape of
    /// a sample there, or flattened, `[T * B, F]`. It returns samples of the same size.
    ///
    /// Layers that name their inputs keep them. No file can describe such a network: writing a checkpoint of it is an
    /// error. [Register](super::register) a kind of layer to use it by name.
    ///
    /// ```
    /// use burn::nn::LayerNormConfig;
    /// use burn::tensor::{Device, Tensor};
    /// use synfire::network::NetworkConfig;
    ///
    /// let device = Device::default();
    /// let network = NetworkConfig::two_layers("lif", 32, 10).init(&[64], 10, 0, &device)?;
    /// let norm = LayerNormConfig::new(32).init(&device);
    /// let network = network.insert(1, norm, |norm, x: Tensor<2>| norm.forward(x))?;
    /// assert!(network.parameters().iter().any(|p| p.name == "layers.1.gamma"));
    /// # Ok::<(), synfire::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if there is no such place, or the module returns samples of another size.
    pub fn insert<const D: usize, M: Module + Sync + 'static>(
        self,
        at: usize,
        module: M,
        apply: impl Fn(&M, Tensor<D>) -> Tensor<D> + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        let path = format!("layers.{at}");
        let shape = match self.config.layers.get(at).is_some_and(|layer| layer.inputs.is_empty()) {
            true => self.layers[at].input_shape.clone(),
            false => {
                let last = self.layers.len() - 1;
                let problem = format!(
                    "no module can be put in there; expected 0 to {last}, before a layer that listens to the one before"
                );
                return Err(Error::config(path, problem));
            }
        };
        // tried once, and not as in training: running means stay as they are
        let device = module.devices().into_iter().next().unwrap_or_default();
        let tried = PerStep::layer(module, &shape, "module", apply)?;
        tried.check_ranks(&path)?;
        let zeros = Tensor::<3>::zeros([1, 2, shape.size()], &device.clone().inner());
        let rng = CounterRng::new(0);
        let mut pass = Pass { steps: 1, rng, state: LayerState::default(), recording: Recording::default() };
        let output = tried.valid().forward(Activations::from(zeros), &mut pass)?.values.dims()[2];
        if output != shape.size() {
            let problem = format!("the module returns {output} values of {}; expected as many", shape.size());
            return Err(Error::config(path, problem));
        }
        let node = Node {
            layer: tried,
            delay: Delay::whole(0),
            path,
            name: None,
            inputs: vec![],
            join: Join::default(),
            injected: None,
            input_shape: shape.clone(),
            output_shape: shape,
            recording: Recording::default(),
            listeners: 1,
        };
        self.with_node(at, node)
    }

    fn with_node(mut self, at: usize, node: Node) -> Result<Self, Error> {
        let mut config = (*self.config).clone();
        for name in config.layers.iter_mut().flat_map(|layer| &mut layer.inputs) {
            let number = name.strip_prefix("layers.").and_then(|number| number.parse::<usize>().ok());
            if let Some(number) = number.filter(|&number| number >= at) {
                *name = format!("layers.{}", number + 1);
            }
        }
        config.layers.insert(at, LayerConfig::from(Opaque::component()));
        self.layers.insert(at, node);
        let order = Order::of(&config)?;
        for (i, (node, inputs)) in self.layers.iter_mut().zip(&order.inputs).enumerate() {
            node.path = format!("layers.{i}");
            node.inputs.clone_from(inputs);
            node.listeners = order.listeners(super::node::Origin::Node(i));
        }
        let listeners = order.listeners(super::node::Origin::Sample);
        let spike_times = self.topology.spike_times;
        self.topology = Arc::new(Topology::new(order.stages, &self.layers, listeners, spike_times));
        self.config = Arc::new(config);
        Ok(self)
    }
}
