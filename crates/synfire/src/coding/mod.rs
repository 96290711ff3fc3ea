//! Between numbers and spikes: encoders, decoders and the losses on them.

mod decoder;
mod encoder;
mod loss;
pub(crate) mod random;
mod spike_times;

pub use decoder::{Activity, Decoder};
pub use encoder::{Encoder, Signal};
pub use loss::Loss;
pub use spike_times::{TimeSoftmax, time_shares, time_softmax};
