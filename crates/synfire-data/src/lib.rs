//! Data sets for training spiking neural networks.
//!
//! The crate knows files and numbers and no tensors: it hands out plain slices
//! and vectors, which every framework can take. What it offers:
//!
//! - [`Dataset`] and [`Split`]: labelled images, from a folder in MNIST's
//!   format or the [digits that come along](Dataset::digits);
//! - [`EpochOrder`]: shuffled batches that depend on nothing but a seed and the
//!   epoch's number, so that training resumes anywhere without stored state;
//! - [`IdxArray`]: a reader and writer for IDX files that is safe on any bytes;
//! - [`read_image`]: one picture to classify;
//! - `download`, behind the feature of that name: MNIST and
//!   Fashion-MNIST over the network, when asked and never otherwise.
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
//!         let batch = digits.train.batch(indices);
//!         // Shapes: pixels [64, 64] in 0..=1, labels [64] in 0..10.
//!         assert_eq!(batch.pixels.len(), 64 * digits.train.features());
//!         assert_eq!(batch.labels.len(), 64);
//!     }
//! }
//! # Ok::<(), synfire_data::DataError>(())
//! ```
//!
//! Everything that can fail returns a [`DataError`], whose message names the
//! file, what was expected and the cure. What the crate does not do: augment,
//! resize or normalise images beyond the range 0 to 1.

mod dataset;
#[cfg(feature = "download")]
pub mod download;
mod error;
mod idx;
mod inflate;
mod order;
mod picture;
mod split;

pub use dataset::{Dataset, Holdout};
pub use error::DataError;
pub use idx::{Elements, IdxArray, MAX_BYTES, MAX_DIMENSIONS};
pub use order::{EpochOrder, order};
pub use picture::read_image;
pub use split::{Batch, MAX_CLASSES, Split};
