//! From a state dict to a network.

mod assign;
mod checks;
mod imported;
mod map;
mod modules;
mod pairing;
mod report;
mod sizes;
mod widen;

#[cfg(test)]
mod tests;

pub use imported::Imported;
pub use map::{Source, SourceAs, StateMap};
pub use report::{ImportEntry, ImportReport, ImportStatus};

use super::StateDict;
use super::framework::Framework;
use crate::Error;
use crate::checkpoint::Checkpoint;
use crate::network::NetworkConfig;
use crate::parameters::matches;
use assign::Assigned;
use burn::tensor::Device;
use pairing::Assignment;
use report::Dropped;
use std::collections::HashSet;

/// Makes networks of state dicts.
///
/// The description says what a state dict does not: the order of the layers, models of neurons, resets, encoder and
/// decoder. Connections, normalisations and layers of neurons are paired with the modules of the same name, and the rest
/// in order; a [`StateMap`] overrides that.
///
/// ```
/// use synfire::exchange::{Importer, StateDict, StateTensor};
/// use synfire::network::NetworkConfig;
///
/// let network: NetworkConfig = toml::from_str(r#"
///     steps = 25
///     [[layers]]
///     linear = 2
///     [[layers]]
///     neuron = "lif"
///     reset = "soft"
///     reset_delay = true
/// "#).unwrap();
/// let tensor = |key: &str, shape: &[usize], values: &[f64]| {
///     StateTensor { key: key.to_string(), shape: shape.to_vec(), values: values.to_vec() }
/// };
/// let state = StateDict::new([
///     tensor("fc1.weight", &[2, 3], &[0.1, 0.2, 0.3, 0.4, 0.5, 0.6]),
///     tensor("fc1.bias", &[2], &[0.0, 0.1]),
///     tensor("lif1.beta", &[], &[0.9]),
///     tensor("lif1.threshold", &[], &[1.0]),
/// ]);
/// let checkpoint = Importer::new(network).import(&state)?.complete()?;
/// let tau = checkpoint.parameters.iter().find(|p| p.name == "layers.1.tau_m").unwrap();
/// assert!((tau.values[0] - 9.491221).abs() < 1e-5); // -1 ms / ln(0.9)
/// # Ok::<(), synfire::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Importer {
    config: NetworkConfig,
    map: StateMap,
    input: Option<Vec<usize>>,
    outputs: Option<usize>,
}

impl Importer {
    /// Makes networks of this description.
    #[must_use]
    pub fn new(config: NetworkConfig) -> Self {
        Importer { config, map: StateMap::default(), input: None, outputs: None }
    }

    /// Sets a map that overrides the rules of the framework.
    #[must_use]
    pub fn map(self, map: StateMap) -> Self {
        Importer { map, ..self }
    }

    /// Sets the shape of a sample. If not given it is that of the weights of the first layer, where that is `linear`.
    #[must_use]
    pub fn input(self, shape: &[usize]) -> Self {
        Importer { input: Some(shape.to_vec()), ..self }
    }

    /// Sets the number of classes or values. If not given it is that of the last connection's outputs.
    #[must_use]
    pub fn outputs(self, outputs: usize) -> Self {
        Importer { outputs: Some(outputs), ..self }
    }

    /// Makes the network of a state dict. What has no tensor stays as the description has it.
    ///
    /// # Errors
    ///
    /// [`Error::File`] names the tensor of the wrong shape, the leak that no time constant has, or the modules that
    /// the layers cannot be paired with; [`Error::Config`] and others if the description makes no sense.
    pub fn import(&self, state: &StateDict) -> Result<Imported, Error> {
        let framework = self.map.from.unwrap_or_else(|| Framework::of(state));
        let mut notes = vec![];
        let (assignments, mut dropped) = self.assignments(state, framework, &mut notes)?;
        let assigned: Vec<Assigned<'_>> =
            assignments.into_iter().map(|a| self.assigned(state, framework, a)).collect::<Result<_, _>>()?;
        let (gone, assigned): (Vec<_>, Vec<_>) = assigned.into_iter().partition(|one| one.is_void());
        dropped.extend(gone.into_iter().map(|one| Dropped::of(&one.tensor.key, "no leak")));
        let (input, outputs) = self.sizes(state, &assigned)?;
        let config = widen::widened(&self.config, state, &assigned, &input, outputs)?;
        sizes::check_weights(&config, state, &assigned, &input, outputs)?;
        let network = config.init(&input, outputs, 0, &Device::default())?;
        let mut checkpoint = Checkpoint::of(&network);
        let parameters = network.parameters();
        let of = |name: &str| assigned.iter().find(|one| one.assignment.name() == name);
        for parameter in &mut checkpoint.parameters {
            let Some(one) = of(&parameter.name) else { continue };
            let count = parameter.values.len();
            parameter.values = one.values(count).map_err(|problem| state.refuse(problem))?;
            parameter.raw = None;
        }
        let report = report::of(framework, state, &parameters, &assigned, &dropped, notes);
        Ok(Imported { checkpoint, report, origin: state.origin().to_path_buf() })
    }

    /// Tensors for parameters, by the map and by rules, and the tensors that need no place, with the reason.
    fn assignments(
        &self,
        state: &StateDict,
        framework: Framework,
        notes: &mut Vec<String>,
    ) -> Result<(Vec<Assignment>, Vec<Dropped>), Error> {
        let mut assignments = self.explicit(state)?;
        let is_dropped = |key: &str| self.map.drop.iter().any(|pattern| matches(pattern, key));
        let mut dropped: Vec<Dropped> = state
            .tensors()
            .iter()
            .filter(|tensor| is_dropped(&tensor.key))
            .map(|tensor| Dropped::of(&tensor.key, "the map drops it"))
            .collect();
        let used: HashSet<&str> = assignments.iter().map(|a| a.key.as_str()).collect();
        let taken: Vec<usize> = assignments.iter().map(|a| a.layer).collect();
        let mut modules = framework.modules(state);
        modules.retain(|module| !module.tensors.iter().any(|(tensor, _)| used.contains(tensor.key.as_str())));
        for module in &mut modules {
            module.tensors.retain(|(tensor, _)| !is_dropped(&tensor.key));
        }
        modules.retain(|module| !module.tensors.is_empty());
        for pair in pairing::pairs(state, modules, &self.config, &taken)? {
            dropped.extend(checks::check(state, &self.config, framework, &pair, notes)?);
            assignments.extend(pair.assignments());
        }
        Ok((assignments, dropped))
    }

    /// Tensors for parameters that the map names.
    fn explicit(&self, state: &StateDict) -> Result<Vec<Assignment>, Error> {
        let of = |(name, source): (&String, &Source)| {
            let known = || state.tensors().iter().take(100).map(|tensor| tensor.key.clone());
            if state.get(source.key()).is_none() {
                return Err(Error::unknown("tensor", source.key(), &format!("the map's `{name}`"), known()));
            }
            let parts = name.strip_prefix("layers.").and_then(|rest| rest.split_once('.'));
            let layer = parts.and_then(|(layer, parameter)| Some((layer.parse::<usize>().ok()?, parameter)));
            match layer.filter(|(layer, _)| *layer < self.config.layers.len()) {
                Some((layer, parameter)) => Ok(Assignment {
                    layer,
                    parameter: parameter.to_string(),
                    key: source.key().to_string(),
                    quantity: source.quantity(),
                    by_rule: false,
                }),
                None => {
                    let last = self.config.layers.len().saturating_sub(1);
                    let problem = format!(
                        "expected a parameter of a layer, layers.0 to layers.{last}, such as `layers.0.weight`"
                    );
                    Err(Error::config(format!("parameters.{name} of the map"), problem))
                }
            }
        };
        self.map.parameters.iter().map(of).collect()
    }
}
