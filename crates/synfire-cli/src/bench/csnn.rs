//! The convolutional network of the PLIF paper for MNIST, that of `examples/mnist_plif_csnn.toml`.

use serde_json::json;
use synfire::coding::{Encoder, Loss, Mse, SpikeRate};
use synfire::network::layer::{BatchNorm, Conv2d, Dropout, Linear, MaxPool2d, Padding, PerAxis, Voting, Width};
use synfire::network::{LayerConfig, NetworkConfig};

/// {128C3-BN-PLIF-MP2}x2 - dropout - FC2048 - PLIF - dropout - FC100 - PLIF - voting.
pub(super) fn network(steps: usize, encoder: Encoder) -> NetworkConfig {
    let neurons = || {
        let settings = [("tau_m", json!({ "value": 2.0, "learn": true })), ("detach_reset", json!(true))];
        LayerConfig::neurons("plif", settings.into_iter().map(|(key, value)| (key.to_string(), value)).collect())
    };
    let block = || {
        let padding = Padding::Amount(PerAxis::All(1));
        let conv = Conv2d { channels: 128, padding, bias: false, ..Conv2d::default() };
        [conv.into(), BatchNorm::default().into(), neurons(), MaxPool2d::default().into()]
    };
    let dense = |outputs| {
        let linear = Linear { outputs: Width::Outputs(outputs), bias: false, ..Linear::default() };
        [Dropout { probability: 0.5, per_step: false }.into(), linear.into(), neurons()]
    };
    let layers: Vec<LayerConfig> = block().into_iter().chain(block()).chain(dense(2048)).chain(dense(100)).collect();
    NetworkConfig {
        encoder,
        decoder: SpikeRate::default().into(),
        layers: layers.into_iter().chain([Voting { neurons: 10 }.into()]).collect(),
        ..NetworkConfig::two_layers("plif", 1, steps)
    }
}

/// Mean squared error of the firing rates.
pub(super) fn loss() -> Loss {
    Mse::default().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use synfire::train::TrainConfig;

    #[test]
    fn it_is_the_network_of_the_example() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/mnist_plif_csnn.toml");
        let example = TrainConfig::read(file).unwrap();
        assert_eq!(network(8, Encoder::default()), example.network);
        assert_eq!((Some(loss()), 16), (example.training.loss, example.training.batch_size));
    }
}
