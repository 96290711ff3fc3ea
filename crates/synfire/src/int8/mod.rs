//! Trained networks in integer arithmetic: int8 weights with a scale for each channel, fixed-point potentials.
//!
//! [`quantise`] makes a [`Model`] of a checkpoint, a file of which is all that the crate `synfire-int8` needs to run it, without
//! Burn and without this crate. [`Inference`] runs a model here, on the samples of a data set, with the encoder and the decoder
//! of the network that it was made of.
//!
//! ```
//! use burn::tensor::Device;
//! use synfire::checkpoint::Checkpoint;
//! use synfire::int8::{Inference, quantise};
//! use synfire::network::NetworkConfig;
//! use synfire_data::Dataset;
//!
//! let (data, device) = (Dataset::digits(), Device::default());
//! let network = NetworkConfig::two_layers("plif", 32, 5).init(&[8, 8], 10, 0, &device)?;
//! let samples: Vec<usize> = (0..100).collect();
//! let model = quantise(&Checkpoint::of(&network), &data.train, &samples, 0, &device)?;
//! let bytes = model.to_bytes()?; // a file of it
//! let inference = Inference::new(model)?;
//! let accuracy = inference.accuracy(&data.test, &samples, 0, &device)?;
//! assert!((0.0..=1.0).contains(&accuracy));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod fixed;
mod inference;
mod neurons;
mod pending;
mod quantise;
mod range;

pub use inference::{Answers, Inference};
pub use quantise::quantise;
pub use synfire_int8::*;

/// Key of the description of the network in a model's metadata.
const DESCRIPTION: &str = "description";

/// An error of a model as one of the library.
fn refused(error: synfire_int8::Error) -> crate::Error {
    match error {
        synfire_int8::Error::In { file, cause } => crate::Error::file(file, cause.to_string()),
        synfire_int8::Error::Io { path, cause } => crate::Error::file(path, format!("cannot be read: {cause}")),
        other => crate::Error::config("int8", other.to_string()),
    }
}
