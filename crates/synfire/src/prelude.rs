//! The names that most training programs import: `use synfire::prelude::*;`.
//!
//! None of them is a name of `burn::prelude`, `burn::nn`, `burn::nn::conv` or `burn::nn::pool`, so that these can be
//! imported beside it.

pub use crate::checkpoint::Checkpoint;
pub use crate::coding::{Activations, Decoder, Encoder, Loss, TimeGrid};
pub use crate::connection::{
    EventConv1d, EventConv1dConfig, EventConv2d, EventConv2dConfig, EventLinear, EventLinearConfig,
};
pub use crate::data::{Batch, Dataset, Samples, Split, Targets};
pub use crate::network::{LayerConfig, Network, NetworkConfig, fold_time};
pub use crate::neuron::*;
pub use crate::parameters::{NamedParameter, ParameterKind, parameters};
pub use crate::surrogate::Surrogate;
pub use crate::train::{
    Evaluation, ModelConfig, Run, ShardContext, ShardOutput, TrainConfig, Trainable, Trainer, Training, TrainingConfig,
};
pub use synfire_dynamics::{Dynamics, Real, record};
