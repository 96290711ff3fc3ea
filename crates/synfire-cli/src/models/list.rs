//! All models as a table for terminals.

use super::Models;
use crate::table::Table;
use std::fmt;

impl fmt::Display for Models {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new(["model", "output", "gradient", "states", "parameters"]);
        for model in &self.0 {
            let mut states = wrapped(model.states.iter().map(|state| state.name.to_string()), 20).into_iter();
            let mut parameters = wrapped(model.parameters.iter().map(|p| p.short()), 56).into_iter();
            let mut facts = [model.names(), model.kind.to_string(), model.gradient().to_string()];
            for line in 0..states.len().max(parameters.len()).max(1) {
                let [names, kind, gradient] = if line == 0 { core::mem::take(&mut facts) } else { Default::default() };
                let next = |lines: &mut std::vec::IntoIter<String>| lines.next().unwrap_or_default();
                table.row([names, kind, gradient, next(&mut states), next(&mut parameters)]);
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

/// Joined by commas, in lines of about this many characters.
fn wrapped(items: impl Iterator<Item = String>, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for item in items {
        match lines.last_mut() {
            Some(line) if line.len() + 2 + item.len() <= width => {
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
