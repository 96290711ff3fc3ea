//! Between numbers and spikes: encoders, generators, decoders and the losses on them.

pub mod decoder;
pub mod encoder;
pub mod generator;
pub mod loss;
pub(crate) mod random;
mod signal;

pub use decoder::{
    Activity, Decode, Decoded, Decoder, FinalStepVoltage, Reads, SpikeCounts, SpikeRate, TimeShares, TimeSoftmax,
    TimeSoftmaxScores, time_shares, time_softmax,
};
pub use encoder::{Constant, Encode, Encoder, Events, Latency, Poisson, Source};
pub use generator::{ConstantCurrentGenerator, Generate, Generator, Values};
pub use loss::{Criterion, CrossEntropy, Likelihood, Loss, Mse};
pub use signal::{Signal, Span, Window};
