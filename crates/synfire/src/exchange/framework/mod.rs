//! Frameworks whose state dicts are understood: what their modules call their parameters.

mod norse;
mod snntorch;
mod spikingjelly;
mod torch;

use super::leak::Quantity;
use super::{StateDict, StateTensor};
use serde::{Deserialize, Serialize};

/// A framework, by what its modules call their parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Framework {
    /// snnTorch: `lif1.beta`, `lif1.threshold`.
    Snntorch,
    /// SpikingJelly: `1.w` of `ParametricLIFNode`.
    Spikingjelly,
    /// Norse: `tau_mem_inv`, `input_weights`.
    Norse,
    /// Layers of `torch.nn` alone: neurons are as the description of the network says.
    Torch,
}

/// Use that is made of a tensor of a module.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// The parameter of this name in the paired layer.
    Parameter(&'static str, Quantity),
    /// Compared with the description of the layer.
    Reset,
    /// Left out where it is 1, refused otherwise.
    One,
    /// Left out.
    Drop,
}

/// Role of a tensor in a module, by the end of its name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    /// `weight`, `recurrent.weight`
    pub(super) end: &'static str,
    pub(super) becomes: Use,
}

/// Kind of a module, or of a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Connection,
    Norm,
    Neurons,
}

impl Kind {
    pub(super) fn plural(self) -> &'static str {
        match self {
            Kind::Connection => "connections",
            Kind::Norm => "normalisations",
            Kind::Neurons => "layers of neurons",
        }
    }
}

impl Framework {
    /// Every framework.
    pub const ALL: [Framework; 4] = [Framework::Snntorch, Framework::Spikingjelly, Framework::Norse, Framework::Torch];

    /// Name in files and on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Framework::Snntorch => "snntorch",
            Framework::Spikingjelly => "spikingjelly",
            Framework::Norse => "norse",
            Framework::Torch => "torch",
        }
    }

    /// The framework that a state dict comes from, by the names in it; plain `torch.nn` where none is typical.
    ///
    /// ```
    /// use synfire::exchange::{Framework, StateDict, StateTensor};
    ///
    /// let tensor = |key: &str| StateTensor { key: key.to_string(), shape: vec![], values: vec![0.9] };
    /// let state = StateDict::new(["fc1.weight", "lif1.beta", "lif1.threshold"].map(tensor));
    /// assert_eq!(Framework::of(&state), Framework::Snntorch);
    /// ```
    #[must_use]
    pub fn of(state: &StateDict) -> Self {
        let has = |typical: &[&str]| {
            let ends = |tensor: &StateTensor| typical.iter().any(|end| prefix(&tensor.key, end).is_some());
            state.tensors().iter().any(ends)
        };
        let typical = |framework: &Framework| has(framework.typical());
        Self::ALL.into_iter().find(typical).unwrap_or(Framework::Torch)
    }

    /// Ends of names that only this framework has.
    fn typical(self) -> &'static [&'static str] {
        match self {
            Framework::Snntorch => snntorch::TYPICAL,
            Framework::Spikingjelly => spikingjelly::TYPICAL,
            Framework::Norse => norse::TYPICAL,
            Framework::Torch => &[],
        }
    }

    /// Rules for modules of a kind.
    pub(super) fn rules(self, kind: Kind) -> &'static [Rule] {
        match (kind, self) {
            (Kind::Connection, Framework::Norse) => norse::CONNECTION,
            (Kind::Connection, _) => torch::CONNECTION,
            (Kind::Norm, _) => torch::NORM,
            (Kind::Neurons, Framework::Snntorch) => snntorch::NEURONS,
            (Kind::Neurons, Framework::Spikingjelly) => spikingjelly::NEURONS,
            (Kind::Neurons, Framework::Norse) => norse::NEURONS,
            (Kind::Neurons, Framework::Torch) => &[],
        }
    }

    /// Whether its neurons multiply their input by the share that a step takes; `None` where that is a setting that
    /// state dicts do not have.
    pub(super) fn scales_input(self) -> Option<bool> {
        match self {
            Framework::Snntorch => Some(false),
            Framework::Norse => Some(true),
            Framework::Spikingjelly | Framework::Torch => None,
        }
    }
}

/// The name of the module of a tensor whose name ends so: `lif1` of `lif1.beta`, nothing of `beta`.
pub(super) fn prefix<'a>(key: &'a str, end: &str) -> Option<&'a str> {
    match key.strip_suffix(end)? {
        "" => Some(""),
        rest => rest.strip_suffix('.'),
    }
}
