//! Coding: from samples to spikes and back. Encoders, generators, decoders and losses, actions and rewards.

pub mod action;
mod activations;
mod active_interval;
pub mod decoder;
pub mod encoder;
mod ends;
pub mod generator;
pub mod loss;
mod precision;
pub(crate) mod random;
pub mod regularizer;
pub mod reward;
mod rounding;
mod time_grid;

pub use action::{
    Action, ActionSeed, ActionSelector, FirstSpikeAction, HighestSpikesAction, HighestVoltageAction, Policy,
    PopRateAction, RandomAction, SoftmaxAction,
};
pub use activations::{Activations, Complex};
pub use active_interval::ActiveInterval;
pub use decoder::{
    ComplexConv, ComplexCount, ComplexLatency, ComplexPhase, ComplexTimingDistance, ComplexTrajectory, Decode, Decoded,
    Decoder, DecoderParameter, FinalStepVoltage, FirstSpike, IdentityDecoder, MembraneTrajectory, Reads, SpikeConv,
    SpikeCounts, SpikeRate, SpikeRates, TimeShares, TimeSoftmax, TimeSoftmaxScores, TimeSpikeCounts, TimingDistance,
    VoltageSum, time_norms, time_shares, time_softmax,
};
pub use encoder::{
    Bernoulli, Constant, ConstantCurrent, Delta, Encode, Encoder, Events, EventsEncoder, HostSamples, Late, Latency,
    Phase, Poisson, Population, RankOrder, RelativeLatency, SeriesEncoder, Source, SpikeTimesEncoder, Uniform,
};
pub use ends::Ends;
pub use generator::{
    ConstantCurrentGenerator, CosineGenerator, Generate, Generator, NeuronValues, PoissonGenerator, RampGenerator,
    SinGenerator, TimedPoissonGenerator, Wave,
};
pub use loss::{Criterion, CrossEntropy, Expected, FirstSpikeTime, Likelihood, Loss, MaxMembrane, Mse, StepClasses};
pub use regularizer::{FiringRate, Regularize, Regularizer, SpikeCost};
pub use reward::{
    ClassifyReward, DaReward, EnvironmentReward, GlobalReward, Reward, RewardFunction, Target, XorReward,
};
pub use synfire_dynamics::{CounterRng, SpikeBits, Spikes};
pub use time_grid::TimeGrid;
