//! The networks that the peers are timed on.

use super::{Args, EncoderKind, Net, NeuronKind, ROWS, csnn};
use serde_json::json;
use synfire::coding::{Encoder, Loss, Poisson, SeriesEncoder, SpikeCounts};
use synfire::network::layer::{Conv2d, MaxPool2d, Neuron, PerAxis, Recurrent, Width};
use synfire::network::{LayerConfig, NetworkConfig};
use synfire::neuron::Settings;

/// Decay of the membrane in one step.
const BETA: f32 = 0.9;

/// Names of weights and biases: in files, and in the network.
pub(super) fn weights(net: Net) -> &'static [(&'static str, &'static str)] {
    match net {
        Net::Mlp => &[
            ("fc1.weight", "layers.0.weight"),
            ("fc1.bias", "layers.0.bias"),
            ("fc2.weight", "layers.2.weight"),
            ("fc2.bias", "layers.2.bias"),
        ],
        Net::Conv => &[
            ("c1.weight", "layers.0.weight"),
            ("c1.bias", "layers.0.bias"),
            ("c2.weight", "layers.3.weight"),
            ("c2.bias", "layers.3.bias"),
            ("fc.weight", "layers.6.weight"),
            ("fc.bias", "layers.6.bias"),
        ],
        Net::Rec => &[
            ("fc1.weight", "layers.0.weight"),
            ("fc1.bias", "layers.0.bias"),
            ("rec.weight", "layers.1.recurrent.weight"),
            ("fc2.weight", "layers.2.weight"),
            ("fc2.bias", "layers.2.bias"),
        ],
        Net::Csnn => &[
            ("c1.weight", "layers.0.weight"),
            ("c2.weight", "layers.4.weight"),
            ("fc1.weight", "layers.9.weight"),
            ("fc2.weight", "layers.12.weight"),
        ],
    }
}

/// The network, and the loss if it is not that which suits its decoder.
pub(super) fn network(args: &Args) -> (NetworkConfig, Option<Loss>) {
    match args.net {
        Net::Csnn => (csnn::network(args.time_steps(), encoder(args)), Some(csnn::loss())),
        _ => (lif(args), None),
    }
}

fn encoder(args: &Args) -> Encoder {
    match args.enc {
        EncoderKind::Const if args.net == Net::Rec => SeriesEncoder { hold: args.time_steps() / ROWS }.into(),
        EncoderKind::Const => Encoder::default(),
        EncoderKind::Poisson => Poisson::default().into(),
    }
}

/// A network of LIF neurons with decay 0.9, threshold 1 and a hard reset with its gradient cut.
fn lif(args: &Args) -> NetworkConfig {
    let tau = json!({ "value": -1.0 / BETA.ln(), "learn": args.neuron() == NeuronKind::Plif });
    let settings = [("tau_m", tau), ("v_th", json!(1.0)), ("reset", json!("hard")), ("detach_reset", json!(true))];
    let settings: Settings = settings.into_iter().map(|(key, value)| (key.to_string(), value)).collect();
    let neurons = || LayerConfig::neurons("lif", settings.clone());
    let recurrent = || {
        let recurrent = Some(Recurrent::default());
        LayerConfig::from(Neuron { model: "lif".to_string(), recurrent, settings: settings.clone() })
    };
    let linear = |outputs| LayerConfig::linear(outputs, 1.0);
    let conv = |channels| Conv2d { channels, kernel: PerAxis::All(5), ..Conv2d::default() }.into();
    let pool = || MaxPool2d { kernel: PerAxis::All(2), ..MaxPool2d::default() }.into();
    let layers = match args.net {
        Net::Mlp => vec![linear(Width::Outputs(args.hidden())), neurons(), linear(Width::CLASSES), neurons()],
        Net::Rec => vec![linear(Width::Outputs(args.hidden())), recurrent(), linear(Width::CLASSES), neurons()],
        Net::Conv | Net::Csnn => {
            vec![conv(12), pool(), neurons(), conv(32), pool(), neurons(), linear(Width::CLASSES), neurons()]
        }
    };
    NetworkConfig {
        encoder: encoder(args),
        decoder: SpikeCounts::default().into(),
        layers,
        ..NetworkConfig::two_layers("lif", args.hidden(), args.time_steps())
    }
}
