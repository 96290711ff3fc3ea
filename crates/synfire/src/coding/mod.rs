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
pub use encoder::{
    Bernoulli, Constant, ConstantCurrent, Delta, Encode, Encoder, Events, Late, Latency, Mstb, Null, Phase, Poisson,
    Population, RankOrder, RelativeLatency, Source, Sstb, Uniform,
};
pub use generator::{
    ConstantCurrentGenerator, CosineGenerator, Generate, Generator, PoissonGenerator, PoissonGenerator2, RampGenerator,
    SinGenerator, Values,
};
pub use loss::{Criterion, CrossEntropy, Likelihood, Loss, Mse};
pub use signal::{Signal, Span, Window};
