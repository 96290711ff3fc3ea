//! Trained spiking neural networks in integer arithmetic, step by step: int8 weights with a scale for each channel, 32-bit
//! fixed-point potentials.
//!
//! [`Model`] is the content of a file; [`Network`] runs it. A [`State`] goes in and comes out, so one network serves any number
//! of series at a time. `synfire export --format int8` writes such files, and so does `synfire::int8` in Rust.
//!
//! ```
//! use synfire_int8::{Input, Layer, Linear, Model, Network, Neurons, Reset};
//!
//! // one neuron that takes 3 from its first input and -1 from its second, and fires above 4 of these
//! let neurons = Neurons { reset: Reset::Soft, threshold: vec![4], ..Neurons::default() };
//! let model = Model {
//!     input: Input { shape: vec![2], scale: 1.0, low: 0, high: 1 },
//!     layers: vec![Layer::Linear(Linear { outputs: 1, weight: vec![3, -1] }), Layer::Neurons(neurons)],
//!     ..Model::default()
//! };
//! let network = Network::new(model)?;
//! let mut state = network.state();
//! let mut spikes = vec![];
//! for input in [[1, 0], [1, 0], [0, 1], [1, 1], [1, 0]] {
//!     let output;
//!     (output, state) = network.step(&input, state)?;
//!     spikes.push(output[0]);
//! }
//! // potentials 3, 6 - 4, 1, 3, 6 - 4
//! assert_eq!(spikes, [0, 1, 0, 0, 1]);
//! # Ok::<(), synfire_int8::Error>(())
//! ```
//!
//! # Arithmetic
//!
//! All numbers are whole. Activity between layers is `i32`; weights are `i8`; potentials, thresholds, resets and biases are
//! `i32` in units of a layer of its own for each channel or neuron, which has `fraction_bits` binary digits more than the sums
//! of its weights. So the scales of the weights need no multiplication: they are in the thresholds.
//!
//! ```text
//! x = clamp(floor(value / scale + 1/2), low, high)             the input, in single precision
//! a = sum of w x                                               linear, conv2d
//! a = largest, or sum, of the values of a window               max_pool2d, sum_pool2d
//! v = (V leak + 2^23) >> 24                                    leak of 24 binary digits, at most 2^24; to the nearest, halves up
//! v = saturate(v + (a << fraction_bits) + bias)                to 32 bits
//! S = 1 if v > threshold else 0
//! V = v_reset if S else v                                      reset = "hard"
//! V = saturate(v - threshold S)                                reset = "soft"
//! V = v                                                        reset = "none"
//! ```
//!
//! With `reset_delay` the reset comes one step later: by `S` of the last potential, before the leak if hard, after it if soft.
//! A potential is read as `V unit`. Sums of connections fit into 32 bits: a model in which they might not is refused.

mod error;
mod model;
mod run;

pub use error::Error;
pub use model::{Conv2d, Input, Layer, Linear, Model, Neurons, Pool2d, PoolKind, Reset};
pub use run::{Network, State};

/// The example of the README is a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
