//! The layer, the inputs and the initial state of a case.

use super::custom::EQUATIONS;
use super::files::{Arrays, Case, Given, split};
use super::table::Translation;
use super::words::{self, words};
use crate::tensor;
use burn::tensor::{Device, Tensor};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use synfire::neuron::{NeuronState, Neurons, Settings, registry};
use synfire_dynamics::FieldInfo;

/// The widths that the surrogates were recorded with.
const WIDTHS: [(&str, f32); 2] = [("stca", 0.5), ("atan", 2.0)];

/// The layer of a case; the parameters named in `learned` learn.
pub(super) fn layer(
    translation: &Translation,
    case: &Case,
    surrogate: Option<&str>,
    learned: &BTreeSet<String>,
    device: &Device,
) -> Result<Neurons, String> {
    check_equation(translation, case)?;
    let entry = registry::find(translation.ours()).map_err(|error| error.to_string())?;
    let mut settings = Settings::new();
    if entry.has_setting("spaic_compat") {
        settings.insert("spaic_compat".to_string(), json!(true));
    }
    if let Some(name) = surrogate.filter(|_| entry.has_setting("surrogate")) {
        let (_, width) = WIDTHS.iter().find(|(known, _)| *known == name).ok_or(format!("a surrogate `{name}`"))?;
        settings.insert("surrogate".to_string(), json!(name));
        settings.insert("alpha".to_string(), json!(width));
    }
    let mut each = vec![];
    for (spaic, given) in &case.params {
        let word = words::find(translation.parameters, spaic).ok_or_else(|| super::unknown("the parameter", spaic))?;
        if !word.form.is_empty() {
            continue; // unused, or the initial value of a state
        }
        let name = word.ours.to_ascii_lowercase();
        let value = match given {
            Given::One(value) => Value::Number(value.clone()),
            Given::Each(values) => {
                each.push((name.clone(), values.clone()));
                json!({ "value": values[0], "per": "neuron" })
            }
        };
        settings.insert(name, value);
    }
    for name in learned {
        let written = settings.remove(name);
        let mut table = match written {
            Some(Value::Object(table)) => table,
            Some(value) => [("value".to_string(), value)].into_iter().collect(),
            None => serde_json::Map::new(),
        };
        table.insert("learn".to_string(), json!(true));
        settings.insert(name.clone(), Value::Object(table));
    }
    let dt = case.dt.unwrap_or(1.0);
    let mut neurons = entry.layer(&settings, &[case.n], dt, device).map_err(|error| error.to_string())?;
    for (name, values) in each {
        let parameter = neurons.parameters.iter_mut().find(|parameter| parameter.name() == name);
        let parameter = parameter.ok_or_else(|| format!("`{name}` is no parameter but has a value per neuron"))?;
        let raw = parameter.to_raw(tensor(values, [case.n], device));
        let learns = parameter.is_learnable();
        parameter.raw = parameter.raw.clone().map(|_| raw.set_require_grad(learns));
    }
    Ok(neurons)
}

/// Refuses a user's model whose formula is not the one that is implemented here.
fn check_equation(translation: &Translation, case: &Case) -> Result<(), String> {
    let Some(equation) = &case.equation else { return Ok(()) };
    let ours = translation.ours();
    match EQUATIONS.iter().any(|(name, known)| *name == ours && known == equation) {
        true => Ok(()),
        false => Err(format!("`{ours}` does not compute `{equation}` (tests/src/golden/custom.rs)")),
    }
}

/// What arrives at each of the model's inputs, `[T, B, N]`, with gradients.
pub(super) fn inputs(
    translation: &Translation,
    case: &Case,
    fields: &[FieldInfo],
    arrays: &Arrays<'_>,
    device: &Device,
) -> Result<Vec<Tensor<3>>, String> {
    if let Some(word) = words(translation.inputs).find(|word| fields.iter().all(|field| field.name != word.ours)) {
        return Err(format!("the model has no input `{}`", word.ours));
    }
    let dims = [case.steps, case.batch, case.n];
    let input = |field: &FieldInfo| {
        let numbers = match words(translation.inputs).find(|word| word.ours == field.name) {
            Some(word) => arrays.get(word.spaic)?,
            None => vec![0.0; dims.iter().product()],
        };
        Ok(tensor(numbers, dims, device).require_grad())
    };
    fields.iter().map(input).collect()
}

/// What the states were before the first step.
pub(super) fn initial(
    translation: &Translation,
    case: &Case,
    fields: &[FieldInfo],
    arrays: &Arrays<'_>,
    device: &Device,
) -> Result<NeuronState, String> {
    let mut rows: Vec<Vec<f32>> = fields.iter().map(|field| vec![field.default.unwrap_or(0.0)]).collect();
    let mut set = |name: &str, numbers: Vec<f32>| {
        let state = fields.iter().position(|field| field.name == name.to_ascii_lowercase());
        rows[state.ok_or_else(|| format!("the model has no state `{name}`"))?] = numbers;
        Ok::<(), String>(())
    };
    for word in words(translation.parameters).filter(|word| word.form == "initial") {
        match case.params.get(word.spaic) {
            Some(Given::One(value)) => set(word.ours, vec![value.as_f64().unwrap_or(f64::NAN) as f32])?,
            Some(Given::Each(values)) => set(word.ours, values.clone())?,
            None => {}
        }
    }
    for spaic in arrays.names().filter_map(|name| name.strip_prefix("init/")) {
        let numbers = arrays.get(&format!("init/{spaic}"))?;
        match words::find(translation.states, spaic) {
            Some(word) if word.is_state() => set(word.ours, numbers)?,
            Some(word) if word.form == "parameter" => {}
            _ if numbers.iter().all(|x| *x == 0.0) => {}
            _ => return Err(format!("`init/{spaic}` is not zero, and no state of ours starts from it")),
        }
    }
    let dims = [case.batch, case.n];
    let count = case.batch * case.n;
    let whole = |row: Vec<f32>| tensor(row.into_iter().cycle().take(count).collect(), dims, device);
    Ok(NeuronState(rows.into_iter().map(whole).collect()))
}

/// The parameters that gradients were recorded for.
pub(super) fn learned(translation: &Translation, arrays: &Arrays<'_>, surrogate: &str) -> BTreeSet<String> {
    let prefix = format!("grad_{surrogate}/");
    let recorded = arrays.names().filter_map(|name| name.strip_prefix(&prefix));
    let words = recorded.filter_map(|name| words::find(translation.learned, split(name).0));
    words.map(|word| word.ours.to_ascii_lowercase()).collect()
}
