//! Training of any Burn module: the loop, its options, what it measures and what it leaves behind.

mod config;
mod data_note;
mod early_exit;
mod evaluate;
mod files;
mod fingerprint;
mod gradients;
mod lock;
mod loss_scale;
mod memory;
mod metrics;
mod metrics_files;
mod network;
mod optimizer;
mod parallel;
mod progress;
mod result;
mod run_folder;
mod schedule;
mod shard;
mod shards;
mod tensorboard;
mod trainable;
mod trainer;
mod training;

pub(crate) use config::is_plain;
pub use config::{Optimizer, TrainConfig, TrainingConfig};
pub use data_note::DataNote;
pub use early_exit::{EarlyExit, evaluate_early_exit};
pub(crate) use evaluate::Answer;
pub use evaluate::{evaluate, highest, inference_seed, time_constants};
pub use files::write_whole;
pub use lock::RunLock;
pub(crate) use loss_scale::LossScale;
pub use metrics::{ClassCount, Confusion, EpochRecord, Evaluation, TimeConstant};
pub use parallel::{Alone, Communicator, ShardCount};
pub use progress::Progress;
pub use result::RunResult;
pub use run_folder::RunFolder;
pub use schedule::Schedule;
pub use shard::{ShardContext, ShardOutput};
pub(crate) use trainable::short_name;
pub use trainable::{BuildModel, ModelConfig, Recording, Task, Trainable};
pub use trainer::{Run, Trainer};
pub use training::Training;

/// Held by tests that seed Burn's random numbers, which are those of the whole process.
#[cfg(test)]
fn alone() -> std::sync::MutexGuard<'static, ()> {
    static ALONE: std::sync::Mutex<()> = std::sync::Mutex::new(());
    // a test that failed has told so
    ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}
