//! A layer of neurons from its configuration.

use super::values::{Field, initial, parameters, refuse};
use super::{ParameterConfig, learning};
use crate::Error;
use crate::neuron::model::AnyNeuron;
use crate::neuron::{Model, Neurons, Parameter};
use burn::tensor::Device;
use std::collections::BTreeMap;
use synfire_dynamics::{FieldInfo, Reached};

/// Makes the layer; see [`NeuronConfig::try_init`](super::NeuronConfig::try_init).
pub(super) fn layer(
    model: Model,
    given: &BTreeMap<String, ParameterConfig>,
    dt: f32,
    shape: &[usize],
    device: &Device,
) -> Result<Neurons, Error> {
    let info = model.info();
    if !(dt > 0.0 && dt.is_finite()) {
        return Err(refuse(info.name, "dt", format!("is {dt} ms; expected a time step above 0")));
    }
    let params = fields(given, "", info.parameters);
    let states = fields(given, "initial.", info.states);
    check_names(&*model, given, params.iter().chain(&states))?;

    let columns = parameters(&*model, &params, shape)?;
    let distinct = columns.iter().map(Vec::len).max().unwrap_or(1);
    let warning = (0..distinct).find_map(|n| {
        let params: Vec<f32> = columns.iter().map(|column| column[n * column.len() / distinct]).collect();
        model.warning(&params, dt)
    });
    let learn = |field: &Field| learns(&*model, field);
    let params_learn: Vec<bool> = params.iter().map(learn).collect::<Result<_, _>>()?;
    let states: Vec<Field> = states.into_iter().filter(Field::is_given).collect();
    let states_learn: Vec<bool> = states.iter().map(learn).collect::<Result<_, _>>()?;
    let starts = initial(info.name, &states, shape)?;
    let make = |fields: Vec<Field>, values: Vec<Vec<f32>>, learn: Vec<bool>| {
        let parameter = |((field, values), learn): ((Field, Vec<f32>), bool)| {
            Parameter::new(&field.name, values, learn, field.info.above, device)
                .within(field.config.range)
                .in_unit(field.info.unit)
        };
        fields.into_iter().zip(values).zip(learn).map(parameter).collect()
    };
    let (params, states) = (make(params, columns, params_learn), make(states, starts, states_learn));
    Ok(Neurons::new(model, params, states, shape, dt).with_warning(warning))
}

/// Whether a parameter learns; refuses one that is told to and that no gradient reaches.
fn learns(model: &dyn AnyNeuron, field: &Field) -> Result<bool, Error> {
    let info = model.info();
    if !field.config.learn.unwrap_or(info.learnable.contains(&field.name.as_str())) {
        return Ok(false);
    }
    let of = |infos: &[FieldInfo], name: &str| infos.iter().position(|info| info.name == name);
    let is_reached = |reached: &Reached| match field.name.strip_prefix("initial.") {
        Some(state) => of(info.states, state).is_some_and(|k| reached.states[k]),
        // a state of its name starts from it
        None => {
            of(info.parameters, &field.name).is_some_and(|i| reached.params[i])
                || of(info.states, &field.name).is_some_and(|k| reached.states[k])
        }
    };
    match is_reached(&learning::reach(model)) {
        true => Ok(true),
        // a default does not insist
        false if field.config.learn.is_none() => Ok(false),
        false => Err(refuse(info.name, &field.name, learning::problem(model, &is_reached))),
    }
}

fn fields(given: &BTreeMap<String, ParameterConfig>, group: &str, infos: &'static [FieldInfo]) -> Vec<Field> {
    let field = |info: &'static FieldInfo| {
        let name = format!("{group}{}", info.name);
        Field { config: given.get(&name).cloned().unwrap_or_default(), name, info }
    };
    infos.iter().map(field).collect()
}

fn check_names<'a>(
    model: &dyn AnyNeuron,
    given: &BTreeMap<String, ParameterConfig>,
    fields: impl Iterator<Item = &'a Field>,
) -> Result<(), Error> {
    let known: Vec<String> = fields.map(|field| field.name.clone()).collect();
    let Some(unknown) = given.keys().find(|name| !known.contains(name)) else { return Ok(()) };
    let name = model.info().name;
    if model.settings().contains_key(unknown) {
        let problem = format!("is a setting of the model; set `model.{unknown}` of the configuration instead");
        return Err(refuse(name, unknown, problem));
    }
    Err(Error::unknown("parameter", unknown, &format!("`{name}`"), known))
}
