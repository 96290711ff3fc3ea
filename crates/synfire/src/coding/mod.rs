//! Between numbers and spikes: encoders, decoders and the losses on them.

mod decoder;
mod encoder;
mod loss;
pub(crate) mod random;

pub use decoder::Decoder;
pub use encoder::{Encoder, Signal};
pub use loss::Loss;
