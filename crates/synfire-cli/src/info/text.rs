//! A checkpoint in words.

use super::{Info, Training};
use crate::table::Table;
use crate::words::{coding, outputs, shape};
use std::fmt;

impl fmt::Display for Info<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let network = &self.description.model;
        let values = |p: &super::Parameter| p.shape.iter().product::<usize>();
        let parameters = || self.layers.iter().flat_map(|layer| &layer.parameters);
        let all: usize = parameters().map(values).sum();
        let learn: usize = parameters().filter(|p| p.learns).map(values).sum();
        let mut table = Table::default();
        let mut row = |name: &str, value: String| table.row([name.to_string(), value]);
        row("file", self.file.display().to_string());
        row("written by", format!("synfire {}, schema {}", self.description.synfire, self.description.schema));
        row("input", shape(&self.description.input));
        row("output", outputs(self.description));
        if let Some(names) = &self.description.data.classes {
            row("names", names.join(", "));
        }
        row("steps", format!("{} of {} ms", network.steps, network.dt));
        row("encoder", coding(&network.encoder));
        row("decoder", coding(&network.decoder));
        row("parameters", format!("{all} values, {learn} of them can learn"));
        row(
            "resumable",
            self.training.as_ref().map_or_else(|| "no: for inference and fine-tuning (--init)".into(), Training::text),
        );
        write!(f, "{table}")?;
        for layer in &self.layers {
            writeln!(f, "\n{}  {}", layer.name, layer.about)?;
            let mut table = Table::indented(2);
            for p in &layer.parameters {
                let learns = match (p.learns, p.measured) {
                    (true, _) => "learnable",
                    (_, true) => "measured",
                    _ => "fixed",
                };
                table.row([p.name.clone(), format!("{:?}", p.shape), learns.to_string(), p.summary()]);
            }
            write!(f, "{table}")?;
        }
        Ok(())
    }
}

impl Training {
    fn text(&self) -> String {
        let batches = if self.batch == 0 { String::new() } else { format!(" and {} batches", self.batch) };
        format!("yes, after epoch {} of {}{batches}", self.epoch, self.epochs)
    }
}
