//! A sample at work: spikes of all layers, potentials, scores over time. Of the test data, drawn, or in a file that is sent.

mod drawn;
mod file;
mod pictures;
mod recorded;

pub(crate) use drawn::drawn;
pub(crate) use file::{MOST_BYTES, sent};
pub(crate) use pictures::{raster, scores, traces};
pub(crate) use recorded::Recent;

use crate::Error;
use crate::answer::json;
use crate::picture::{Frames, pixels};
use crate::trained::Trained;
use axum::response::Response;
use recorded::Recorded;
use serde::Serialize;
use synfire_data::{Batch, Target};

/// A sample as its page shows it.
#[derive(Serialize)]
struct Shown<'a> {
    /// Index in the test data and their number; none of one that was drawn.
    index: Option<usize>,
    samples: Option<usize>,
    /// Name of its class, where it is known.
    label: Option<String>,
    /// Names of the classes.
    classes: Vec<String>,
    /// Meaning of a score.
    score_is: &'static str,
    #[serde(flatten)]
    recorded: &'a Recorded,
    input: Option<Frames>,
}

/// A test sample.
pub(crate) fn sample(trained: &Trained, index: usize, recent: &Recent) -> Result<Response, Error> {
    let recorded = recent.of(trained, index)?;
    let data = trained.data()?;
    let batch = data.test.batch(&[index])?;
    let label = match batch.targets.get(0) {
        Some(Target::Class(class)) => usize::try_from(class).ok().map(|class| trained.class_name(class)),
        _ => None,
    };
    let input = pixels(&batch, data.options.steps.is_some());
    shown(trained, &recorded, (Some(index), Some(data.test.len()), label), input)
}

fn shown(
    trained: &Trained,
    recorded: &Recorded,
    (index, samples, label): (Option<usize>, Option<usize>, Option<String>),
    input: Option<Frames>,
) -> Result<Response, Error> {
    let classes = recorded.scores.first().map_or(0, Vec::len);
    json(&Shown {
        index,
        samples,
        label,
        classes: (0..classes).map(|class| trained.class_name(class)).collect(),
        score_is: trained.network.config().decoder.unit(recorded.ends_spiking()),
        recorded,
        input,
    })
}

/// A batch of one test sample.
fn test_sample(trained: &Trained, index: usize) -> Result<Batch, Error> {
    let data = trained.data()?;
    if index >= data.test.len() {
        let problem = format!("`index` is {index}; the test data `{}` have {} samples", data.name, data.test.len());
        return Err(Error::NotFound(problem));
    }
    Ok(data.test.batch(&[index])?)
}
