//! Modules that are written, and imported again.

use super::*;
use crate::exchange::Importer;
use crate::network::{Network, NetworkConfig};
use burn::tensor::{Device, Tensor};

fn network(layers: &str, input: &[usize]) -> Network {
    let config: NetworkConfig = toml::from_str(&format!("steps = 6\n{layers}")).unwrap();
    config.init(input, 3, 5, &Device::default()).unwrap()
}

const CONV: &str = "[[layers]]\nconv2d = 4\nkernel = 3\ngain = 3.0\n[[layers]]\nbatch_norm = true\n[[layers]]\nmax_pool2d = 2\n\
    [[layers]]\nneuron = \"lif\"\nreset = \"soft\"\nreset_delay = true\ntau_m = { value = 3.0, per = \"channel\" }\n\
    [[layers]]\nlinear = \"classes\"\ngain = 4.0\n[[layers]]\nneuron = \"lif\"\nv_th = 0.8\n";

fn output(network: &Network) -> Vec<f32> {
    let samples: Vec<f32> = (0..2 * 64).map(|i| (i * 7 % 13) as f32 / 6.0 - 0.5).collect();
    let samples = Tensor::<1>::from_floats(samples.as_slice(), &Device::default()).reshape([2, 64]);
    let output = network.forward_full(samples, 0).unwrap().activity.values;
    crate::host::floats(&output.into_data())
}

#[test]
fn what_was_exported_to_snntorch_is_imported_as_it_was() {
    let network = network(CONV, &[1, 8, 8]);
    let module = PeerModule::of(&Checkpoint::of(&network), Peer::Snntorch).unwrap();
    assert_eq!(module.notes, [] as [&str; 0]);
    let shape = |key: &str| module.state.get(key).unwrap_or_else(|| panic!("no {key}")).shape.clone();
    assert_eq!(shape("lif1.beta"), [4, 1, 1]);
    assert_eq!(shape("lif2.beta"), [] as [usize; 0]);
    assert_eq!(shape("norm1.running_var"), [4]);
    for line in [
        "self.conv1 = torch.nn.Conv2d(1, 4, 3, stride=1, padding=0, dilation=1, groups=1, bias=True)",
        "self.norm1 = torch.nn.BatchNorm2d(4, eps=0.00001, momentum=0.1)",
        "self.pool1 = torch.nn.MaxPool2d(2, stride=2, padding=0)",
        "beta=torch.ones(4, 1, 1), threshold=1.0, learn_beta=False, reset_mechanism=\"subtract\", reset_delay=True",
        "x = x.reshape(x.shape[0], 1, 8, 8)",
        "x = x.flatten(1)",
        "x = self.lif2(x)[0]",
    ] {
        assert!(module.python.contains(line), "{line}: {}", module.python);
    }
    // gains are in the weights now
    let config: NetworkConfig =
        toml::from_str(&format!("steps = 6\n{}", CONV.replace("gain = 3.0", "").replace("gain = 4.0", ""))).unwrap();
    let imported = Importer::new(config).input(&[1, 8, 8]).import(&module.state).unwrap().complete().unwrap();
    let spikes = output(&network);
    assert!(spikes.iter().sum::<f32>() > 0.0);
    assert_eq!(output(&imported.network(&Device::default()).unwrap()), spikes);
}

#[test]
fn parametric_neurons_keep_their_logit_and_their_input() {
    let text = "[[layers]]\nlinear = 5\n[[layers]]\nneuron = \"plif\"\ntau_m = 3.0\n[[layers]]\nlinear = \"classes\"\n\
        [[layers]]\nneuron = \"lif\"\ntau_m = 4.0\n";
    let checkpoint = Checkpoint::of(&network(text, &[64]));
    let jelly = PeerModule::of(&checkpoint, Peer::Spikingjelly).unwrap();
    // sigmoid(-ln 2) = 1 / 3
    assert!((jelly.state.get("lif1.w").unwrap().values[0] + 2f64.ln()).abs() < 1e-6);
    assert!(jelly.python.contains("ParametricLIFNode(init_tau=2.0, decay_input=True, v_threshold=1.0, v_reset=0.0"));
    assert!(jelly.python.contains("decay_input=False"));
    let back = Importer::new(toml::from_str(&format!("steps = 6\n{text}")).unwrap());
    let back = back.import(&jelly.state).unwrap().complete().unwrap();
    for (a, b) in back.parameters.iter().zip(&checkpoint.parameters) {
        let near = |(a, b): (&f32, &f32)| (a - b).abs() < 1e-6 * b.abs().max(1.0);
        assert!(a.name == b.name && a.values.iter().zip(&b.values).all(near), "{}", a.name);
    }
    // snnTorch adds the input as it is: the third is in the weights
    let torch = PeerModule::of(&checkpoint, Peer::Snntorch).unwrap();
    let ratio = torch.state.get("fc1.weight").unwrap().values[7] / jelly.state.get("fc1.weight").unwrap().values[7];
    assert!((ratio - 1.0 / 3.0).abs() < 1e-6, "{ratio}");
    assert!((torch.state.get("lif1.beta").unwrap().values[0] - 2.0 / 3.0).abs() < 1e-6);
}

#[test]
fn what_a_framework_cannot_say_is_refused_with_the_layer() {
    let of = |neurons: &str, peer: Peer| {
        let text = format!(
            "[[layers]]\nlinear = 5\n[[layers]]\n{neurons}\n[[layers]]\nlinear = 3\n[[layers]]\nneuron = \"lif\"\n"
        );
        PeerModule::of(&Checkpoint::of(&network(&text, &[64])), peer).map(|module| module.notes)
    };
    let soft = "neuron = \"lif\"\nreset = \"soft\"";
    for (neurons, peer, words) in [
        ("neuron = \"clif\"", Peer::Snntorch, "layers.1: has `clif` neurons, which snnTorch does not have"),
        ("neuron = \"lif\"\nv_reset = 0.2", Peer::Snntorch, "resets to a `v_reset` that is not 0"),
        ("neuron = \"lif\"\ntau_m = [1.0, 2.0, 3.0, 4.0, 5.0]", Peer::Spikingjelly, "has 5 values of `tau_m`"),
        (
            "neuron = \"lif\"\nreset = \"soft\"\nreset_delay = true",
            Peer::Spikingjelly,
            "(`reset_delay`), which SpikingJelly",
        ),
        ("neuron = \"lif\"\nreset = \"none\"", Peer::Spikingjelly, "has no reset"),
        ("neuron = \"lif\"\ndelay = 1", Peer::Snntorch, "has a delay"),
        ("neuron = \"lif\"\nrecurrent = true", Peer::Spikingjelly, "has connections to itself"),
    ] {
        let error = of(neurons, peer).unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
    }
    assert!(of(soft, Peer::Snntorch).unwrap()[0].contains("layers.1 resets at once"));
    assert_eq!(of(soft, Peer::Spikingjelly).unwrap(), [] as [&str; 0]);
    assert!(of("neuron = \"lif\"\nrecurrent = true", Peer::Snntorch).is_ok());
}
