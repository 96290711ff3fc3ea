//! The page `configuration.md`: every key of a configuration file.

use super::sources::Sources;
use serde::Serialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write;
use synfire::coding::{Decoder, Encoder, decoder, encoder, generator, loss, regularizer};
use synfire::data::{EventOptions, SoundOptions, Transform};
use synfire::network::{DelayPer, Join, Precision, layer};
use synfire::registry::{ComponentKind, Entry};
use synfire::train::{ExchangePrecision, Optimizer, Schedule, TrainingConfig};

const HEAD: &str = "\
# Configuration reference

<!-- written by `SYNFIRE_WRITE_BOOK=1 cargo test -p synfire-tests configuration_page`; do not edit -->

Every key of a configuration file, with its default; a dash stands for none. `synfire train --config FILE` reads TOML, or
JSON if the file's name ends so. A key that is not here is refused.

A value that names a component (an encoder, a decoder, a loss ..) is its name, `\"poisson\"`, or a table with its name and
settings, `{ name = \"poisson\", unit_conversion = 0.5 }`.
";

/// The whole page.
///
/// # Panics
///
/// If a key has no documentation.
#[must_use]
pub fn configuration() -> String {
    let sources = Sources::read();
    let mut page = Page { sources, text: HEAD.to_string() };
    page.data();
    page.heading("## `[training]`");
    let mut training = json!(TrainingConfig::default());
    // left out of files where they are these
    training["accumulate"] = json!(1);
    training["exchange_precision"] = json!(ExchangePrecision::default());
    page.table("TrainingConfig", &training);
    page.heading("`optimizer` is one of");
    page.variants("Optimizer", &Optimizer::Sgd { momentum: 0.0 });
    page.heading("`schedule` is one of");
    page.variants("Schedule", &Schedule::Cosine { minimum: 0.0 });
    page.heading("`loss` is one of");
    page.components(&loss::all());
    page.heading("`regularizers` is a list of");
    page.components(&regularizer::all());
    page.heading("## `[network]`");
    let (encoder, decoder) = (Encoder::default(), Decoder::default());
    page.table(
        "NetworkConfig",
        &json!({ "dt": 1.0, "delay": 0, "encoder": encoder, "decoder": decoder, "precision": Precision::default() }),
    );
    page.heading("`encoder` is one of");
    page.components(&encoder::all());
    page.heading("`decoder` is one of");
    page.components(&decoder::all());
    page.heading("`precision` is one of");
    page.words("Precision");
    page.heading("## `[[network.layers]]`");
    page.text.push_str(
        "\nOf every layer, beside the key that names its kind (`input` is another word for one of `inputs`):\n",
    );
    page.table("LayerConfig", &json!({ "join": Join::default() }));
    page.heading("`join` is one of");
    page.words("Join");
    page.heading("A `delay` between steps is a table of");
    page.table("BetweenSteps", &json!({ "learn": false, "per": DelayPer::default() }));
    page.heading("`inject` is one of");
    page.components(&generator::all());
    page.heading("## Kinds of layers");
    page.text
        .push_str("\nThe key that names the kind carries the setting in brackets: `conv2d = 12` sets `channels`.\n");
    page.components(&layer::all());
    page.heading("`recurrent`, below a `neuron`, is `true` or a table of");
    page.table("Recurrent", &json!(layer::Recurrent::default()));
    page.heading("## Settings of neurons");
    page.text.push_str(
        "\nBelow `neuron = \"..\"`, beside the model's parameters, which [their page](models.md) lists with defaults and \
         units and [another](layers.md) explains.\n",
    );
    page.neurons();
    page.text
}

struct Page {
    sources: Sources,
    text: String,
}

/// Writing to a string cannot fail.
macro_rules! line {
    ($page:expr, $($part:tt)*) => { writeln!($page.text, $($part)*).expect("a string takes everything") };
}

fn shown(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => "-".to_string(),
        Some(Value::Object(map)) if map.len() == 1 && map.contains_key("name") => format!("`{}`", map["name"]),
        Some(Value::Object(map)) => {
            let inner: Vec<String> = map.iter().map(|(key, value)| format!("{key} = {value}")).collect();
            format!("`{{ {} }}`", inner.join(", "))
        }
        Some(value) => format!("`{value}`"),
    }
}

impl Page {
    fn heading(&mut self, heading: &str) {
        line!(self, "\n{heading}");
    }

    /// The fields of a struct with the values that `defaults` has of them.
    fn table(&mut self, name: &str, defaults: &Value) {
        line!(self, "\n| key | default | |\n|---|---|---|");
        for item in self.sources.items(name, None) {
            if !matches!(item.name.as_str(), "kind" | "layers") {
                line!(self, "| `{}` | {} | {} |", item.name, shown(defaults.get(&item.name)), item.doc);
            }
        }
    }

    /// The variants of an enum with settings; `defaults` has some.
    fn variants(&mut self, name: &str, defaults: &impl Serialize) {
        let defaults = serde_json::to_value(defaults).expect("settings are JSON");
        let mut variant = String::new();
        line!(self, "\n| name | setting | default | |\n|---|---|---|---|");
        for item in self.sources.items(name, None) {
            if item.name.starts_with(char::is_uppercase) {
                variant = snake(&item.name);
                line!(self, "| `{variant}` | | | {} |", item.doc);
            } else {
                line!(self, "| | `{}` | {} | {} |", item.name, shown(defaults.get(&item.name)), item.doc);
            }
        }
        assert!(!variant.is_empty(), "{name} has no variants");
    }

    /// Reading of samples.
    fn data(&mut self) {
        self.heading("## `[data]`");
        self.text.push_str("\nHow samples are read from their files; [Your own data](own_data.md) explains it.\n");
        self.table("DataOptions", &json!({ "transpose": false }));
        self.heading("`color` is one of");
        self.words("Color");
        self.heading("`events` is a table of");
        self.table("EventOptions", &json!(EventOptions::default()));
        self.heading("`frames` is a table with one of");
        self.words("Frames");
        self.heading("`origin` is one of");
        self.words("Origin");
        self.heading("`sound` is a table of");
        self.table("SoundOptions", &json!(SoundOptions::default()));
        self.heading("`transforms` is a list of");
        self.variants("Transform", &Transform::Flip { probability: 0.5 });
    }

    /// The variants of an enum that are plain words.
    fn words(&mut self, name: &str) {
        line!(self, "\n| word | |\n|---|---|");
        for item in self.sources.items(name, None) {
            line!(self, "| `\"{}\"` | {} |", snake(&item.name), item.doc);
        }
    }

    fn components<K: ?Sized + ComponentKind>(&mut self, entries: &[Entry<K>]) {
        line!(self, "\n| name | setting | default | |\n|---|---|---|---|");
        let built_in: Vec<_> = entries.iter().filter(|entry| self.sources.name(entry.name)).collect();
        for entry in built_in {
            let settings: Map<String, Value> = entry.settings();
            let principal = entry.principal.map_or_else(String::new, |key| format!(" [{key}]"));
            line!(self, "| `{}`{principal} | | | {} |", entry.name, entry.about);
            for (key, value) in &settings {
                let doc = self.sources.setting(entry.name, key);
                let doc = doc.unwrap_or_else(|| panic!("setting `{key}` of `{}` has no documentation", entry.name));
                line!(self, "| | `{key}` | {} | {doc} |", shown(Some(value)));
            }
        }
    }

    /// Settings of models, those that mean the same in one row.
    fn neurons(&mut self) {
        let mut rows: BTreeMap<(String, String, String), Vec<&str>> = BTreeMap::new();
        for entry in super::built_in_models() {
            for (key, value) in entry.settings() {
                let doc = self.sources.setting(entry.info.name, &key);
                let doc =
                    doc.unwrap_or_else(|| panic!("setting `{key}` of `{}` has no documentation", entry.info.name));
                rows.entry((key, shown(Some(&value)), doc)).or_default().push(entry.info.name);
            }
        }
        line!(self, "\n| key | default | | models |\n|---|---|---|---|");
        for ((key, default, doc), models) in rows {
            let models: Vec<String> = models.iter().map(|model| format!("`{model}`")).collect();
            line!(self, "| `{key}` | {default} | {doc} | {} |", models.join(", "));
        }
        self.heading("`reset` is one of");
        self.words("Reset");
        self.heading("`integrator` is one of");
        self.words("Integrator");
        self.heading("`surrogate` is one of");
        self.words("Surrogate");
    }
}

/// `adam_w` of `AdamW`.
fn snake(name: &str) -> String {
    let mut word = String::new();
    for c in name.chars() {
        if c.is_uppercase() && !word.is_empty() {
            word.push('_');
        }
        word.extend(c.to_lowercase());
    }
    word
}
