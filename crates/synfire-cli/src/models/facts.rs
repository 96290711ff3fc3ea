//! Facts about a model, for people and for machines.

use serde::Serialize;
use synfire::neuron::Notation;
use synfire::neuron::registry::Entry;
use synfire::neuron::{OutputKind, Settings};

#[derive(Serialize)]
pub(super) struct Model {
    pub(super) name: &'static str,
    pub(super) aliases: &'static [&'static str],
    pub(super) about: &'static str,
    /// `spiking` or `graded`
    pub(super) kind: &'static str,
    pub(super) differentiable: bool,
    pub(super) parameters: Vec<Parameter>,
    pub(super) states: Vec<State>,
    pub(super) inputs: Vec<Input>,
    /// Settings of a layer, with their defaults.
    pub(super) settings: Settings,
    /// As text, and as LaTeX.
    pub(super) equations: String,
    pub(super) latex: String,
}

#[derive(Serialize)]
pub(super) struct Parameter {
    pub(super) name: &'static str,
    /// `None`: derived from other parameters or the surrogate.
    pub(super) default: Option<f32>,
    pub(super) unit: &'static str,
    pub(super) above: Option<f32>,
    /// Unless the configuration says otherwise.
    pub(super) learns: bool,
    pub(super) about: &'static str,
}

#[derive(Serialize)]
pub(super) struct State {
    pub(super) name: &'static str,
    pub(super) start: f32,
    /// Whether it starts from the parameter of its name.
    pub(super) from_parameter: bool,
    pub(super) unit: &'static str,
    /// Whether it outlasts a sample.
    pub(super) kept: bool,
    pub(super) about: &'static str,
}

#[derive(Serialize)]
pub(super) struct Input {
    pub(super) name: &'static str,
    /// Default value; `None` where it has to be given.
    pub(super) default: Option<f32>,
    pub(super) unit: &'static str,
    pub(super) about: &'static str,
}

impl From<Entry> for Model {
    fn from(entry: Entry) -> Self {
        let info = entry.info;
        let parameters = info.parameters.iter().map(|field| Parameter {
            name: field.name,
            default: field.default,
            unit: field.unit,
            above: field.above,
            learns: info.learnable.contains(&field.name),
            about: field.doc.trim(),
        });
        let states = info.states.iter().map(|field| State {
            name: field.name,
            start: field.default.unwrap_or(0.0),
            from_parameter: info.parameters.iter().any(|parameter| parameter.name == field.name),
            unit: field.unit,
            kept: info.persistent.contains(&field.name),
            about: field.doc.trim(),
        });
        let inputs = info.inputs.iter();
        let inputs = inputs.map(|field| Input {
            name: field.name,
            default: field.default,
            unit: field.unit,
            about: field.doc.trim(),
        });
        Model {
            name: info.name,
            aliases: info.aliases,
            about: info.about,
            kind: match info.output {
                OutputKind::Spiking => "spiking",
                OutputKind::Graded => "graded",
            },
            differentiable: info.differentiable,
            parameters: parameters.collect(),
            states: states.collect(),
            inputs: inputs.collect(),
            settings: entry.settings(),
            equations: entry.equations(Notation::Text),
            latex: entry.equations(Notation::Latex),
        }
    }
}

impl Model {
    /// `clif (csnm)`
    pub(super) fn names(&self) -> String {
        match self.aliases {
            [] => self.name.to_string(),
            aliases => format!("{} ({})", self.name, aliases.join(", ")),
        }
    }

    /// Whether gradients flow through it.
    pub(super) fn gradient(&self) -> &'static str {
        if self.differentiable { "yes" } else { "no" }
    }
}

impl Parameter {
    /// `8 ms`, or `auto` where the model decides.
    pub(super) fn default(&self) -> String {
        self.default.map_or_else(|| "auto".to_string(), |value| with_unit(value, self.unit))
    }

    /// `> 0`
    pub(super) fn range(&self) -> String {
        self.above.map_or_else(String::new, |above| format!("> {above}"))
    }

    /// `tau_m* = 8 ms`
    pub(super) fn short(&self) -> String {
        format!("{}{} = {}", self.name, if self.learns { "*" } else { "" }, self.default())
    }

    pub(super) fn learns(&self) -> &'static str {
        if self.learns { "learns" } else { "" }
    }
}

impl State {
    /// `-65 mV`
    pub(super) fn start(&self) -> String {
        match self.from_parameter {
            true => "its parameter".to_string(),
            false => with_unit(self.start, self.unit),
        }
    }

    pub(super) fn kept(&self) -> &'static str {
        if self.kept { "kept" } else { "" }
    }
}

impl Input {
    /// `0`, `random`, or nothing for what has to be given.
    pub(super) fn default(&self) -> String {
        match (self.default, self.unit) {
            (Some(value), unit) => with_unit(value, unit),
            (None, "uniform") => "random".to_string(),
            (None, _) => String::new(),
        }
    }
}

/// `36 mS/cm2`
fn with_unit(value: f32, unit: &str) -> String {
    format!("{value} {}", unit.replace("_per_", "/")).trim_end().to_string()
}
