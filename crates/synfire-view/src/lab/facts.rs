//! Facts about models, for lists and sliders.

use crate::Error;
use crate::answer::json;
use crate::query::Params;
use axum::response::Response;
use serde::Serialize;
use synfire::neuron::registry::{self, Entry};
use synfire::neuron::{FieldInfo, Notation, OutputKind, Settings};

/// Facts about a model.
#[derive(Serialize)]
struct Model {
    name: &'static str,
    about: &'static str,
    spiking: bool,
    parameters: Vec<Slider>,
    states: Vec<&'static str>,
    /// Inputs besides the current.
    inputs: Vec<Slider>,
    current: Slider,
    settings: Settings,
    equations: String,
    /// In ms.
    dt: f64,
}

/// A value that is set: its default, and a range that shows something.
#[derive(Serialize)]
struct Slider {
    name: &'static str,
    about: &'static str,
    unit: &'static str,
    /// None where the model decides, or draws it at random.
    default: Option<f32>,
    /// Values at or below it are refused.
    above: Option<f32>,
    minimum: f32,
    maximum: f32,
}

/// Names of all models, with a few words on each.
pub(crate) fn models(_: &Params) -> Result<Response, Error> {
    let about = |entry: &Entry| serde_json::json!({ "name": entry.info.name, "about": entry.info.about });
    json(&registry::models().iter().map(about).collect::<Vec<_>>())
}

/// Facts about one model.
pub(crate) fn model(params: &Params) -> Result<Response, Error> {
    let entry = registry::find(params.need("model")?)?;
    let info = entry.info;
    let point = info.operating_point;
    let most = (4.0 * point.trace_current.abs()).max(f32::MIN_POSITIVE);
    json(&Model {
        name: info.name,
        about: info.about,
        spiking: info.output == OutputKind::Spiking,
        parameters: sliders(info.parameters),
        states: info.states.iter().map(|state| state.name).collect(),
        inputs: sliders(&info.inputs[1..]),
        current: Slider {
            name: info.inputs[0].name,
            about: info.inputs[0].doc.trim(),
            unit: point.current_unit,
            default: Some(point.trace_current),
            above: None,
            minimum: -most / 4.0,
            maximum: most,
        },
        settings: entry.settings(),
        equations: entry.equations(Notation::Text),
        dt: point.trace_dt(),
    })
}

fn sliders(fields: &[FieldInfo]) -> Vec<Slider> {
    let slider = |field: &FieldInfo| {
        let FieldInfo { name, default, unit, above, doc } = *field;
        let (minimum, maximum) = range(default.unwrap_or(1.0), above);
        Slider { name, about: doc.trim(), unit, default, above, minimum, maximum }
    };
    fields.iter().map(slider).collect()
}

/// A range around a default, above its bound: up to four times as far from the bound, or from zero, as the default.
fn range(default: f32, above: Option<f32>) -> (f32, f32) {
    let size = if default == 0.0 { 1.0 } else { default.abs() };
    match above {
        Some(bound) if default > bound => (bound + (default - bound) / 20.0, bound + (default - bound) * 4.0),
        Some(bound) => (bound + size / 20.0, bound + size * 4.0),
        None => (default - size, default + size),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_is_in_its_range() {
        for entry in registry::models() {
            for slider in sliders(entry.info.parameters) {
                let value = slider.default.unwrap_or(1.0);
                let name = format!("{}.{}", entry.info.name, slider.name);
                assert!((slider.minimum..=slider.maximum).contains(&value), "{name}");
                assert!(slider.above.is_none_or(|bound| slider.minimum > bound), "{name}");
            }
        }
    }
}
