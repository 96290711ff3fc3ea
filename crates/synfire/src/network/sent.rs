//! Outputs of layers, kept as long as other layers listen to them.

use super::fusion;
use super::graph::Stage;
use super::layer::{AnyLayer, Conv2dLayer};
use super::node::{Node, Origin};
use crate::coding::Activations;
use crate::connection::EventLinear;
use burn::tensor::Tensor;
use synfire_dynamics::Spikes;

/// Output of a layer over the steps of a call, or the encoded samples.
#[derive(Clone)]
#[allow(clippy::large_enum_variant)] // a few, each moved once
pub(super) enum Message {
    Activations(Activations),
    /// Spikes for [layers that read bits](bits_are_read) alone, with the length of a step in ms.
    Spikes(Spikes, f32),
}

impl From<Activations> for Message {
    fn from(activations: Activations) -> Self {
        Message::Activations(activations)
    }
}

impl Message {
    pub(super) fn into_activations(self) -> Activations {
        match self {
            Message::Activations(activations) => activations,
            Message::Spikes(spikes, dt) => Activations::new(spikes.tensor(), dt),
        }
    }
}

/// Messages that later layers still listen to, with the number of these.
pub(super) struct Sent {
    samples: (Option<Message>, usize),
    nodes: Vec<(Option<Message>, usize)>,
}

impl Sent {
    /// The samples, to which so many layers listen.
    pub(super) fn new(samples: Message, listeners: usize, nodes: &[Node]) -> Self {
        Sent { samples: (Some(samples), listeners), nodes: nodes.iter().map(|node| (None, node.listeners)).collect() }
    }

    /// The activations of `origin`.
    pub(super) fn take(&mut self, origin: Origin) -> Option<Activations> {
        self.message(origin).map(Message::into_activations)
    }

    /// The spikes of `origin`, if they were sent as bits.
    pub(super) fn take_spikes(&mut self, origin: Origin) -> Option<Spikes> {
        let (Some(Message::Spikes(..)), _) = self.slot(origin) else { return None };
        match self.message(origin) {
            Some(Message::Spikes(spikes, _)) => Some(spikes),
            _ => None,
        }
    }

    fn slot(&mut self, origin: Origin) -> &mut (Option<Message>, usize) {
        match origin {
            Origin::Sample => &mut self.samples,
            Origin::Node(i) => &mut self.nodes[i],
        }
    }

    fn message(&mut self, origin: Origin) -> Option<Message> {
        let (message, listeners) = self.slot(origin);
        *listeners = listeners.saturating_sub(1);
        if *listeners == 0 { message.take() } else { message.clone() }
    }

    pub(super) fn put(&mut self, i: usize, message: Message) {
        let (slot, listeners) = &mut self.nodes[i];
        *slot = (*listeners > 0).then(|| match message {
            Message::Activations(activations) => Activations { potential: None, ..activations }.into(),
            spikes @ Message::Spikes(..) => spikes,
        });
    }
}

/// A layer that reads spikes as bits.
pub(super) enum Reader<'a> {
    Linear(&'a EventLinear),
    Conv2d(&'a Conv2dLayer),
}

impl<'a> Reader<'a> {
    /// The layer of a node, if it reads spikes as bits, and listens to one other at once and to nothing else.
    pub(super) fn of(node: &'a Node) -> Option<Self> {
        let alone = node.inputs.len() == 1 && node.delay.is_none() && node.injected.is_none();
        let linear = || node.layer.downcast().map(Reader::Linear);
        let conv = || node.layer.downcast().filter(|conv: &&Conv2dLayer| conv.reads_spikes()).map(Reader::Conv2d);
        if alone { linear().or_else(conv) } else { None }
    }

    /// Output of the layer, `[T, B, N]`; behind a max pool where one is [joined](fusion).
    pub(super) fn read(&self, spikes: Spikes, pool: Option<&AnyLayer>) -> Tensor<3> {
        match self {
            Reader::Linear(linear) => linear.forward_spikes(spikes),
            Reader::Conv2d(conv) => conv.forward_spikes(spikes, pool.and_then(fusion::window).as_ref()),
        }
    }
}

/// Whether those that listen to `origin` all read bits, outside of cycles: they need no tensor of its spikes.
pub(super) fn bits_are_read(origin: Origin, nodes: &[Node], stages: &[Stage]) -> bool {
    let mut listeners = (0..nodes.len()).filter(|&i| nodes[i].inputs.contains(&origin)).peekable();
    let runs_at_once =
        |i: usize| stages.iter().any(|stage| matches!(stage, Stage::FeedForward(j) | Stage::Pooled([j, _]) if *j == i));
    listeners.peek().is_some() && listeners.all(|i| Reader::of(&nodes[i]).is_some() && runs_at_once(i))
}

#[cfg(test)]
mod tests {
    use super::super::testing::gradients;
    use super::super::{Network, NetworkConfig, NetworkState};
    use burn::tensor::{Device, Tensor};

    const LINEAR: &str = "[[layers]]\nlinear = 70\ngain = 3.0\n";
    const CONV: &str = "[[layers]]\nconv2d = 9\nkernel = 3\ngain = 3.0\n";
    const POOL: &str = "[[layers]]\nmax_pool2d = 2\n";
    const NEURONS: &str = "[[layers]]\nneuron = \"lif\"\n";
    const CLASSES: &str = "[[layers]]\nlinear = \"classes\"\ngain = 5.0\n";

    fn network(encoder: &str, layers: &str) -> Network {
        let config = format!("steps = 4\nencoder = \"{encoder}\"\n{layers}{CLASSES}{NEURONS}");
        let config: NetworkConfig = toml::from_str(&config).unwrap();
        config.init(&[1, 9, 8], 9, 0, &Device::default().autodiff()).unwrap()
    }

    #[test]
    fn bits_are_for_layers_that_read_them_at_once() {
        let as_bits = |layers: &str| {
            let topology = network("poisson", layers).topology;
            (topology.samples_as_bits, topology.layers_as_bits.clone())
        };
        let hidden = format!("{LINEAR}{NEURONS}");
        assert_eq!(as_bits(&hidden), (true, vec![false, true, false, false]));
        let two = format!("{hidden}[[layers]]\nlinear = 3\ninput = \"input\"\n{NEURONS}");
        assert!(as_bits(&two).0, "two linear maps");
        // a convolution, with a pool joined to it, and one of each kind
        let pictures = format!("{CONV}{NEURONS}{CONV}{POOL}{NEURONS}");
        assert_eq!(as_bits(&pictures), (true, vec![false, true, false, false, true, false, false]));
        let both = format!("{CONV}{NEURONS}[[layers]]\nlinear = 3\ninput = \"input\"\n{NEURONS}");
        assert!(as_bits(&both).0, "a convolution and a linear map");
        for layers in [
            format!("[[layers]]\nlinear = 8\ndelay = 1\n{NEURONS}"),
            format!("[[layers]]\nlinear = 8\ninject = {{ name = \"constant_current\" }}\n{NEURONS}"),
            format!("[[layers]]\nconv2d = 2\nkernel = 3\n{NEURONS}"),
            format!("[[layers]]\nconv2d = 9\nkernel = 3\nstride = 2\n{NEURONS}"),
            format!("[[layers]]\nconv2d = 9\nkernel = 3\ndelay = 1\n{NEURONS}"),
        ] {
            assert!(!as_bits(&layers).0, "{layers}");
        }
        for between in ["[[layers]]\nscale = 2.0\n", "[[layers]]\nlinear = 5\ndelay = 2\n"] {
            assert!(!as_bits(&format!("{hidden}{between}")).1[1], "{between}");
        }
        // and another layer that listens
        let pool = format!(
            "{hidden}[[layers]]\nlinear = 70\n[[layers]]\nidentity = true\ninputs = [\"layers.1\", \"layers.2\"]\n"
        );
        assert!(!as_bits(&pool).1[1], "{pool}");
    }

    #[test]
    fn bits_and_values_give_the_same() {
        let recurrent = format!("{LINEAR}[[layers]]\nneuron = \"lif\"\nrecurrent = true\n");
        let wide = format!("{LINEAR}{NEURONS}[[layers]]\nlinear = 100\ngain = 4.0\n[[layers]]\nneuron = \"plif\"\n");
        let pictures = format!("{CONV}{NEURONS}{CONV}{POOL}{NEURONS}");
        let groups = format!("{CONV}{NEURONS}[[layers]]\nconv2d = 24\nkernel = 3\ngroups = 3\npadding = 1\n{NEURONS}");
        // so many spikes that matrix products are faster
        let many = format!("{CONV}bias = false\n[[layers]]\nneuron = \"lif\"\nv_th = -9.0\n{CONV}{POOL}{NEURONS}");
        // the gradient comes back in factors from one, as values from the other
        let both = format!(
            "{CONV}{NEURONS}{CONV}{NEURONS}[[layers]]\nflatten = true\n{LINEAR}input = \"layers.1\"\n{NEURONS}\
             [[layers]]\nlinear = 5\ngain = 3.0\ninput = \"layers.1\"\n{NEURONS}\
             [[layers]]\nidentity = true\njoin = \"concat\"\ninputs = [\"layers.4\", \"layers.6\", \"layers.8\"]\n"
        );
        for layers in [format!("{LINEAR}{NEURONS}"), recurrent, wide, pictures, groups, many, both] {
            let network = network("poisson", &layers);
            let samples = Tensor::<2>::ones([3, 72], &Device::default().autodiff()) * 0.4;
            let of_bits = network.forward_full(samples.clone(), 5).unwrap().activity.values;
            // who visits layers is given values
            let mut visited = 0;
            let visit = &mut |_: &str, spikes: &Tensor<3>| visited += spikes.dims()[0];
            let of_values = network.forward_with(samples, 5, visit).unwrap().activity.values;
            assert!(visited >= 8, "no layer was visited");
            let all = of_bits.clone().into_data();
            assert_eq!(all, of_values.clone().into_data(), "{layers}");
            assert!(all.iter::<f32>().any(|spike| spike == 1.0), "nothing spikes in {layers}");
            let [a, b] = [of_bits, of_values].map(|spikes| gradients(&network, &[spikes.sum().backward()]));
            assert_eq!(a.len(), b.len(), "{layers}");
            let scale = a.iter().fold(0.0, |most: f32, x| most.max(x.abs()));
            assert!(scale > 0.0, "no gradient in {layers}");
            assert!(a.iter().zip(&b).all(|(a, b)| (a - b).abs() <= 1e-5 * scale), "{layers}: {a:?} {b:?}");
        }
    }

    #[test]
    fn drawn_bits_and_a_series_of_values_give_the_same() {
        for encoder in ["poisson", "bernoulli"] {
            let network = network(encoder, &format!("{LINEAR}{NEURONS}"));
            let config = network.config().clone();
            let samples = Tensor::<2>::ones([3, 72], &Device::default().autodiff()) * 0.4;
            let drawn = network.forward_full(samples.clone(), 5).unwrap().activity.values;
            // the same spikes as a series that the network is given step by step
            let spikes = config.encoder.encode(samples.into(), config.time_grid(), 5).unwrap();
            let (given, _) = network.stream(spikes, NetworkState::default(), 5).unwrap();
            assert_eq!(drawn.into_data(), given.values.into_data());
        }
    }
}
