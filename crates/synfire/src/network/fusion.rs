//! Layers that run as one operation: a convolution and the max pool behind it.

use super::graph::Stage;
use super::layer::{AnyLayer, Conv2dLayer, PoolLayer};
use super::node::{Node, Origin};
use crate::coding::Activations;
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

/// Window of the pool.
pub(super) fn window(pool: &AnyLayer) -> Option<Window2d> {
    pool.downcast::<PoolLayer>()?.max_window()
}

fn parts<'a>(layer: &'a AnyLayer, pool: &AnyLayer) -> Option<(&'a Conv2dLayer, Window2d)> {
    Some((layer.downcast()?, window(pool)?))
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
}
