//! Data sets of recordings in memory: events, sound, pictures.

use crate::in_memory::Recordings;
use crate::pipeline::Pipeline;
use crate::prepared::Prepared;
use crate::{DataError, DataOptions, Dataset, EventOptions, Raw, Recording, SoundOptions, Split, Targets};
use std::sync::Arc;

impl Dataset {
    /// Makes a data set of recordings of events, which become steps as the options say; a fifth of them becomes the test
    /// split, see [`from_split`](Self::from_split). Events may come in any order.
    ///
    /// # Errors
    /// If there is no recording, another number of targets, an option makes no sense, or an event is outside of the sensor.
    ///
    /// ```
    /// use synfire_data::{Dataset, Event, EventOptions, Frames, Recording};
    ///
    /// // Spots that move to the right, or to the left.
    /// let recording = |class: u16| {
    ///     let event = |t: u16| Event { time: 1000 * u64::from(t), x: if class == 0 { t } else { 9 - t }, y: 4, on: true };
    ///     Recording { events: (0..10).map(event).collect(), sensor: Some([10, 10]), unipolar: false }
    /// };
    /// let classes: Vec<u16> = (0..20).map(|i| i % 2).collect();
    /// let recordings = classes.iter().map(|&class| recording(class)).collect();
    /// let options = EventOptions { frames: Some(Frames::Bins(5)), ..EventOptions::default() };
    /// let data = Dataset::from_events(recordings, classes, options)?;
    /// assert_eq!((data.train.len(), data.train.sample_shape()), (16, &[5, 2, 10, 10][..]));
    /// # Ok::<(), synfire_data::DataError>(())
    /// ```
    pub fn from_events(
        recordings: Vec<Recording>,
        targets: impl Into<Targets>,
        options: EventOptions,
    ) -> Result<Self, DataError> {
        let options = DataOptions { events: options, ..DataOptions::default() };
        Self::from_raw("events", recordings.into_iter().map(Raw::Events).collect(), targets, &options)
    }

    /// Makes a data set of sound, of one channel with `rate` values per second each, which becomes steps `[T, bands]` of a
    /// mel filterbank; a fifth of it becomes the test split, see [`from_split`](Self::from_split).
    ///
    /// # Errors
    /// If there is no sound, another number of targets, an option makes no sense, or the build is without the feature
    /// `sound`.
    pub fn from_sound(
        sounds: Vec<Vec<f32>>,
        rate: u32,
        targets: impl Into<Targets>,
        options: SoundOptions,
    ) -> Result<Self, DataError> {
        let options = DataOptions { sound: options, ..DataOptions::default() };
        let sounds = sounds.into_iter().map(|samples| Raw::Sound { rate, samples }).collect();
        Self::from_raw("sound", sounds, targets, &options)
    }

    /// Makes a data set of samples as files would hold them, all of one kind: the transforms of the options and all else
    /// that they say is done with them. The options of the result are completed by what was found; a fifth of the samples
    /// becomes the test split, see [`from_split`](Self::from_split).
    ///
    /// # Errors
    /// As [`from_events`](Self::from_events), or if samples are of different kinds.
    pub fn from_raw(
        name: impl Into<String>,
        samples: Vec<Raw>,
        targets: impl Into<Targets>,
        options: &DataOptions,
    ) -> Result<Self, DataError> {
        let (samples, targets) = (samples.into_iter().map(in_order).collect::<Vec<_>>(), targets.into());
        if samples.is_empty() {
            return Err(DataError::EmptySplit { samples: 0, shape: vec![] });
        }
        if samples.len() != targets.len() {
            return Err(DataError::TargetCount { samples: samples.len(), targets: targets.len() });
        }
        let raw = Arc::new(Recordings(samples));
        let pipeline = Pipeline::resolve(options, &*raw)?;
        let options = pipeline.options().clone();
        let data = Self::from_split(name, Split::new(Prepared { raw, targets, pipeline })?)?;
        Ok(Self { options, ..data })
    }
}

fn in_order(raw: Raw) -> Raw {
    match raw {
        Raw::Events(Recording { events, sensor, unipolar }) => Raw::Events(Recording::new(events, sensor, unipolar)),
        other => other,
    }
}
