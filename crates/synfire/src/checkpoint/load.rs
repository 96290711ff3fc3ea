//! From a checkpoint to a model. Every value is checked before it is used.

use super::{Checkpoint, StoredParameter};
use crate::Error;
use crate::parameters::{NamedParameter, NewValues, Replacement, matches, parameters, with_replacements};
use crate::train::{BuildModel, Task};
use burn::module::ParamId;
use burn::tensor::{Device, TensorData};
use std::collections::BTreeMap;

/// The use that is made of a checkpoint.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose<'a> {
    /// The model that it describes.
    Model,
    /// Its training: the keys of parameters too, which the optimisers' states refer to.
    Resume,
    /// A start for another training, without the parameters of these patterns.
    Init(&'a [String]),
}

/// Differences that a message lists.
const LISTED: usize = 3;

impl<C: BuildModel> Checkpoint<C> {
    /// Builds the model.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if its parameters do not fit its description, or one has a value that is not finite or out of
    /// its range.
    pub fn model(&self, device: &Device) -> Result<C::Model, Error> {
        let d = &self.description;
        let task = Task { input: &d.input, outputs: d.outputs, seed: 0, device };
        self.check_shapes(&task)?;
        self.load_into(d.model.build(&task)?, Purpose::Model)
    }

    /// Compares the description with the parameters, before a model of the described size is built: a
    /// damaged or malicious file cannot ask for more memory than it has bytes.
    fn check_shapes(&self, task: &Task<'_>) -> Result<(), Error> {
        for (name, expected) in self.description.model.shapes(task)? {
            match self.parameters.iter().find(|p| p.name == name) {
                Some(stored) if stored.shape == expected => {}
                Some(stored) => {
                    let problem = wrong_shape(stored, &expected);
                    return Err(self.refuse(format!("{problem}; {}", of_another::<C>())));
                }
                None => return Err(self.refuse(format!("has no `{name}`; the file is damaged"))),
            }
        }
        Ok(())
    }

    /// Puts the parameters into a model.
    pub(crate) fn load_into(&self, model: C::Model, purpose: Purpose<'_>) -> Result<C::Model, Error> {
        let known = parameters(&model);
        let skip = if let Purpose::Init(skip) = purpose { skip } else { &[] };
        self.check_patterns(skip, &known)?;
        let taken = |name: &str| !skip.iter().any(|pattern| matches(pattern, name));
        let known: Vec<NamedParameter> = known.into_iter().filter(|p| taken(&p.name)).collect();
        let stored: BTreeMap<&str, &StoredParameter> =
            self.parameters.iter().filter(|p| taken(&p.name)).map(|p| (p.name.as_str(), p)).collect();
        self.check_same(&known, &stored, purpose)?;
        for p in &known {
            check_values(p, stored[p.name.as_str()]).map_err(|problem| self.refuse(problem))?;
        }
        with_replacements(model, |p| {
            let Some(stored) = stored.get(p.name.as_str()) else { return Ok(Replacement::default()) };
            let data = |values: &[f32]| TensorData::new(values.to_vec(), p.shape.clone());
            // the exact values, where they are not what the model uses
            let values = match &stored.raw {
                Some(raw) => NewValues::Raw(data(raw)),
                None => NewValues::InUnits(data(&stored.values)),
            };
            let id = stored.id.filter(|_| matches!(purpose, Purpose::Resume)).map(ParamId::from);
            Ok(Replacement { id, values: Some(values) })
        })
    }

    /// Refuses patterns that name no parameter, and those that leave nothing to start from.
    fn check_patterns(&self, skip: &[String], known: &[NamedParameter]) -> Result<(), Error> {
        let names = || self.parameters.iter().map(|p| &p.name).chain(known.iter().map(|p| &p.name));
        if let Some(pattern) = skip.iter().find(|pattern| !names().any(|name| matches(pattern, name))) {
            let known = self.parameters.iter().map(|p| p.name.clone());
            return Err(Error::unknown("parameter", pattern, "init-skip", known));
        }
        if !skip.is_empty() && names().all(|name| skip.iter().any(|pattern| matches(pattern, name))) {
            let problem = format!("`{}` leaves nothing of {}", skip.join("`, `"), self.origin.display());
            return Err(Error::config("init-skip", problem + " to start from; skip fewer parameters"));
        }
        Ok(())
    }

    /// Refuses a model with other parameters or other shapes than the file has.
    fn check_same(
        &self,
        known: &[NamedParameter],
        stored: &BTreeMap<&str, &StoredParameter>,
        purpose: Purpose<'_>,
    ) -> Result<(), Error> {
        let without_place = stored.values().filter(|s| !known.iter().any(|p| p.name == s.name));
        let without_place = without_place
            .map(|s| (&s.name, format!("holds `{}` {:?}, which the model does not have", s.name, s.shape)));
        let others = known.iter().filter_map(|p| match stored.get(p.name.as_str()) {
            Some(s) if s.shape == p.shape => None,
            Some(s) => Some((&p.name, wrong_shape(s, &p.shape))),
            None => Some((&p.name, format!("has no `{}` {:?}", p.name, p.shape))),
        });
        let differences: Vec<(&String, String)> = others.chain(without_place).collect();
        let Some((first, _)) = differences.first() else { return Ok(()) };
        let listed: Vec<&str> = differences.iter().take(LISTED).map(|(_, problem)| problem.as_str()).collect();
        let more = match differences.len().saturating_sub(LISTED) {
            0 => String::new(),
            more => format!("; and {more} more differ"),
        };
        let cure = match purpose {
            Purpose::Init(_) => {
                let layer = first.splitn(3, '.').take(2).collect::<Vec<_>>().join(".");
                format!("; start without the parameters that differ with `--init-skip '{layer}.*'`")
            }
            _ => String::new(),
        };
        Err(self.refuse(format!("{}{more}; {}{cure}", listed.join("; "), of_another::<C>())))
    }
}

fn wrong_shape(stored: &StoredParameter, expected: &[usize]) -> String {
    format!("`{}` has shape {:?}, the model needs {expected:?}", stored.name, stored.shape)
}

/// `it is the checkpoint of another network`
fn of_another<C: BuildModel>() -> String {
    format!("it is the checkpoint of another {}", C::name())
}

/// Refuses values that are not finite or out of the parameter's range.
fn check_values(named: &NamedParameter, stored: &StoredParameter) -> Result<(), String> {
    let StoredParameter { name, values, raw, .. } = stored;
    for values in [Some(values), raw.as_ref()].into_iter().flatten() {
        if values.len() != named.count {
            return Err(format!("holds {} values of `{name}`; its shape needs {}", values.len(), named.count));
        }
        if let Some(value) = values.iter().find(|value| !value.is_finite()) {
            return Err(format!(
                "holds a `{name}` of {value}; expected finite values: the training diverged, or the file is damaged"
            ));
        }
    }
    if let Some(above) = named.above
        && let Some(value) = values.iter().find(|&&value| value <= above)
    {
        return Err(format!("holds a `{name}` of {value}; expected values above {above}: the file is damaged"));
    }
    if let Some([low, high]) = named.range
        && let Some(value) = values.iter().find(|value| !(low..=high).contains(value))
    {
        return Err(format!("holds a `{name}` of {value}, the model keeps it in {low} to {high}; widen its `range`"));
    }
    let is_variance = !named.learnable && name.rsplit('.').next() == Some("running_var");
    if let Some(value) = values.iter().find(|&&value| is_variance && value < 0.0) {
        return Err(format!("holds a `{name}` of {value}; expected variances of 0 or more: the file is damaged"));
    }
    let exact = |raw: f32| named.above.map_or(raw, |above| raw.exp() + above);
    let differs = |(&value, &raw): (&f32, &f32)| (exact(raw) - value).abs() > 1e-3 * value.abs().max(1.0);
    if let Some(raw) = raw
        && values.iter().zip(raw).any(differs)
    {
        return Err(format!("holds two different values of `{name}`; the file is damaged"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::NetworkConfig;
    use std::path::Path;

    const NET: &str = r#"
        steps = 3
        [[layers]]
        linear = 4
        [[layers]]
        batch_norm = true
        [[layers]]
        neuron = "plif"
        [[layers]]
        linear = "classes"
        delay = { value = 1.5, max = 2 }
        [[layers]]
        neuron = "lif"
        tau_m = 5.0
    "#;

    fn checkpoint(outputs: usize) -> Checkpoint {
        let config: NetworkConfig = toml::from_str(NET).unwrap();
        Checkpoint::of(&config.init(&[6], outputs, 0, &Device::flex()).unwrap())
    }

    /// Loads it with a changed parameter, through files of both formats, and returns the message.
    #[track_caller]
    fn load(name: &str, change: impl Fn(&mut StoredParameter)) -> String {
        let mut checkpoint = checkpoint(2);
        let parameter = checkpoint.parameters.iter_mut().find(|p| p.name == name);
        change(parameter.unwrap_or_else(|| panic!("no {name}")));
        let folder = tempfile::tempdir().unwrap();
        let [bpk, safetensors] = ["a.bpk", "a.safetensors"].map(|name| folder.path().join(name));
        checkpoint.write(&bpk).unwrap();
        checkpoint.write_safetensors(&safetensors).unwrap();
        let messages = [bpk, safetensors].map(|file| match Checkpoint::read(&file).unwrap().network(&Device::flex()) {
            Ok(_) => String::new(),
            Err(error) => error.to_string().split_once(": ").unwrap().1.to_string(),
        });
        assert!(messages[0] == messages[1] || name.ends_with("tau_m") || name.ends_with("raw"), "{messages:?}");
        messages[1].clone()
    }

    #[test]
    fn values_that_no_training_leaves_are_refused() {
        assert_eq!(load("layers.0.weight", |_| {}), "");
        let set = |value: f32| move |p: &mut StoredParameter| p.values[0] = value;
        for (name, value, words) in [
            ("layers.0.weight", f32::NAN, "holds a `layers.0.weight` of NaN; expected finite values"),
            ("layers.0.bias", f32::INFINITY, "holds a `layers.0.bias` of inf"),
            ("layers.2.tau_m", -3.0, "holds a `layers.2.tau_m` of -3; expected values above 1"),
            ("layers.4.tau_m", -3.0, "holds a `layers.4.tau_m` of -3; expected values above 0"),
            (
                "layers.1.running_var",
                -1e-3,
                "holds a `layers.1.running_var` of -0.001; expected variances of 0 or more",
            ),
            ("layers.1.running_mean", f32::NAN, "holds a `layers.1.running_mean` of NaN"),
            ("layers.3.delay", -1.0, "holds a `layers.3.delay` of -1, the model keeps it in 0 to 2"),
        ] {
            let error = load(name, set(value));
            assert!(error.starts_with(words), "{name}: {error}");
        }
        assert_eq!(load("layers.1.running_var", set(0.0)), "");
    }

    #[test]
    fn exact_values_that_say_something_else_are_refused() {
        let mut checkpoint = checkpoint(2);
        let tau = checkpoint.parameters.iter_mut().find(|p| p.name == "layers.2.tau_m").unwrap();
        tau.raw = Some(vec![8.0]);
        let error = checkpoint.network(&Device::flex()).unwrap_err().to_string();
        assert!(error.contains("holds two different values of `layers.2.tau_m`"), "{error}");
    }

    #[test]
    fn another_architecture_is_named_by_its_shapes_and_may_be_taken_in_part() {
        let config: NetworkConfig = toml::from_str(NET).unwrap();
        let other = |skip: &[&str]| {
            let skip: Vec<String> = skip.iter().map(ToString::to_string).collect();
            checkpoint(2).load_into(config.init(&[6], 3, 1, &Device::flex()).unwrap(), Purpose::Init(&skip))
        };
        let error = other(&[]).unwrap_err().to_string();
        for words in [
            "`layers.3.weight` has shape [2, 4], the model needs [3, 4]; `layers.3.bias` has shape [2], the model needs [3]",
            "it is the checkpoint of another network",
            "--init-skip 'layers.3.*'",
        ] {
            assert!(error.contains(words), "{error}");
        }
        let network = other(&["layers.3.*"]).unwrap();
        let values = |network: &crate::network::Network, name: &str| {
            let found = network.values().into_iter().find(|(p, _)| p.name == name).unwrap().1;
            found.try_into_vec::<f32>().unwrap()
        };
        let start = checkpoint(2).network(&Device::flex()).unwrap();
        assert_eq!(values(&network, "layers.0.weight"), values(&start, "layers.0.weight"));
        let fresh = config.init(&[6], 3, 1, &Device::flex()).unwrap();
        assert_eq!(values(&network, "layers.3.weight"), values(&fresh, "layers.3.weight"));
        assert!(other(&["layers.7.*"]).unwrap_err().to_string().contains("unknown parameter `layers.7.*`"));
        assert!(other(&["*"]).unwrap_err().to_string().contains("leaves nothing"));
    }

    #[test]
    fn parameters_that_are_missing_or_left_over_are_named() {
        let mut missing = checkpoint(2);
        missing.parameters.retain(|p| p.name != "layers.1.gamma");
        let error = missing.network(&Device::flex()).unwrap_err().to_string();
        assert!(error.contains("has no `layers.1.gamma` [4]; it is the checkpoint of another network"), "{error}");
        let mut extra = checkpoint(2);
        let mut more = extra.parameters[0].clone();
        more.name = "layers.9.weight".to_string();
        extra.parameters.push(more);
        let error = extra.network(&Device::flex()).unwrap_err().to_string();
        assert!(error.contains("holds `layers.9.weight` [4, 6], which the model does not have"), "{error}");
        assert!(Checkpoint::<NetworkConfig>::decode(b"", Path::new("a")).is_err());
    }
}
