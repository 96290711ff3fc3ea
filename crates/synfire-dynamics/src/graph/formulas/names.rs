//! Names and constants in formulas.

use super::expression::Binding::{self, Atom, Product};
use super::{DT, Notation, Printer};

impl Printer<'_> {
    /// A quantity at a time step, such as `v[t]`.
    pub(super) fn at(&self, name: &str, time: &str) -> String {
        format!("{}[{time}]", self.symbol(name))
    }

    /// A name; in LaTeX with Greek letters, and the part after an underscore as a subscript.
    pub(super) fn symbol(&self, name: &str) -> String {
        if self.notation == Notation::Text {
            return name.to_string();
        }
        const GREEK: [&str; 10] = ["alpha", "beta", "gamma", "delta", "tau", "theta", "rho", "mu", "sigma", "kappa"];
        let letter = |part: &str| match GREEK.contains(&part) {
            true => format!("\\{part}"),
            false if part.chars().count() == 1 => part.to_string(),
            false => format!("\\mathrm{{{part}}}"),
        };
        match name.split_once('_') {
            Some((base, index)) => format!("{}_{{\\mathrm{{{}}}}}", letter(base), index.replace('_', "\\,")),
            None => letter(name),
        }
    }
}

/// A constant; `dt` where it is the time step or a simple fraction of it.
pub(super) fn number(value: f32) -> (String, Binding) {
    for (part, text, binding) in [(1.0, "dt", Atom), (0.5, "dt / 2", Product), (1.0 / 6.0, "dt / 6", Product)] {
        if value == DT * part {
            return (text.to_string(), binding);
        }
        if value == -DT * part {
            return (format!("-{text}"), Product);
        }
    }
    (format!("{value}"), if value < 0.0 { Product } else { Atom })
}
