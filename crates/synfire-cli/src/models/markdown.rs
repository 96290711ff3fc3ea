//! All models as a page of the book, `docs/src/models.md`.

use super::facts::Model;
use std::fmt::Write as _;

const HEAD: &str = "\
# Neuron models

<!-- written by `synfire models --markdown`; do not edit -->

A model goes by its name in configuration files (`neuron = \"lif\"`) and on the command line
(`synfire train --neuron lif`, `synfire simulate lif`). Where there is a gradient it can be trained, and
every parameter and every initial value of a state can learn; those with a star do unless told otherwise.
`auto` follows from other parameters or the surrogate; `kept` are states that outlast a sample.

The equations are printed from the code: `x[t]` is a state after step `t`, `x_1, x_2, ..` are steps in
between, `[a > b]` is 1 where that holds and else 0. `synfire models show NAME --latex` prints them for papers.
";

/// The whole page.
pub(super) fn page(models: &[Model]) -> String {
    let mut page = HEAD.to_string();
    let rows = models.iter().map(|model| {
        let cells = |names: Vec<String>| names.join(", ");
        let aliases = cells(model.aliases.iter().map(|alias| format!("`{alias}`")).collect());
        let states = cells(model.states.iter().map(|state| format!("`{}`", state.name)).collect());
        let star = |learns: bool| if learns { "\\*" } else { "" };
        let names = model.parameters.iter().map(|p| format!("`{}`{}", p.name, star(p.learns)));
        let link = format!("[`{0}`](#{0})", model.name);
        let (kind, gradient) = (model.kind.to_string(), model.gradient().to_string());
        [link, aliases, model.about.to_string(), kind, gradient, states, cells(names.collect())]
    });
    table(&mut page, ["model", "also called", "what it is", "output", "gradient", "states", "parameters"], rows);
    for model in models {
        section(&mut page, model);
    }
    page
}

fn section(page: &mut String, model: &Model) {
    let code = |name: &str| format!("`{name}`");
    let _ = write!(page, "\n## {}\n\n{}.\n", model.name, capitalised(model.about));
    let _ = write!(page, "\n```text\n{}\n```\n", model.equations.trim_end());
    let parameters = model.parameters.iter().map(|p| {
        let star = if p.learns { "\\*" } else { "" };
        [code(p.name) + star, p.default(), p.range(), p.about.to_string()]
    });
    table(page, ["parameter", "default", "range", "what it is"], parameters);
    let states = model.states.iter().map(|s| [code(s.name), s.start(), s.kept().to_string(), s.about.to_string()]);
    table(page, ["state", "start", "kept", "what it is"], states);
    if model.inputs.len() > 1 {
        let inputs = model.inputs.iter().map(|input| [code(input.name), input.default(), input.about.to_string()]);
        table(page, ["input", "default", "what it is"], inputs);
    }
    let settings = model.settings.iter().map(|(name, value)| [code(name), code(&value.to_string())]);
    table(page, ["setting", "default"], settings);
}

/// A table, if it has any rows.
fn table<const N: usize>(page: &mut String, heading: [&str; N], rows: impl Iterator<Item = [String; N]>) {
    let rows: Vec<[String; N]> = rows.collect();
    if rows.is_empty() {
        return;
    }
    let _ = write!(page, "\n| {} |\n|{}\n", heading.join(" | "), "---|".repeat(N));
    for row in rows {
        // a bar would end the cell
        let cells = row.map(|cell| cell.replace('|', "\\|"));
        let _ = writeln!(page, "| {} |", cells.join(" | "));
    }
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
