//! Data sets for training spiking neural networks.
//!
//! The crate knows files and arrays and no tensors: it hands out plain
//! vectors, which every framework can take. Its parts:
//!
//! - [`Samples`]: the trait of anything that gives sample `i`, be it pictures, series or features, with a class, a
//!   class per step or a vector as its target; a [`Batch`] gathers samples, and bytes stay bytes in it;
//! - [`Dataset`] and [`Split`]: training and test samples, from files of [many formats](Dataset::open_with), from memory,
//!   or the [digits that come along](Dataset::digits);
//! - [`DataOptions`]: how pictures, events and sound in files become values, and [`Transform`]s of them in training;
//! - [`EpochOrder`]: shuffled batches that depend on nothing but the seed and the
//!   epoch, so that training resumes anywhere without stored state; [`Prefetch`] reads batches ahead by other threads;
//! - [`IdxArray`]: a reader and writer for IDX files that is safe on any bytes;
//! - `read_image`, behind the feature `pictures`: one picture to classify;
//! - `download`, behind the feature of that name: MNIST, Fashion-MNIST
//!   and KMNIST over the network, when asked and never otherwise.
//!
//! ```
//! use synfire_data::{Dataset, EpochOrder};
//!
//! let digits = Dataset::digits(); // or Dataset::open("datasets/mnist")?
//! let parts = digits.train_validation(0.1, 42)?;
//!
//! for epoch in 0..2 {
//!     let order = EpochOrder::of(parts.train.clone(), 42, epoch);
//!     for indices in order.batches(64, true) {
//!         let batch = digits.train.batch(indices)?;
//!         // Shapes: values [64, 8, 8] in 0..=1, classes [64] in 0..10.
//!         assert_eq!((batch.len(), &batch.shape[..]), (64, &[8, 8][..]));
//!         assert_eq!(batch.targets.classes()?.len(), 64);
//!     }
//! }
//! # Ok::<(), synfire_data::DataError>(())
//! ```
//!
//! Everything that can fail returns a [`DataError`], whose message names the
//! file, what was expected and the cure. Samples are handed out as they lie in their files, unless options say otherwise.

mod assemble;
mod batch;
mod bytes;
mod cache;
mod classes;
#[cfg(feature = "arrays")]
mod convert;
mod dataset;
#[cfg(feature = "download")]
pub mod download;
mod error;
mod events;
mod formats;
mod in_memory;
mod inflate;
#[cfg_attr(not(feature = "sound"), path = "no_mel.rs")]
mod mel;
mod options;
mod order;
mod pipeline;
mod prefetch;
mod prepared;
mod raw;
mod samples;
mod split;
mod targets;
mod transforms;
mod values;

pub use batch::Batch;
pub use dataset::{Dataset, Holdout};
pub use error::DataError;
pub use events::Event;
pub use formats::idx::{Elements, IdxArray, MAX_BYTES, MAX_DIMENSIONS};
#[cfg(feature = "pictures")]
pub use formats::picture::read_image;
pub use options::{Color, DataOptions, EventOptions, Frames, Origin, SoundOptions};
pub use order::{EpochOrder, batch_count, order};
pub use prefetch::Prefetch;
pub use raw::{Raw, Recording};
pub use samples::{Sample, Samples};
pub use split::{Extremes, MAX_CLASSES, Split};
pub use targets::{Target, TargetKind, Targets};
pub use transforms::{Draw, Transform};
pub use values::Values;

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
