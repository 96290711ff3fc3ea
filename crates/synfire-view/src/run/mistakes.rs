//! The worst mistakes: samples whose class gets the least probability.

use crate::Error;
use crate::answer::json;
use crate::figure::{Csv, Figure};
use crate::picture::pixels;
use crate::trained::Trained;
use axum::response::Response;
use serde::Serialize;
use std::sync::{Arc, PoisonError};
use synfire::coding::Source;
use synfire::host::floats;
use synfire::network::softmax;
use synfire::plot::{SampleImage, sample_images};
use synfire::train::{highest, inference_seed};
use synfire_data::Target;

/// A test sample that was taken for another class.
#[derive(Debug, Serialize)]
pub(crate) struct Mistake {
    index: usize,
    class: String,
    answer: String,
    /// Probability that the network gives to the right class.
    probability: f32,
}

/// Test samples that are answered at most.
const SAMPLES: usize = 2000;
const BATCH: usize = 128;
/// Mistakes that are shown.
const SHOWN: usize = 12;

/// The worst mistakes, found when they are first asked for.
fn worst(trained: &Trained) -> Result<Arc<[Mistake]>, Error> {
    let mut kept = trained.mistakes.lock().unwrap_or_else(PoisonError::into_inner);
    match &*kept {
        Some(mistakes) => Ok(mistakes.clone()),
        None => Ok(kept.insert(find(trained)?.into()).clone()),
    }
}

fn find(trained: &Trained) -> Result<Vec<Mistake>, Error> {
    let (test, seed) = (&trained.data()?.test, inference_seed(&trained.options));
    let indices: Vec<usize> = (0..test.len().min(SAMPLES)).collect();
    let mut found = vec![];
    for chunk in indices.chunks(BATCH) {
        let batch = test.batch(chunk)?;
        let scores = trained.network.forward(Source::from_batch(&batch, &trained.device), seed)?;
        let classes = scores.dims()[1].max(1);
        let scores = floats(&scores.into_data());
        for (i, scores) in scores.chunks(classes).enumerate() {
            let (Some(Target::Class(class)), Some(answer)) = (batch.targets.get(i), highest(scores)) else { continue };
            let Ok(class) = usize::try_from(class) else { continue };
            if class != answer {
                let probability = softmax(scores).get(class).copied().unwrap_or(0.0);
                let [class, answer] = [class, answer].map(|class| trained.class_name(class));
                found.push(Mistake { index: chunk[i], class, answer, probability });
            }
        }
    }
    found.sort_by(|a, b| a.probability.total_cmp(&b.probability).then(a.index.cmp(&b.index)));
    found.truncate(SHOWN);
    Ok(found)
}

/// The worst mistakes, worst first.
pub(crate) fn mistakes(trained: &Trained) -> Result<Response, Error> {
    json(&worst(trained)?.as_ref())
}

/// Their pictures, where the samples are pictures.
pub(crate) fn pictures(trained: &Trained) -> Result<Figure, Error> {
    let worst = worst(trained)?;
    let mut csv = Csv::new(["index", "class", "answer", "probability"]);
    let mut shown = vec![];
    for mistake in worst.iter() {
        let Mistake { index, class, answer, probability } = mistake;
        csv.row([index.to_string(), class.clone(), answer.clone(), probability.to_string()]);
        let batch = trained.data()?.test.batch(&[*index])?;
        let is_over_time = trained.data()?.options.steps.is_some();
        if let Some(frames) = pixels(&batch, is_over_time) {
            shown.push((format!("{class} as {answer}"), frames.mean(), frames.width));
        }
    }
    let images: Vec<SampleImage<'_>> =
        shown.iter().map(|(name, pixels, width)| SampleImage { name, pixels, width: *width, is_rgb: false }).collect();
    let title = match images.len() {
        0 if worst.is_empty() => "No mistakes on the test samples".to_string(),
        0 => "The samples are no pictures".to_string(),
        count => format!("The {count} worst mistakes of {}", trained.id),
    };
    Ok(Figure { picture: sample_images(&title, &images), csv: csv.finish() })
}
