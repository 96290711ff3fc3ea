//! Training: the loop, its configuration, what it measures and what it leaves behind.

mod config;
mod gradients;
mod metrics;
mod run_folder;
mod schedule;
mod trainer;

pub use config::{Optimizer, TrainConfig, TrainingConfig};
pub use metrics::{EpochRecord, Evaluation};
pub use run_folder::RunFolder;
pub use schedule::Schedule;
pub use trainer::{Flow, Progress, Trainer, evaluate, highest, time_constants};

pub(crate) use run_folder::write_whole;
