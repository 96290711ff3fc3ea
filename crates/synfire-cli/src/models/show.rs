//! One model in detail, for terminals.

use super::facts::Model;
use crate::table::Table;
use std::fmt;

impl fmt::Display for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: {}\n", self.name, self.about)?;
        let mut facts = Table::default();
        if !self.aliases.is_empty() {
            facts.row(["also called".to_string(), self.aliases.join(", ")]);
        }
        facts.row(["output".to_string(), self.kind.to_string()]);
        facts.row(["gradient".to_string(), self.gradient().to_string()]);
        write!(f, "{facts}")?;
        writeln!(f, "\n{}", self.equations.trim_end())?;
        let mut parameters = Table::new(["parameter", "default", "range", "learns", "about"]);
        for p in &self.parameters {
            let about = p.about.to_string();
            parameters.row([p.name.to_string(), p.default(), p.range(), p.learns().to_string(), about]);
        }
        let mut states = Table::new(["state", "start", "kept", "about"]);
        for state in &self.states {
            let about = state.about.to_string();
            states.row([state.name.to_string(), state.start(), state.kept().to_string(), about]);
        }
        let mut inputs = Table::new(["input", "default", "about"]);
        for input in &self.inputs {
            inputs.row([input.name.to_string(), input.default(), input.about.to_string()]);
        }
        write!(f, "\n{parameters}\n{states}\n{inputs}")?;
        if !self.settings.is_empty() {
            let mut settings = Table::new(["setting", "default"]);
            for (name, value) in &self.settings {
                settings.row([name.clone(), value.to_string()]);
            }
            write!(f, "\n{settings}")?;
        }
        writeln!(f, "\nIn a configuration file:\n\n  [[network.layers]]\n  neuron = \"{}\"", self.name)?;
        if let Some((name, value)) = self.parameters.iter().find_map(|p| Some((p.name, p.default?))) {
            match self.differentiable {
                true => writeln!(
                    f,
                    "  {name} = {{ value = {value:?}, learn = true, per = \"neuron\" }}   # or {name} = {value:?}"
                )?,
                false => writeln!(f, "  {name} = {value:?}")?,
            }
        }
        if let Some(state) = self.states.first() {
            let learn = if self.differentiable { ", learn = true" } else { "" };
            writeln!(f, "  initial = {{ {} = {{ value = {:?}{learn} }} }}", state.name, state.start)?;
        }
        Ok(())
    }
}
