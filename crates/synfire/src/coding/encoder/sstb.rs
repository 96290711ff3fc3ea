//! One spike per input, at a time that the sample says.

use super::{Encode, Signal, Source, Window, one_hot};
use crate::Error;
use crate::registry::Named;
use serde::{Deserialize, Serialize};

/// A number is the time of its input's only spike in ms (single-spike time binning): a spike in step `floor(t / dt)`, and
/// how much of that step is left after it as its time. Times at or after the end are refused.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub struct Sstb {}

impl Named for Sstb {
    const NAME: &'static str = "sstb";
    const ABOUT: &'static str = "one spike per input at a given time";
}

impl Encode for Sstb {
    fn encode(&self, source: Source, window: Window, _: u64) -> Result<Signal, Error> {
        let (steps, dt) = (window.steps, window.dt);
        let times = source.samples(Self::NAME, [0.0, f32::MAX])?;
        let exact = times.unsqueeze_dim::<3>(0) / dt;
        let at = exact.clone().floor();
        let latest: f32 = at.clone().max().into_scalar();
        if latest >= steps as f32 {
            let problem = format!("was given a spike in step {latest}; expected times below {} ms", steps as f32 * dt);
            return Err(Error::Source { encoder: Self::NAME, problem });
        }
        let spike_times = Some(at.clone() - exact + 1.0);
        Ok(Signal { values: one_hot(at, steps), spike_times })
    }
}
