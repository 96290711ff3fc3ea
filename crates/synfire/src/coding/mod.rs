//! Between numbers and spikes: encoders, generators, decoders and the losses on them, actions and rewards.

pub mod action;
pub mod decoder;
pub mod encoder;
pub mod generator;
pub mod loss;
pub(crate) mod random;
pub mod regularizer;
pub mod reward;
mod signal;

pub use action::{
    Action, ActionSeed, ActionSelector, FirstSpikeAction, HighestSpikesAction, HighestVoltageAction, Policy,
    PopRateAction, RandomAction, SoftmaxAction,
};
pub use decoder::{
    Activity, Complex, ComplexConv, ComplexCount, ComplexLatency, ComplexPhase, ComplexTimingDistance,
    ComplexTrajectory, Decode, Decoded, Decoder, DecoderParameter, FinalStepVoltage, FirstSpike, IdentityDecoder,
    MembraneTrajectory, Reads, SpikeConv, SpikeCounts, SpikeRate, SpikeRates, TimeShares, TimeSoftmax,
    TimeSoftmaxScores, TimeSpikeCounts, TimingDistance, VoltageSum, time_norms, time_shares, time_softmax,
};
pub use encoder::{
    Bernoulli, Constant, ConstantCurrent, Delta, Encode, Encoder, Events, EventsEncoder, Latency, Phase, Poisson,
    Population, RankOrder, RelativeLatency, SeriesEncoder, Source, SpikeTimesEncoder, Uniform,
};
pub use generator::{
    ConstantCurrentGenerator, CosineGenerator, Generate, Generator, PoissonGenerator, RampGenerator, SinGenerator,
    TimedPoissonGenerator, Values, Wave,
};
pub use loss::{Criterion, CrossEntropy, FirstSpikeTime, Likelihood, Loss, MaxMembrane, Mse};
pub use regularizer::{FiringRate, Regularize, Regularizer, SpikeCost};
pub use reward::{
    ClassifyReward, DaReward, EnvironmentReward, GlobalReward, Reward, RewardFunction, Target, XorReward,
};
pub use signal::{ActiveInterval, Signal, TimeGrid};
