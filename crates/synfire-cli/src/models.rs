//! `synfire models`: the neuron models and their parameters.

use crate::{output::Output, table::Table};
use serde::Serialize;
use std::fmt;
use synfire::neuron::{ModelInfo, registry};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  synfire models                  all models
  synfire models plif             one in detail
  synfire train --neuron plif     train with it")]
pub(crate) struct Args {
    /// Show this model in detail
    name: Option<String>,
}

pub(crate) fn run(args: &Args, output: Output) -> anyhow::Result<()> {
    match &args.name {
        Some(name) => output.print(&Model::from(registry::find(name)?.info)),
        None => output.print(&Models(registry::models().into_iter().map(|entry| entry.info.into()).collect())),
    }
}

#[derive(Serialize)]
#[serde(transparent)]
struct Models(Vec<Model>);

#[derive(Serialize)]
struct Model {
    name: &'static str,
    about: &'static str,
    parameters: Vec<Parameter>,
    states: Vec<State>,
}

#[derive(Serialize)]
struct Parameter {
    name: &'static str,
    /// `None`: derived from other parameters or the surrogate.
    default: Option<f32>,
    unit: &'static str,
    above: Option<f32>,
    learns: bool,
    about: &'static str,
}

#[derive(Serialize)]
struct State {
    name: &'static str,
    about: &'static str,
}

impl From<ModelInfo> for Model {
    fn from(info: ModelInfo) -> Self {
        let parameters = info.parameters.iter().map(|field| Parameter {
            name: field.name,
            default: field.default,
            unit: field.unit,
            above: field.above,
            learns: info.learns.contains(&field.name),
            about: field.doc.trim(),
        });
        let states = info.states.iter().map(|field| State { name: field.name, about: field.doc.trim() });
        Model { name: info.name, about: info.about, parameters: parameters.collect(), states: states.collect() }
    }
}

impl Parameter {
    /// `8 ms`, or `auto` where the model decides.
    fn default(&self) -> String {
        let value = self.default.map_or_else(|| "auto".to_string(), |value| value.to_string());
        format!("{value} {}", self.unit).trim_end().to_string()
    }

    fn learns(&self) -> &'static str {
        if self.learns { "learns" } else { "" }
    }
}

impl fmt::Display for Models {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::default();
        for model in &self.0 {
            let star = |p: &Parameter| if p.learns { "*" } else { "" };
            let parameters: Vec<_> =
                model.parameters.iter().map(|p| format!("{}{} = {}", p.name, star(p), p.default())).collect();
            let states: Vec<_> = model.states.iter().map(|state| state.name).collect();
            table.row([model.name.to_string(), model.about.to_string()]);
            table.row([String::new(), format!("states      {}", states.join(", "))]);
            table.row([String::new(), format!("parameters  {}", parameters.join(", "))]);
            table.row([String::new()]);
        }
        write!(f, "{table}* learns unless the configuration says otherwise. `synfire models NAME` shows one in detail.")
    }
}

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}\n", self.name, self.about)?;
        let mut parameters = Table::new(["parameter", "default", "range", "learns", "about"]);
        for p in &self.parameters {
            let range = p.above.map_or_else(String::new, |above| format!("> {above}"));
            parameters.row([p.name.to_string(), p.default(), range, p.learns().to_string(), p.about.to_string()]);
        }
        let mut states = Table::new(["state", "about"]);
        for state in &self.states {
            states.row([state.name.to_string(), state.about.to_string()]);
        }
        write!(
            f,
            "{parameters}\n{states}\nIn a configuration file:\n\n  [[network.layers]]\n  neuron = \"{}\"\n",
            self.name
        )?;
        let Some(example) = self.parameters.iter().find(|p| p.default.is_some()) else { return Ok(()) };
        let value = example.default.unwrap_or_default();
        writeln!(
            f,
            "  {} = {{ value = {value:?}, learn = true, per = \"neuron\" }}   # or {0} = {value:?}",
            example.name
        )
    }
}
