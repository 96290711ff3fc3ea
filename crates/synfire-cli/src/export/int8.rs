//! Networks in integer arithmetic.

use super::format::{Exported, Format};
use super::subject::Subject;
use crate::eval::options;
use crate::inputs;
use serde::Serialize;
use std::fmt;
use std::path::Path;
use synfire::int8::{Inference, quantise};
use synfire::train::{evaluate, inference_seed, write_whole};
use synfire_data::TargetKind;

pub(super) struct Int8;

/// Training samples that the range of the inputs is found on.
const CALIBRATION: usize = 1000;

impl Format for Int8 {
    fn name(&self) -> &'static str {
        "int8"
    }

    fn about(&self) -> &'static str {
        "Weights of 8 bits, for inference in integers alone"
    }

    fn extension(&self) -> Option<&'static str> {
        Some("int8")
    }

    fn reads_data(&self) -> bool {
        true
    }

    fn export(&self, subject: &Subject<'_>, out: &Path) -> anyhow::Result<Exported> {
        let checkpoint = &subject.checkpoint;
        let (data, (_, device)) = (subject.data()?, inputs::device(None)?);
        let options = options(checkpoint);
        let seed = inference_seed(&options);
        let calibration: Vec<usize> = (0..data.train.len().min(CALIBRATION)).collect();
        let model = quantise(checkpoint, &data.train, &calibration, seed, &device)?;
        let bytes = model.to_bytes()?;
        let samples = subject.test_samples(&data);
        let cost = match data.test.target_kind() {
            TargetKind::Class if !samples.is_empty() => {
                let before = evaluate(&checkpoint.network(&device)?, &data.test, &samples, &options, &device)?.accuracy;
                let after = Inference::new(model)?.accuracy(&data.test, &samples, seed, &device)?;
                Some(Cost { samples: samples.len(), before, after })
            }
            _ => None,
        };
        write_whole(out, &bytes)?;
        Ok(Exported { files: vec![out.to_path_buf()], cost, ..Exported::default() })
    }
}

/// Accuracies on test samples.
#[derive(Serialize)]
pub(super) struct Cost {
    samples: usize,
    /// Of the network that was exported, in single precision.
    before: f64,
    /// Of integers.
    after: f64,
}

impl fmt::Display for Cost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cost { samples, before, after } = self;
        writeln!(f, "accuracy  {:.2} % in single precision", 100.0 * before)?;
        writeln!(f, "          {:.2} % in integers, {:+.2} points", 100.0 * after, 100.0 * (after - before))?;
        writeln!(f, "          of {samples} test samples")
    }
}
