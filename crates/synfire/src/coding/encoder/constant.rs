//! The samples themselves, as a current.

use super::source::check_grid;
use super::{Encode, Signal, Source, TimeGrid};
use crate::Error;
use crate::registry::Named;
use serde::{Deserialize, Serialize};

/// Each number as a current, the same at every step (direct coding); SPAIC's `float`. Differentiable. The
/// first layer's product with it is computed once, not `T` times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Constant {}

impl Named for Constant {
    const NAME: &'static str = "constant";
    const ABOUT: &'static str = "the number itself, as a current at every step";
    const ALIASES: &'static [&'static str] = &["float"];
}

impl Encode for Constant {
    fn encode(&self, source: Source, grid: TimeGrid, _: u64) -> Result<Signal, Error> {
        check_grid(Self::NAME, grid)?;
        let samples = source.samples(Self::NAME, [f32::MIN, f32::MAX])?;
        Ok(samples.unsqueeze_dim::<3>(0).into())
    }
}
