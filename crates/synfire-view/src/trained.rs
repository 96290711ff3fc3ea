//! Trained networks and their data, read once.

use crate::Error;
use crate::device;
use crate::folder::RunPath;
use crate::run::Mistake;
use burn::tensor::Device;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::SystemTime;
use synfire::checkpoint::Checkpoint;
use synfire::network::Network;
use synfire::train::{DataNote, RunFolder, TrainConfig, TrainingConfig};
use synfire_data::Dataset;

/// A network, what is known of its training, and its data.
#[derive(Debug)]
pub(crate) struct Trained {
    pub(crate) id: String,
    pub(crate) checkpoint: Checkpoint,
    pub(crate) network: Network,
    pub(crate) device: Device,
    /// Options of its training, as far as its file knows them: those of inference follow from them.
    pub(crate) options: TrainingConfig,
    /// Seed of its first weights, where a run folder has it.
    pub(crate) seed: Option<u64>,
    /// Tells this reading of the network from later ones.
    pub(crate) mark: Arc<()>,
    /// Its worst mistakes on the test data, once they were asked for.
    pub(crate) mistakes: Mutex<Option<Arc<[Mistake]>>>,
    note: DataNote,
    data: OnceLock<Result<Dataset, String>>,
}

impl Trained {
    /// Reads the checkpoint that a run keeps, or a checkpoint on its own.
    fn read(run: &RunPath) -> Result<Self, Error> {
        let file = file_of(run)?;
        let checkpoint = Checkpoint::read(&file)?;
        let device = device::open()?;
        let network = checkpoint.network(&device)?;
        let options = checkpoint.training_state().map(|state| state.options.clone()).unwrap_or_default();
        let (note, seed) = match run.is_folder() {
            true => {
                let config = TrainConfig::read(run.path.join("config.toml"))?;
                (DataNote::read(&run.path)?, Some(config.training.seed))
            }
            false => (DataNote::default(), None),
        };
        let (id, mark) = (run.id.clone(), Arc::new(()));
        let (mistakes, data) = (Mutex::default(), OnceLock::new());
        Ok(Trained { id, checkpoint, network, device, options, seed, mark, mistakes, note, data })
    }

    /// The data that it was trained on; the built-in digits where it names none.
    pub(crate) fn data(&self) -> Result<&Dataset, Error> {
        let read = || {
            let options = &self.checkpoint.description.data;
            let data = match self.note.folder() {
                Some(folder) => Dataset::open_with(folder, options).map_err(|error| error.to_string())?,
                None => Dataset::digits(),
            };
            let (found, expected) = (data.test.sample_shape(), &self.checkpoint.description.input);
            let fits = *expected == [found.iter().product::<usize>()] || expected == found;
            let problem = format!(
                "the network reads samples of {expected:?}, the data `{}` have samples of {found:?}; show the run folder, which \
                 names its data",
                data.name
            );
            if fits { Ok(data) } else { Err(problem) }
        };
        self.data.get_or_init(read).as_ref().map_err(|problem| Error::Request(problem.clone()))
    }

    /// Name of a class.
    pub(crate) fn class_name(&self, class: usize) -> String {
        let names = self.checkpoint.description.data.classes.as_ref();
        names.and_then(|names| names.get(class)).cloned().unwrap_or_else(|| class.to_string())
    }
}

fn file_of(run: &RunPath) -> Result<PathBuf, Error> {
    if run.is_folder() { Ok(RunFolder::kept(&run.path)?) } else { Ok(run.path.clone()) }
}

/// The network that was asked for last, as long as its file does not change.
#[derive(Debug, Default)]
pub(crate) struct Last(Mutex<Option<(PathBuf, SystemTime, Arc<Trained>)>>);

impl Last {
    pub(crate) fn of(&self, run: &RunPath) -> Result<Arc<Trained>, Error> {
        let file = file_of(run)?;
        let changed = std::fs::metadata(&file).and_then(|found| found.modified()).unwrap_or(SystemTime::UNIX_EPOCH);
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((kept, at, trained)) = &*last
            && (kept, at) == (&file, &changed)
        {
            return Ok(trained.clone());
        }
        let trained = Arc::new(Trained::read(run)?);
        *last = Some((file, changed, trained.clone()));
        Ok(trained)
    }
}
