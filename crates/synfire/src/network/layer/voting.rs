//! Means of groups of neurons.

use super::{AnyLayer, Layer, LayerKind, NetworkInfo, Pass, Site, transparent_module};
use crate::Error;
use crate::coding::Activations;
use crate::network::Shape;
use crate::registry::{BadSetting, Named};
use serde::{Deserialize, Serialize};

/// Mean of each group of neighbouring neurons, as one output: `voting = 10` makes 10 outputs of 100 neurons
/// (Fang et al. 2021, Incorporating learnable membrane time constant to enhance learning of spiking neural networks).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Voting {
    /// Neurons of a group, at least 1.
    pub neurons: usize,
}

impl Default for Voting {
    fn default() -> Self {
        Voting { neurons: 10 }
    }
}

impl Named for Voting {
    const NAME: &'static str = "voting";
    const ABOUT: &'static str = "mean of each group of neurons";
    const PRINCIPAL: Option<&'static str> = Some("neurons");
}

impl LayerKind for Voting {
    fn check(&self) -> Result<(), BadSetting> {
        BadSetting::unless(self.neurons > 0, "neurons", self.neurons, "at least 1 neuron in a group")
    }

    fn output_shape(&self, input: &Shape, _: NetworkInfo) -> Result<Shape, String> {
        let neurons = input.size();
        match neurons % self.neurons {
            0 => Ok([neurons / self.neurons].into()),
            _ => Err(format!(
                "has groups of {} and is given {neurons} neurons; expected a multiple of {0}",
                self.neurons
            )),
        }
    }

    fn build(&self, _: &mut Site<'_>) -> Result<AnyLayer, Error> {
        Ok(VotingLayer { neurons: self.neurons }.into())
    }

    fn passes_spike_times(&self) -> bool {
        true
    }
}

#[derive(Clone, Debug)]
struct VotingLayer {
    neurons: usize,
}

transparent_module!(VotingLayer { inner: [], named: [], plain: [neurons] });

impl Layer for VotingLayer {
    fn forward(&self, input: Activations, _: &mut Pass) -> Result<Activations, Error> {
        Ok(input.map(|x| {
            let [steps, batch, neurons] = x.dims();
            x.reshape([steps, batch, neurons / self.neurons, self.neurons]).mean_dim(3).squeeze_dim(3)
        }))
    }

    fn describe(&self) -> String {
        format!("voting {}", self.neurons)
    }
}
