//! From a network to a module of another framework.

mod chain;
mod connection;
mod layers;
mod leaky;
mod parametric;
mod python;
mod stored;

#[cfg(test)]
mod tests;

use super::StateDict;
use crate::Error;
use crate::checkpoint::Checkpoint;
use burn::tensor::Device;
use serde::Serialize;

/// A framework that networks are written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Peer {
    /// snnTorch: `Leaky` and `RLeaky`.
    Snntorch,
    /// SpikingJelly: `ParametricLIFNode` and `IFNode`.
    Spikingjelly,
}

impl Peer {
    /// Every framework.
    pub const ALL: [Peer; 2] = [Peer::Snntorch, Peer::Spikingjelly];

    /// Name in files and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Peer::Snntorch => "snntorch",
            Peer::Spikingjelly => "spikingjelly",
        }
    }
}

/// A network as a module of another framework: a state dict for its `load_state_dict`, and the Python that builds it.
///
/// ```
/// use burn::tensor::Device;
/// use synfire::checkpoint::Checkpoint;
/// use synfire::exchange::{Peer, PeerModule};
/// use synfire::network::NetworkConfig;
///
/// let network = NetworkConfig::two_layers("lif", 16, 20).init(&[8], 3, 0, &Device::default())?;
/// let module = PeerModule::of(&Checkpoint::of(&network), Peer::Snntorch)?;
/// assert!(module.python.contains("snn.Leaky("));
/// assert_eq!(module.state.get("fc1.weight").unwrap().shape, [16, 8]);
/// # Ok::<(), synfire::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct PeerModule {
    /// Tensors by the names of the module.
    pub state: StateDict,
    /// The module, a program in Python with a class `Net`.
    pub python: String,
    /// Differences that the other framework sees.
    pub notes: Vec<String>,
}

impl PeerModule {
    /// Writes a network as a module of another framework.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] names the layer that the framework cannot express, and the cure; as
    /// [`Checkpoint::network`] for a checkpoint that does not fit its description.
    pub fn of(checkpoint: &Checkpoint, peer: Peer) -> Result<Self, Error> {
        let network = checkpoint.network(&Device::default())?;
        let chain = chain::of(checkpoint, &network, peer)?;
        let mut notes = chain.notes;
        notes.extend(python::notes(network.config()));
        let tensors = chain.parts.iter().flat_map(|part| part.tensors.clone());
        Ok(PeerModule {
            state: StateDict::new(tensors),
            python: python::program(peer, network.config(), &chain.parts, network.layers()[0].input_shape().dims()),
            notes,
        })
    }
}
