//! The book: its examples are tests, and what it lists is compared with the code.
//!
//! | file | one idea |
//! |---|---|
//! | `sources` | documentation of fields, read from the library's source |
//! | `configuration` | the page of all keys of a configuration file |

mod configuration;
mod sources;

pub use configuration::configuration;

use std::path::PathBuf;
use synfire::neuron::registry;

/// The models of the library, without those that tests of this process have registered.
#[must_use]
pub fn built_in_models() -> Vec<registry::Entry> {
    let sources = sources::Sources::read();
    registry::models().into_iter().filter(|entry| sources.name(entry.info.name)).collect()
}

/// Folder of the book's pages.
#[must_use]
pub fn pages() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs/src")
}

/// Makes the Rust examples of pages documentation tests.
macro_rules! tested {
    ($($name:ident = $page:literal),+ $(,)?) => {
        $(
            #[cfg(doctest)]
            #[doc = include_str!(concat!("../../../docs/src/", $page))]
            struct $name;
        )+
    };
}

tested!(
    Architecture = "architecture.md",
    ComingFrom = "coming_from.md",
    Connections = "connections.md",
    Convolutional = "convolutional.md",
    Decoders = "decoders.md",
    Encoders = "encoders.md",
    Equations = "equations.md",
    Gpu = "gpu.md",
    LayerKinds = "layer_kinds.md",
    Layers = "layers.md",
    OwnCrate = "own_crate.md",
    OwnData = "own_data.md",
    Pictures = "pictures.md",
    Reinforcement = "reinforcement.md",
    Scan = "scan.md",
    Training = "training.md",
);

/// The examples of the repository's README.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
