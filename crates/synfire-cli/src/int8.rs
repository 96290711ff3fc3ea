//! Networks in integer arithmetic, as commands read them.

use crate::inputs;
use anyhow::bail;
use std::path::{Path, PathBuf};
use synfire::int8::{Inference, Model};
use synfire::train::{TrainingConfig, inference_seed};
use synfire_data::Dataset;

/// A network that `synfire export --format int8` wrote.
pub(crate) struct Integers {
    pub(crate) inference: Inference,
    file: PathBuf,
}

impl Integers {
    /// The network in this file, if it is one of integers.
    pub(crate) fn read(file: &Path) -> anyhow::Result<Option<Self>> {
        let Some(bytes) = std::fs::read(file).ok().filter(|bytes| Model::recognises(bytes)) else { return Ok(None) };
        let read = || Inference::new(Model::parse(&bytes)?).map_err(anyhow::Error::from);
        match read() {
            Ok(inference) => Ok(Some(Integers { inference, file: file.to_path_buf() })),
            Err(error) => bail!("{}: {error}", file.display()),
        }
    }

    /// The data set at this path, or the built-in digits, read as that of the training was.
    pub(crate) fn data(&self, folder: Option<&Path>) -> anyhow::Result<Dataset> {
        let description = self.inference.description();
        let data = inputs::data(folder, &description.data)?;
        inputs::check_fit(&self.file, description, &data)?;
        Ok(data)
    }

    /// Seed of random encoders, as that of an export.
    pub(crate) fn seed(&self) -> u64 {
        inference_seed(&TrainingConfig::default())
    }

    /// Refuses flags that are for checkpoints.
    pub(crate) fn refuse(&self, flags: &[(&str, bool)]) -> anyhow::Result<()> {
        match flags.iter().find(|(_, given)| *given) {
            Some((flag, _)) => {
                bail!("--{flag}: {} runs in integers, which do not have it; leave it out", self.file.display())
            }
            None => Ok(()),
        }
    }
}
