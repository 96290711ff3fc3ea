//! Between numbers and spikes: encoders, decoders and the losses on them.

pub mod decoder;
pub mod encoder;
pub mod loss;
pub(crate) mod random;

pub use decoder::{
    Activity, Complex, ComplexConv, ComplexCount, ComplexLatency, ComplexPhase, ComplexTimingDistance,
    ComplexTrajectory, Decode, Decoded, Decoder, DecoderParameter, FinalStepVoltage, FirstSpike, NullDecoder, Reads,
    SpikeConv, SpikeCounts, SpikeRate, SpikeRates, TimeShares, TimeSoftmax, TimeSoftmaxScores, TimeSpikeCounts,
    TimingDistance, VTrajectory, VoltageSum, time_norms, time_shares, time_softmax,
};
pub use encoder::{Constant, Encode, Encoder, Events, Latency, Poisson, Signal, Source, Window};
pub use loss::{Criterion, CrossEntropy, Likelihood, Loss, Mse};
