//! Samples as their files hold them, before options make values of them.

use crate::{Batch, DataError, Event, Values};
use std::fmt::Debug;
use std::sync::Arc;

/// One sample as its file holds it.
#[derive(Clone, Debug, PartialEq)]
pub enum Raw {
    /// Values of a shape: `[C, H, W]` or `[H, W]` of a picture, `[T, F]` of a series.
    Values {
        /// Values, row-major.
        values: Values,
        /// Their shape.
        shape: Vec<usize>,
    },
    /// Events of a camera or spikes of inputs.
    Events(Recording),
    /// Sound of one channel, each value from -1 to 1.
    Sound {
        /// Values per second.
        rate: u32,
        /// Its values.
        samples: Vec<f32>,
    },
}

/// Events in the order of their times.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recording {
    /// Its events.
    pub events: Vec<Event>,
    /// Height and width of the sensor, where the file tells.
    pub sensor: Option<[usize; 2]>,
    /// Whether events have no polarity.
    pub unipolar: bool,
}

impl Recording {
    /// Events of a sensor, sorted by time; those of equal time stay in their order.
    pub(crate) fn new(mut events: Vec<Event>, sensor: Option<[usize; 2]>, unipolar: bool) -> Self {
        if !events.is_sorted_by_key(|event| event.time) {
            events.sort_by_key(|event| event.time);
        }
        Self { events, sensor, unipolar }
    }

    /// Height and width that hold all events.
    pub(crate) fn extent(&self) -> [usize; 2] {
        let most = |of: fn(&Event) -> u16| self.events.iter().map(of).max().map_or(0, |most| usize::from(most) + 1);
        [most(|event| event.y), most(|event| event.x)]
    }
}

/// A source of samples as files hold them.
pub(crate) trait RawSamples: Debug + Send + Sync {
    /// Number of samples.
    fn len(&self) -> usize;

    /// Reads a sample. Errors name the file.
    fn read(&self, index: usize) -> Result<Raw, DataError>;

    /// Whether samples `[T, F]` are over time and may be shorter than others.
    fn varies(&self) -> bool {
        false
    }

    /// Name of a sample in messages and of its file.
    fn name(&self, index: usize) -> String;

    /// Bytes that tell one content from another, for the cache.
    fn stamp(&self, index: usize) -> Result<Vec<u8>, DataError>;
}

/// Samples of one part of a data set, and their labels as they come.
#[derive(Clone, Debug)]
pub(crate) struct Collection {
    pub(crate) source: Source,
    pub(crate) labels: Labels,
}

/// Where samples come from.
#[derive(Clone, Debug)]
pub(crate) enum Source {
    /// Arrays in memory, without targets.
    Memory(Batch),
    /// Files that are decoded when a sample is asked for.
    Files(Arc<dyn RawSamples>),
}

/// Labels as files have them.
#[derive(Clone, Debug, PartialEq)]
#[allow(dead_code)] // the last two come from arrays and tables, which are features
pub(crate) enum Labels {
    /// Classes by name; numbers are names too.
    Names(Vec<String>),
    /// Classes by number.
    Numbers(Vec<i64>),
    /// A class for each step, `[samples, steps]`.
    PerStep { classes: Vec<i64>, steps: usize },
    /// Target vectors, `[samples, len]`.
    Vectors { values: Vec<f32>, len: usize },
}

/// A data set as its files have it.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) train: Collection,
    /// Test samples, where files tell them apart.
    pub(crate) test: Option<Collection>,
    /// Names of the classes by their numbers, where files tell them.
    pub(crate) names: Vec<String>,
}

impl Collection {
    pub(crate) fn files(source: impl RawSamples + 'static, labels: Labels) -> Self {
        Self { source: Source::Files(Arc::new(source)), labels }
    }

    pub(crate) fn len(&self) -> usize {
        match &self.source {
            Source::Memory(batch) => batch.len(),
            Source::Files(files) => files.len(),
        }
    }
}

impl Source {
    /// An error for each sample that cannot be decoded.
    pub(crate) fn damaged(&self) -> Vec<DataError> {
        match self {
            Source::Memory(_) => vec![],
            Source::Files(files) => (0..files.len()).filter_map(|index| files.read(index).err()).collect(),
        }
    }
}

impl Found {
    /// Samples without a test part of their own.
    pub(crate) fn whole(train: Collection) -> Self {
        Self { train, test: None, names: vec![] }
    }
}

impl Labels {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Names(names) => names.len(),
            Self::Numbers(numbers) => numbers.len(),
            Self::PerStep { classes, steps } => classes.len() / (*steps).max(1),
            Self::Vectors { values, len } => values.len() / (*len).max(1),
        }
    }
}
