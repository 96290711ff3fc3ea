//! Training: the loop, its configuration, what it measures and what it leaves behind.

mod config;
mod csv;
mod evaluate;
mod gradients;
mod metrics;
mod optimizers;
mod progress;
mod run_folder;
mod schedule;
mod trainer;

pub use config::{Optimizer, TrainConfig, TrainingConfig};
pub use evaluate::{evaluate, highest, time_constants};
pub use metrics::{EpochRecord, Evaluation};
pub use progress::{Flow, Progress};
pub use run_folder::{RunFolder, write_whole};
pub use schedule::Schedule;
pub use trainer::Trainer;
