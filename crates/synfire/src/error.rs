//! Everything that can go wrong, and what to do about it.

use std::path::PathBuf;

/// Result of everything in the library that can fail.
pub type Result<T, E = Error> = core::result::Result<T, E>;

/// Errors of the library. Messages name what was wrong, where, what was expected, and the cure.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A parameter of a neuron model is out of its range.
    #[error("parameter `{name}` of `{model}` {problem}")]
    Parameter {
        /// Model.
        model: String,
        /// Parameter.
        name: String,
        /// The problem, and what was expected.
        problem: String,
    },
    /// Parameters of a neuron model that do not go together.
    #[error("parameters of `{model}`: {problem}")]
    Parameters {
        /// Model.
        model: String,
        /// The problem, and what was expected.
        problem: String,
    },
    /// An input of a layer is missing.
    #[error("input `{name}` of `{model}` neurons {problem}")]
    Input {
        /// Model.
        model: &'static str,
        /// Input.
        name: &'static str,
        /// The problem, and the cure.
        problem: String,
    },
    /// Samples that an encoder cannot encode.
    #[error("encoder `{encoder}` {problem}")]
    Source {
        /// Encoder.
        encoder: &'static str,
        /// The problem, and what was expected.
        problem: String,
    },
    /// Inputs that an action or a reward cannot use.
    #[error("{kind} `{name}` {problem}")]
    Unsuited {
        /// Its kind, `reward`.
        kind: &'static str,
        /// Its name.
        name: &'static str,
        /// The problem with its inputs, and what was expected.
        problem: String,
    },
    /// A setting of a layer has a wrong value.
    #[error("{layer}: `{key}` {problem}")]
    Setting {
        /// Layer.
        layer: String,
        /// Key in the configuration.
        key: String,
        /// The problem, and what was expected.
        problem: String,
    },
    /// An error in a layer of a network.
    #[error("{layer}: {error}")]
    Layer {
        /// Path of the layer.
        layer: String,
        /// The error.
        error: Box<Error>,
    },
    /// A name that nothing has.
    #[error("unknown {kind} `{name}` in {place}{}: {}", suggestion(.closest), .known.join(", "))]
    Unknown {
        /// Kind of thing that was looked for.
        kind: &'static str,
        /// The name.
        name: String,
        /// Where it stands.
        place: String,
        /// The most similar known name.
        closest: Option<String>,
        /// All known names.
        known: Vec<String>,
    },
    /// A name that something else has.
    #[error("a {kind} named `{name}` exists already; choose another name")]
    NameTaken {
        /// Kind of thing that has the name.
        kind: &'static str,
        /// The name.
        name: String,
    },
    /// A process of those that train together cannot go on.
    #[error("rank {rank} {problem}")]
    Rank {
        /// Its number, from 0.
        rank: usize,
        /// The problem, and the cure.
        problem: String,
    },
    /// A configuration that does not make sense.
    #[error("{place}: {problem}")]
    Config {
        /// File or key.
        place: String,
        /// The problem, what was expected, and the cure.
        problem: String,
    },
    /// A file could not be read or written.
    #[error("{}: {problem}", .path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The problem, what was expected, and the cure.
        problem: String,
    },
    /// The loss is not a number any more.
    #[error(
        "the loss became {loss} in epoch {epoch}, batch {batch}, precision {precision}; try {}a smaller learning rate (now {learning_rate}) or gradient clipping (`gradient_norm`)",
        wider(precision)
    )]
    Diverged {
        /// The loss.
        loss: f32,
        /// Epoch, from 1.
        epoch: usize,
        /// Batch, from 1.
        batch: usize,
        /// Learning rate at that step.
        learning_rate: f64,
        /// Precision of the model.
        precision: &'static str,
    },
    /// A parameter is not a number any more, though the loss may still be one: silent neurons hide it.
    #[error(
        "{parameter} became {value} in epoch {epoch}, precision {precision}; try {}a smaller learning rate (now {learning_rate:?}) or gradient clipping (`gradient_norm`)",
        wider(precision)
    )]
    NotFinite {
        /// The parameter, or its gradient.
        parameter: String,
        /// The first of its values that is not finite, or beyond 1e17.
        value: f32,
        /// Epoch, from 1.
        epoch: usize,
        /// Learning rate at its last step.
        learning_rate: f64,
        /// Precision of the model.
        precision: &'static str,
    },
    /// More memory would be needed than there is.
    #[error("{what} needs at least {}, {} are free; {cure}", gibibytes(.needed), gibibytes(.free))]
    Memory {
        /// Part that needs the memory.
        what: String,
        /// Bytes that it needs at least.
        needed: u64,
        /// Bytes that are free.
        free: u64,
        /// Settings that lower the need.
        cure: String,
    },
    /// A device that is not there.
    #[error("device `{name}`: {problem}")]
    Device {
        /// As it was asked for.
        name: String,
        /// The problem, and the devices that there are.
        problem: String,
    },
    /// Data could not be read.
    #[error(transparent)]
    Data(#[from] synfire_data::DataError),
    /// Tensors of the wrong shape.
    #[error(transparent)]
    Scan(#[from] synfire_dynamics::ScanError),
}

/// `1.5 GiB`
fn gibibytes(bytes: &u64) -> String {
    match *bytes as f64 / f64::from(1 << 20) {
        mebibytes @ 1024.0.. => format!("{:.1} GiB", mebibytes / 1024.0),
        mebibytes => format!("{mebibytes:.1} MiB"),
    }
}

fn suggestion(closest: &Option<String>) -> String {
    closest.as_ref().map_or("; known".to_string(), |name| format!("; did you mean `{name}`? Known"))
}

impl Error {
    /// A name that is not among the known ones.
    pub(crate) fn unknown(
        kind: &'static str,
        name: &str,
        place: &str,
        known: impl IntoIterator<Item = String>,
    ) -> Self {
        Self::unknown_or_alias(kind, name, place, known, [])
    }

    /// The same where some have other names too: these are not listed, but may be the closest.
    pub(crate) fn unknown_or_alias(
        kind: &'static str,
        name: &str,
        place: &str,
        known: impl IntoIterator<Item = String>,
        aliases: impl IntoIterator<Item = String>,
    ) -> Self {
        let known: Vec<String> = known.into_iter().collect();
        let aliases: Vec<String> = aliases.into_iter().collect();
        let closest = known
            .iter()
            .chain(&aliases)
            .map(|candidate| (edit_distance(&name.to_lowercase(), candidate), candidate))
            .min()
            .filter(|(distance, _)| *distance <= 1 + name.len() / 3)
            .map(|(_, candidate)| candidate.clone());
        Error::Unknown { kind, name: name.to_string(), place: place.to_string(), closest, known }
    }

    /// The same with the layer that it is about, where the message does not name it.
    pub(crate) fn in_layer(self, layer: &str) -> Self {
        match self.to_string().contains(layer) {
            true => self,
            false => Error::Layer { layer: layer.to_string(), error: Box::new(self) },
        }
    }

    pub(crate) fn config(place: impl Into<String>, problem: impl Into<String>) -> Self {
        Error::Config { place: place.into(), problem: problem.into() }
    }

    pub(crate) fn file(path: impl Into<PathBuf>, problem: impl Into<String>) -> Self {
        Error::File { path: path.into(), problem: problem.into() }
    }
}

/// Levenshtein distance.
fn edit_distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, &y) in b.iter().enumerate() {
            let substitute = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = substitute.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// The first thing to try in half precision, whose values end at 65504.
fn wider(precision: &str) -> &'static str {
    match precision {
        "f16" => "the precision f32 or bf16 (values of f16 end at 65504), ",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_names_come_with_the_closest_one() {
        let known = || ["lif", "plif", "clif"].map(String::from);
        let message = Error::unknown("neuron model", "cliff", "layer 1", known()).to_string();
        assert_eq!(message, "unknown neuron model `cliff` in layer 1; did you mean `clif`? Known: lif, plif, clif");
        let far = Error::unknown("neuron model", "hodgkin", "layer 1", known()).to_string();
        assert_eq!(far, "unknown neuron model `hodgkin` in layer 1; known: lif, plif, clif");
    }
}
