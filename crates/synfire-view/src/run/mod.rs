//! One run: its network, parameters, mistakes, rates and operations.

mod activity;
mod distribution;
mod graph;
mod mistakes;
mod network;
mod result;

pub(crate) use activity::{profile, rates};
pub(crate) use distribution::distribution;
pub(crate) use graph::graph;
pub(crate) use mistakes::{Mistake, mistakes, pictures};
pub(crate) use network::network;
pub(crate) use result::{classes, confusion};
