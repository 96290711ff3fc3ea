//! Spikes after the last step.

use super::TimeGrid;
use crate::Error;
use serde::{Deserialize, Serialize};

/// Treatment of spikes after the last step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Late {
    /// An error.
    #[default]
    Refuse,
    /// Left out.
    Drop,
    /// Moved into the last step.
    LastStep,
}

impl Late {
    /// The step of a spike at `ms`, which lies in `step` if the grid is long enough; none if it is left out.
    pub(super) fn step(
        self,
        encoder: &'static str,
        step: usize,
        ms: f64,
        grid: TimeGrid,
    ) -> Result<Option<usize>, Error> {
        match self {
            _ if step < grid.steps => Ok(Some(step)),
            Late::Drop => Ok(None),
            Late::LastStep => Ok(Some(grid.steps - 1)),
            Late::Refuse => Err(Error::Source {
                encoder,
                problem: format!(
                    "was given a spike at {ms} ms; expected less than {} ms, the end of the last step. Use more steps, or `late = \"drop\"`",
                    grid.dt_written() * grid.steps as f64
                ),
            }),
        }
    }
}
