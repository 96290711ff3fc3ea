//! Samples as constant currents.

use super::{Activations, Encode, Source, TimeGrid};
use crate::Error;
use crate::registry::Named;
use serde::{Deserialize, Serialize};

/// Each value as a current that is the same at every step (direct coding); SPAIC's `float`. Differentiable. The
/// first layer's product with it is computed once, not `T` times.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Constant {}

impl Named for Constant {
    const NAME: &'static str = "constant";
    const ABOUT: &'static str = "each value as a current, the same at every step";
    const ALIASES: &'static [&'static str] = &["float"];
}

impl Encode for Constant {
    fn encode(&self, source: Source, grid: TimeGrid, _: u64) -> Result<Activations, Error> {
        Ok(Activations::new(source.held(Self::NAME, [f32::MIN, f32::MAX], grid)?, grid.dt))
    }
}
