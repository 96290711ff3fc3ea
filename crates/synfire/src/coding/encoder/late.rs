//! Spikes after the end of the window.

use super::TimeGrid;
use crate::Error;
use serde::{Deserialize, Serialize};

/// What becomes of spikes after the last step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Late {
    /// They are an error.
    #[default]
    Refuse,
    /// They are left out.
    Drop,
    /// They fall into the last step.
    LastStep,
}

impl Late {
    /// The step of a spike, that lies in this one if there were enough; none if it is left out.
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
