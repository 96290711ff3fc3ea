//! Layers that work on more than one layer's input and output at once: a convolution and the max pool behind it as one
//! operation, and a linear map of spikes as the encoder draws them.

use super::graph::Stage;
use super::layer::{AnyLayer, Conv2dLayer, PoolLayer};
use super::node::{Node, Origin};
use crate::coding::Activations;
use crate::connection::EventLinear;
use synfire_dynamics::Window2d;

/// Joins the stages of layers that run as one operation.
pub(super) fn fused(stages: Vec<Stage>, nodes: &[Node]) -> Vec<Stage> {
    let pool = |stage: &Stage| match *stage {
        Stage::FeedForward(i) => pool_behind(i, nodes).filter(|j| stages.contains(&Stage::FeedForward(*j))),
        _ => None,
    };
    let pools: Vec<Option<usize>> = stages.iter().map(pool).collect();
    let joined = stages.iter().zip(&pools).filter_map(|(stage, pool)| match (stage, pool) {
        (Stage::FeedForward(i), Some(j)) => Some(Stage::Pooled([*i, *j])),
        (Stage::FeedForward(j), None) if pools.contains(&Some(*j)) => None,
        _ => Some(stage.clone()),
    });
    joined.collect()
}

/// The max pool that alone listens to convolution `i`, and to nothing else, at once.
fn pool_behind(i: usize, nodes: &[Node]) -> Option<usize> {
    let listens = |node: &Node| node.inputs == [Origin::Node(i)] && node.delay.is_none() && node.injected.is_none();
    let j = nodes.iter().position(listens).filter(|_| nodes[i].listeners == 1 && i + 1 < nodes.len())?;
    parts(&nodes[i].layer, &nodes[j].layer).map(|_| j)
}

/// Output of the pool for an input of the convolution.
pub(super) fn forward(layer: &AnyLayer, pool: &AnyLayer, input: &Activations) -> Option<Activations> {
    parts(layer, pool).map(|(conv, window)| conv.forward_max_pool(input, &window))
}

/// The linear map that alone listens to the samples, and to nothing else, at once: it needs no tensor of their spikes.
pub(super) fn first_linear(nodes: &[Node]) -> Option<(usize, &EventLinear)> {
    let mut listeners = nodes.iter().enumerate().filter(|(_, node)| node.inputs.contains(&Origin::Sample));
    let (i, node) = listeners.next()?;
    let alone = listeners.next().is_none() && node.inputs.len() == 1;
    let at_once = node.delay.is_none() && node.injected.is_none();
    node.layer.downcast().filter(|_| alone && at_once).map(|linear| (i, linear))
}

fn parts<'a>(layer: &'a AnyLayer, pool: &AnyLayer) -> Option<(&'a Conv2dLayer, Window2d)> {
    Some((layer.downcast()?, pool.downcast::<PoolLayer>()?.max_window()?))
}

#[cfg(test)]
mod tests {
    use super::super::graph::Stage;
    use super::super::{Network, NetworkConfig, NetworkState};
    use burn::tensor::{Device, Tensor};

    const CONV: &str = "[[layers]]\nconv2d = 9\nkernel = 3\n";
    const POOL: &str = "[[layers]]\nmax_pool2d = 2\n";
    const NEURONS: &str = "[[layers]]\nneuron = \"lif\"\n";

    fn network(layers: &str) -> Network {
        let config: NetworkConfig = toml::from_str(&format!("steps = 4\nencoder = \"constant\"\n{layers}")).unwrap();
        config.init(&[1, 9, 8], 9, 0, &Device::default()).unwrap()
    }

    fn stages(layers: &str) -> Vec<Stage> {
        network(&format!("{layers}{NEURONS}[[layers]]\nlinear = \"classes\"\n{NEURONS}")).topology.stages.clone()
    }

    #[test]
    fn only_a_pool_that_alone_listens_at_once_is_joined() {
        let joined = stages(&format!("{CONV}{POOL}"));
        assert_eq!(joined[..2], [Stage::Pooled([0, 1]), Stage::FeedForward(2)]);
        let apart = [
            format!("{CONV}{POOL}delay = 1\n"),
            format!("{CONV}{POOL}inject = {{ name = \"constant_current\" }}\n"),
            format!("{CONV}{NEURONS}{POOL}"),
            format!("{CONV}[[layers]]\naverage_pool2d = 2\n"),
            format!("{CONV}{POOL}[[layers]]\nmax_pool2d = 2\ninput = \"layers.0\"\n"),
        ];
        for layers in apart {
            assert!(!stages(&layers).iter().any(|stage| matches!(stage, Stage::Pooled(_))), "{layers}");
        }
    }

    #[test]
    fn joined_and_apart_give_the_same() {
        let layers = format!("{CONV}gain = 2.0\n{POOL}{NEURONS}{CONV}padding = 1\n{POOL}{NEURONS}");
        let joined = network(&layers);
        assert_eq!(joined.topology.stages.iter().filter(|stage| matches!(stage, Stage::Pooled(_))).count(), 2);
        let mut apart = joined.clone();
        let stages = (0..joined.layers.len()).map(Stage::FeedForward).collect();
        apart.topology = super::super::Topology { stages, ..(*joined.topology).clone() }.into();
        let device = Device::default().autodiff();
        let samples = Tensor::<2>::ones([3, 72], &device) * 3.0;
        let all = |network: &Network| network.forward_full(samples.clone(), 0).unwrap().activity.values;
        let (a, b) = (all(&joined).into_data(), all(&apart).into_data());
        assert_eq!(a, b);
        assert!(a.iter::<f32>().any(|spike| spike == 1.0), "nothing spikes");
        // and step by step
        let mut state = NetworkState::default();
        for t in 0..4 {
            let (output, next) = joined.stream(samples.clone().unsqueeze::<3>(), state, 0).unwrap();
            assert_eq!(output.values.into_data(), all(&joined).narrow(0, t, 1).into_data());
            state = next;
        }
    }

    #[test]
    fn bits_of_spikes_are_for_a_linear_map_that_alone_listens_at_once() {
        let linear = "[[layers]]\nlinear = 8\n";
        let first = |layers: &str| {
            let network = network(&format!("{layers}[[layers]]\nlinear = \"classes\"\n{NEURONS}"));
            super::first_linear(&network.layers).map(|(i, _)| i)
        };
        assert_eq!(first(&format!("{linear}{NEURONS}")), Some(0));
        let apart = [
            format!("{linear}delay = 1\n{NEURONS}"),
            format!("{linear}inject = {{ name = \"constant_current\" }}\n{NEURONS}"),
            format!("{linear}{NEURONS}[[layers]]\nlinear = 3\ninput = \"input\"\n{NEURONS}"),
            format!("{CONV}{NEURONS}"),
        ];
        for layers in apart {
            assert_eq!(first(&layers), None, "{layers}");
        }
    }

    #[test]
    fn bits_and_values_give_the_same() {
        let layers =
            format!("[[layers]]\nlinear = 70\ngain = 3.0\n{NEURONS}[[layers]]\nlinear = \"classes\"\n{NEURONS}");
        for encoder in ["poisson", "bernoulli"] {
            let config = format!("steps = 4\nencoder = \"{encoder}\"\n{layers}");
            let config: NetworkConfig = toml::from_str(&config).unwrap();
            let device = Device::default().autodiff();
            let network = config.init(&[1, 9, 8], 9, 0, &device).unwrap();
            let samples = Tensor::<2>::ones([3, 72], &device) * 0.4;
            let drawn = network.forward_full(samples.clone(), 5).unwrap().activity.values;
            // the same spikes as a series that the network is given step by step
            let spikes = config.encoder.encode(samples.into(), config.time_grid(), 5).unwrap();
            let (given, _) = network.stream(spikes, NetworkState::default(), 5).unwrap();
            let mut values = drawn.clone().into_data();
            assert_eq!(values, given.values.clone().into_data());
            assert!(values.iter::<f32>().any(|spike| spike == 1.0), "nothing spikes");
            // with the same gradients
            let [a, b] = [drawn, given.values].map(|spikes| {
                let gradients = spikes.sum().backward();
                let linear = super::first_linear(&network.layers).unwrap().1;
                linear.weight.val().grad(&gradients).unwrap().into_data()
            });
            assert_eq!(a, b);
            values = a;
            assert!(values.iter::<f32>().any(|x| x != 0.0), "no gradient");
        }
    }
}
