//! The tests across crates, in one program: each of its own would link Burn anew.
//!
//! `cargo test -p synfire-tests --test all trainer::` runs those of a module. A test that trains, or draws from Burn's random
//! numbers, holds `synfire_tests::alone()`; a model that a test registers is in the registry of them all.

mod book;
mod coding_pairs;
mod conformance;
mod connections;
mod damaged_checkpoints;
mod decoder_gradients;
mod encoders;
mod every_model;
mod finite_differences;
mod golden_actions;
mod golden_decoders;
mod golden_encoders;
mod golden_generators;
mod golden_network;
mod golden_rewards;
mod golden_surrogates;
#[cfg(feature = "wgpu")]
mod gpu_learning;
#[cfg(feature = "wgpu")]
mod gpu_parity;
mod gradients;
mod inputs;
mod int8;
mod laws;
mod layer_features;
mod layer_kinds;
mod learnable;
mod lif_families;
mod linear;
mod modules;
mod nir;
mod operations;
mod packages;
mod precisions;
mod prelude;
mod ranges;
mod recurrent;
mod signatures;
mod targets;
mod trainer;
