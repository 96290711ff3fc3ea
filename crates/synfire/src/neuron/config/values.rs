//! Values of a layer's parameters, checked.

use super::{ParameterConfig, ParameterValue, Per};
use crate::Error;
use crate::neuron::model::AnyNeuron;
use serde_json::Value;
use synfire_dynamics::FieldInfo;

/// A parameter, or the initial value of a state, and its configuration.
pub(super) struct Field {
    /// `tau_m`, `initial.v`
    pub(super) name: String,
    pub(super) info: &'static FieldInfo,
    pub(super) config: ParameterConfig,
}

pub(super) fn refuse(model: &str, name: &str, problem: String) -> Error {
    Error::Parameter { model: model.to_string(), name: name.to_string(), problem }
}

/// The values of every parameter: one, one per channel or one per neuron.
pub(super) fn parameters(model: &dyn AnyNeuron, fields: &[Field], shape: &[usize]) -> Result<Vec<Vec<f32>>, Error> {
    let name = model.info().name;
    let given: Vec<Option<Vec<f32>>> = fields.iter().map(|field| field.given(name, shape)).collect::<Result<_, _>>()?;
    // where every parameter has one value, one neuron stands for the layer
    let any_list = given.iter().flatten().any(|column| column.len() > 1);
    let distinct = if any_list { Per::Neuron.count(shape).max(1) } else { 1 };
    let at = |column: &[f32], n: usize| column[n * column.len() / distinct];
    let record = |n: usize| -> Vec<f32> {
        given.iter().map(|column| column.as_deref().map_or(f32::NAN, |column| at(column, n))).collect()
    };
    let derive = |field: &Field| {
        let each: Vec<f32> = (0..distinct).map(|n| derived(model, field.info.name, &record(n))).collect();
        match each.iter().all(|value| value.to_bits() == each[0].to_bits()) {
            true => vec![each[0]; field.config.count(shape)],
            false => each,
        }
    };
    let columns: Vec<Vec<f32>> =
        fields.iter().zip(&given).map(|(field, column)| column.clone().unwrap_or_else(|| derive(field))).collect();
    let check = |is_given: bool| {
        let mut chosen = fields.iter().zip(&columns).zip(&given).filter(|(_, given)| given.is_some() == is_given);
        chosen.try_for_each(|((field, column), _)| field.check(name, column))
    };
    // what follows from wrong parameters is wrong too; the message should name the ones given
    check(true)?;
    for n in 0..distinct {
        let params: Vec<f32> = columns.iter().map(|column| at(column, n)).collect();
        model.check(&params).map_err(|problem| {
            let place = if distinct > 1 { format!(" (neuron {n})") } else { String::new() };
            Error::Parameters { model: name.to_string(), problem: problem + &place }
        })?;
    }
    check(false)?;
    Ok(columns)
}

/// The values of those states that something is said of.
pub(super) fn initial(model: &str, fields: &[Field], shape: &[usize]) -> Result<Vec<Vec<f32>>, Error> {
    let values = |field: &Field| {
        let column = field.given(model, shape)?.unwrap_or_else(|| vec![0.0; field.config.count(shape)]);
        field.check(model, &column).map(|()| column)
    };
    fields.iter().map(values).collect()
}

/// Default of the model, or of its surrogate.
fn derived(model: &dyn AnyNeuron, name: &str, given: &[f32]) -> f32 {
    let rest_to_threshold = model.info().operating_point.rest_to_threshold;
    let alpha = || {
        model.surrogate().filter(|_| name == "alpha").map(|surrogate| match model.settings().get("spaic_compat") {
            Some(Value::Bool(true)) => surrogate.spaic_alpha_for(rest_to_threshold),
            _ => surrogate.alpha_for(rest_to_threshold),
        })
    };
    model.derived_default(name, given).or_else(alpha).unwrap_or(f32::NAN)
}

impl Field {
    /// Whether the configuration says anything about it.
    pub(super) fn is_given(&self) -> bool {
        self.config != ParameterConfig::default()
    }

    /// Its values as configured, or its default; `None` if it follows from other parameters.
    fn given(&self, model: &str, shape: &[usize]) -> Result<Option<Vec<f32>>, Error> {
        let expected = self.config.count(shape);
        match &self.config.value {
            Some(ParameterValue::Each(values)) if values.len() == expected => Ok(Some(values.clone())),
            Some(ParameterValue::Each(values)) => {
                let (actual, plural) = (values.len(), self.config.sharing().plural());
                let problem = format!(
                    "has {actual} values; expected {expected}, one for each of the layer's {expected} {plural}"
                );
                Err(refuse(model, &self.name, problem))
            }
            Some(ParameterValue::One(value)) => Ok(Some(vec![*value; expected])),
            None => Ok(self.info.default.map(|value| vec![value; expected])),
        }
    }

    /// Refuses values that are not finite, below the parameter's bound or out of the range given.
    fn check(&self, model: &str, values: &[f32]) -> Result<(), Error> {
        let refuse = |problem: String| Err(refuse(model, &self.name, problem));
        let unit = if self.info.unit.is_empty() { String::new() } else { format!(" {}", self.info.unit) };
        if let Some([low, high]) = self.config.range {
            if !(low < high && low.is_finite() && high.is_finite()) {
                return refuse(format!(
                    "has the range {low} to {high}{unit}; expected the smaller of two finite numbers first"
                ));
            }
            if let Some(above) = self.info.above.filter(|&above| low <= above) {
                return refuse(format!(
                    "has the range {low} to {high}{unit}; expected one that begins above {above}{unit}"
                ));
            }
        }
        for (n, &value) in values.iter().enumerate() {
            let is_list = matches!(self.config.value, Some(ParameterValue::Each(_)));
            let place = if is_list { format!(" (number {n} of the list)") } else { String::new() };
            if !value.is_finite() {
                return refuse(format!("is {value}{place}; expected a finite number"));
            }
            if let Some(above) = self.info.above.filter(|&above| value <= above) {
                let example = self.info.default.map_or_else(String::new, |default| format!(", for example {default}"));
                return refuse(format!("is {value}{unit}{place}; expected a value above {above}{unit}{example}"));
            }
            if let Some([low, high]) = self.config.range.filter(|[low, high]| value < *low || value > *high) {
                return refuse(format!("is {value}{unit}{place}; expected a value in its range {low} to {high}{unit}"));
            }
        }
        Ok(())
    }
}
