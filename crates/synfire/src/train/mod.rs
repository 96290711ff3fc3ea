//! Training of any Burn module: the loop, its options, what it measures and what it leaves behind.

mod config;
mod evaluate;
mod extremes;
mod fingerprint;
mod gradients;
mod lock;
mod loss_scale;
mod memory;
mod metrics;
mod network;
mod optimizers;
mod progress;
mod result;
mod run_folder;
mod schedule;
mod shard;
mod tensorboard;
mod trainable;
mod trainer;
mod training;

pub use config::{Optimizer, TrainConfig, TrainingConfig};
pub(crate) use evaluate::Answer;
pub use evaluate::{evaluate, highest, inference_seed, time_constants};
pub use lock::RunLock;
pub(crate) use loss_scale::LossScale;
pub use metrics::{ClassCount, Confusion, EpochRecord, Evaluation, TimeConstant};
pub use progress::Progress;
pub use result::RunResult;
pub use run_folder::{RunFolder, write_whole};
pub use schedule::Schedule;
pub use shard::{ShardContext, ShardOutput};
pub(crate) use trainable::short_name;
pub use trainable::{BuildModel, ModelConfig, Recording, Task, Trainable};
pub use trainer::{Run, Trainer};
pub use training::Training;
