//! The program that builds a module.

use super::Peer;
use super::chain::Part;
use crate::network::NetworkConfig;

/// Facts about the network that are not in the module.
pub(super) fn notes(config: &NetworkConfig) -> Vec<String> {
    let mut notes = vec![];
    if config.encoder.name() != "constant" {
        notes.push(format!(
            "the encoder `{}` is not in the module: `forward` takes what it makes of the samples, [T, B, ..]",
            config.encoder.name()
        ));
    }
    if config.decoder.name() != "spike_counts" {
        notes.push(format!(
            "the decoder `{}` is not in the module: `forward` gives the output of the last layer, [T, B, N]",
            config.decoder.name()
        ));
    }
    notes
}

/// A program with the class `Net`.
pub(super) fn program(peer: Peer, config: &NetworkConfig, parts: &[Part], input: &[usize]) -> String {
    let (import, forget) = match peer {
        Peer::Snntorch => ("import snntorch as snn\nfrom snntorch import surrogate", None),
        Peer::Spikingjelly => (
            "from spikingjelly.activation_based import functional, neuron, surrogate",
            Some("functional.reset_net(self)"),
        ),
    };
    let built: Vec<String> = parts
        .iter()
        .filter(|part| !part.name.is_empty())
        .map(|part| format!("        self.{} = {}\n", part.name, part.constructor))
        .collect();
    let reset: Vec<String> = match forget {
        Some(forget) => vec![format!("        {forget}\n")],
        None => {
            let stateful = parts.iter().filter(|part| part.is_stateful);
            stateful.map(|part| format!("        self.{}.reset_mem()\n", part.name)).collect()
        }
    };
    let calls: Vec<String> = parts.iter().map(|part| format!("            x = {}\n", part.call)).collect();
    let shape: Vec<String> = input.iter().map(ToString::to_string).collect();
    let shape = shape.join(", ");
    let built = built.concat();
    let (reset, calls) = (reset.concat(), calls.concat());
    let steps = config.steps;
    format!(
        r#"import torch
{import}


class Net(torch.nn.Module):
    """Written by Synfire: {steps} steps of {dt} ms. `net.load_state_dict(safetensors.torch.load_file(FILE))`."""

    def __init__(self):
        super().__init__()
{built}
    def forward(self, samples, steps={steps}, over_time=False):
        """Output of the last layer, [T, B, N]; `samples` [B, ..] at every step, or with `over_time` [T, B, ..]."""
{reset}        outputs = []
        for step in range(steps):
            x = samples[step] if over_time else samples
            x = x.reshape(x.shape[0], {shape})
{calls}            outputs.append(x)
        return torch.stack(outputs)
"#,
        dt = config.dt,
    )
}
