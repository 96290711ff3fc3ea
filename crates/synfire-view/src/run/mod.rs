//! One run: its network, parameters, mistakes, rates and operations.

mod activity;
mod distribution;
mod mistakes;
mod network;
mod result;

pub(crate) use activity::{profile, rates};
pub(crate) use distribution::distribution;
pub(crate) use mistakes::{mistakes, pictures};
pub(crate) use network::network;
pub(crate) use result::{classes, confusion};
