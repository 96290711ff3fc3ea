//! Train spiking neural networks in Rust, on [Burn](https://burn.dev).
//!
//! A spiking neuron integrates the currents that it receives, and when its potential crosses a threshold it sends a spike, a
//! 1 among zeros. A network of such neurons runs over time steps, and it is trained as other networks are: by gradients, which
//! flow back through all steps. The spike has no derivative, so a [`Surrogate`] stands in for it.
//!
//! Here a neuron's equations are written once, as a function that advances one neuron by one step, over an abstract number
//! ([`Dynamics`](synfire_dynamics::Dynamics) over [`Real`](synfire_dynamics::Real)). SIMD kernels, GPU kernels, exact gradients
//! and plain tensor operations are interpretations of that function. All steps of a layer are one operation of Burn's autodiff
//! graph; it keeps its inputs and recomputes the rest. A model of your own is one `impl`, and as fast as the built-in ones.
//!
//! ```
//! use synfire::prelude::*;
//!
//! // two layers of neurons with learnable time constants, on handwritten digits that are compiled in
//! let network = NetworkConfig::two_layers("plif", 32, 5); // model, hidden neurons, time steps
//! let mut training = Trainer::new(network, Dataset::digits())?.epochs(1).learning_rate(1e-2).start()?;
//! training.run()?;
//! println!("{:.2} %", 100.0 * training.test()?.accuracy);
//! # assert!(training.test()?.accuracy > 0.2);
//! # Ok::<(), synfire::Error>(())
//! ```
//!
//! # Three conventions
//!
//! - **Time is the first axis.** Activity has the shape `[T, B, ..]`: steps, samples, and the shape of a sample.
//! - **State is a value** that goes in and comes out. A layer remembers nothing, so nothing is reset between samples.
//! - **Times are in milliseconds**, and a step is `dt` of them; 1 ms unless set.
//!
//! # Where things are
//!
//! | module | |
//! |---|---|
//! | [`prelude`] | the names that most programs import |
//! | [`neuron`] | models, their configurations, [layers](neuron::Neurons) of them: Burn modules |
//! | [`connection`] | linear maps and convolutions of spikes, which skip what does not spike |
//! | [`coding`] | encoders, decoders, losses, regularisers, generators, actions and rewards |
//! | [`network`] | networks from a description: layers by name, delays, recurrence, feedback |
//! | [`train`] | training of any Burn module: options, metrics, run folders, resuming bit by bit |
//! | [`checkpoint`] | saving and loading, burnpack and safetensors |
//! | `exchange` | state dicts of PyTorch, snnTorch, SpikingJelly and Norse, in and out |
//! | `int8` | trained networks in integer arithmetic, behind the feature of that name |
//! | [`profile`] | firing rates, operations, memory, energy and latency of a network |
//! | [`parameters`] | parameters of any module by name: list, freeze, replace |
//! | [`data`] | data sets: digits, files, arrays, series, sources of one's own |
//! | `nir` | networks from and for other frameworks, behind the feature of that name |
//! | [`registry`] | components by name, and how to add your own |
//! | [`device`] | what this build can compute on |
//!
//! # Ways in
//!
//! - A Burn module of your own with layers of neurons in it: [`neuron::NeuronConfig`], and
//!   [`network::fold_time`] for modules that know nothing of time.
//! - Training it: implement [`train::Trainable`], then [`train::Trainer`]. Or use any loop and any optimiser of Burn.
//! - A network from TOML: [`network::NetworkConfig`], [`train::TrainConfig`].
//! - A model of your own: [`neuron::Neuron`]; an encoder: [`coding::Encode`]; a layer: [`network::layer::LayerKind`].
//!
//! # Features
//!
//! `flex` and `ndarray`, Burn's CPU backends, are the default; `wgpu`, `vulkan`, `metal`, `cuda` and `rocm` add GPUs. `plot`
//! draws pictures, `dataset` exchanges data sets with Burn, `download` fetches MNIST when asked to, `pictures` reads image
//! files, `nir` exchanges networks as NIR, `exchange` reads and writes the state dicts of other frameworks, `int8` makes integers of
//! trained networks.

pub mod checkpoint;
pub mod coding;
pub mod connection;
pub mod data;
pub mod device;
mod error;
#[cfg(feature = "exchange")]
pub mod exchange;
pub mod host;
#[cfg(feature = "int8")]
pub mod int8;
pub mod network;
pub mod neuron;
#[cfg(feature = "nir")]
pub mod nir;
pub mod parameters;
#[cfg_attr(not(feature = "plot"), path = "no_pictures.rs")]
mod pictures;
#[cfg(feature = "plot")]
pub mod plot;
pub mod prelude;
pub mod profile;
pub mod registry;
mod surrogate;
pub mod train;

pub use error::{Error, Result};
pub use surrogate::Surrogate;

/// The examples of the README are tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
