//! Metrics as a table.

use super::EpochRecord;
use std::borrow::Cow;

const COLUMNS: [&str; 6] =
    ["epoch", "train_loss", "train_accuracy", "validation_loss", "validation_accuracy", "learning_rate"];

/// History as CSV (RFC 4180, lines end in `\n`): one row per epoch; layers and parameters have a column each.
pub(super) fn table(history: &[EpochRecord]) -> String {
    let Some(first) = history.first() else { return String::new() };
    let (layers, parameters) = (first.firing_rates.keys(), first.gradient_norms.keys());
    let header = COLUMNS.into_iter().map(String::from);
    let header = header.chain(layers.clone().map(|layer| format!("firing_rate.{layer}")));
    let header = header.chain(parameters.clone().map(|name| format!("gradient_norm.{name}")));
    let mut text = line(header);
    for record in history {
        let known = [record.train_loss, record.train_accuracy].map(Some);
        let row = known.into_iter().chain([record.validation_loss, record.validation_accuracy]);
        let row = row.chain([Some(record.learning_rate)]);
        let row = row.chain(layers.clone().map(|layer| record.firing_rates.get(layer).copied()));
        let row = row.chain(parameters.clone().map(|name| record.gradient_norms.get(name).copied()));
        let row = row.map(|value| value.map_or(String::new(), |value| value.to_string()));
        text += &line([record.epoch.to_string()].into_iter().chain(row));
    }
    text
}

fn line(fields: impl Iterator<Item = String>) -> String {
    fields.map(|field| quoted(&field).into_owned()).collect::<Vec<_>>().join(",") + "\n"
}

fn quoted(field: &str) -> Cow<'_, str> {
    match field.contains(['"', ',', '\n', '\r']) {
        true => format!("\"{}\"", field.replace('"', "\"\"")).into(),
        false => field.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_a_column_for_each_name_of_the_first_epoch() {
        let first = EpochRecord {
            epoch: 1,
            train_loss: 0.5,
            train_accuracy: 0.75,
            validation_loss: None,
            validation_accuracy: Some(1.0),
            learning_rate: 1e-3,
            firing_rates: [("layers.1".to_string(), 0.25)].into(),
            gradient_norms: [("a \"b\", c".to_string(), 2.0)].into(),
        };
        let second = EpochRecord { epoch: 2, gradient_norms: Default::default(), ..first.clone() };
        assert_eq!(
            table(&[first, second]),
            "epoch,train_loss,train_accuracy,validation_loss,validation_accuracy,learning_rate,firing_rate.layers.1,\
             \"gradient_norm.a \"\"b\"\", c\"\n1,0.5,0.75,,1,0.001,0.25,2\n2,0.5,0.75,,1,0.001,0.25,\n"
        );
        assert_eq!(table(&[]), "");
    }
}
