//! All models as a table for terminals.

use super::Models;
use crate::table::Table;
use std::fmt;

/// Characters of a line of parameters.
const WIDTH: usize = 60;

impl fmt::Display for Models {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new(["model", "output", "gradient", "states", "parameters"]);
        for model in &self.0 {
            let parameters = wrapped(model.parameters.iter().map(|p| p.short()));
            let states: Vec<&str> = model.states.iter().map(|state| state.name).collect();
            let mut lines = parameters.into_iter();
            let first = lines.next().unwrap_or_default();
            table.row([model.names(), model.kind.to_string(), model.gradient().to_string(), states.join(", "), first]);
            for line in lines {
                table.row([String::new(), String::new(), String::new(), String::new(), line]);
            }
        }
        write!(
            f,
            "{table}\n\
             * learns unless the configuration says otherwise; where there is a gradient any of them can.\n\
             `synfire models show NAME` has the rest, `synfire simulate NAME` what it does."
        )
    }
}

/// Joined by commas, in lines that are not too long.
fn wrapped(items: impl Iterator<Item = String>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for item in items {
        match lines.last_mut() {
            Some(line) if line.len() + 2 + item.len() <= WIDTH => {
                line.push_str(", ");
                line.push_str(&item);
            }
            Some(line) => {
                line.push(',');
                lines.push(item);
            }
            None => lines.push(item),
        }
    }
    lines
}
