//! Options of a data set: how the samples in its files become values for a network.

use crate::DataError;
use crate::transforms::Transform;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Options for reading samples, as `[data]` of a configuration file has it.
///
/// ```
/// use synfire_data::{DataOptions, EventOptions, Frames};
///
/// let events = EventOptions { frames: Some(Frames::Bins(20)), pool: 2, ..EventOptions::default() };
/// let options = DataOptions { events, ..DataOptions::default() };
/// assert!(options.check().is_ok());
/// ```
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DataOptions {
    /// Names of the classes in the order of the network's outputs; those of the training samples, sorted, if not given.
    /// Numbers are names too: `["1", "2"]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub classes: Option<Vec<String>>,
    /// Columns of a CSV file that are the target vector; if not given, the column `label`, `class`, `target` or `y`, or
    /// else the last one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<String>,
    /// Steps `T` of samples over time; those of the longest sample if not given. Longer samples are cut.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub steps: Option<usize>,
    /// Height and width that pictures are scaled to; if not given all must have the same size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resize: Option<[usize; 2]>,
    /// Colour of pictures: `grey`, `[1, H, W]`, or `rgb`, `[3, H, W]`; those of the first one if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub color: Option<Color>,
    /// Whether rows and columns of pictures and of event cameras are exchanged, as EMNIST needs.
    #[serde(skip_serializing_if = "is_false")]
    pub transpose: bool,
    /// Conversion of events to steps.
    #[serde(skip_serializing_if = "EventOptions::is_default")]
    pub events: EventOptions,
    /// Conversion of sound to steps.
    #[serde(skip_serializing_if = "SoundOptions::is_default")]
    pub sound: SoundOptions,
    /// Changes of the samples, one after the other; random ones are made in training alone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transforms: Vec<Transform>,
    /// Folder for decoded samples, so that files are decoded once; none if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache: Option<PathBuf>,
}

/// Colour of pictures.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Color {
    /// One channel of Rec. 709 luminance.
    Grey,
    /// Three channels: red, green, blue.
    Rgb,
}

/// Conversion of events to the steps of a sample, `[T, C, H, W]`, or `[T, C, W]` and `[T, W]` of sensors in one row.
///
/// Values are counts of events, channel 0 of OFF and channel 1 of ON events. Crops come before pooling.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EventOptions {
    /// Division of a recording's events into steps: `{ bins = 20 }`, `{ window = 5000 }`, `{ count = 500 }` or
    /// `{ event_bins = 20 }`; `bins` with as many steps as the network has if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frames: Option<Frames>,
    /// Time that a recording begins at: `first`, that of its first event, or `zero`.
    pub origin: Origin,
    /// Whether several events of an input in one step are one, so that values are 0 or 1.
    pub clamp: bool,
    /// Whether ON and OFF events share one channel.
    pub merge: bool,
    /// Side of the squares of pixels that are added up, at least 1; squares at the far edges may be smaller.
    pub pool: usize,
    /// Part of the sensor that is read: top row, left column, height, width.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub crop: Option<[usize; 4]>,
    /// Height and width of the sensor, where files do not tell: found in the training samples if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sensor: Option<[usize; 2]>,
}

impl Default for EventOptions {
    fn default() -> Self {
        let (clamp, merge) = (false, false);
        EventOptions { frames: None, origin: Origin::First, clamp, merge, pool: 1, crop: None, sensor: None }
    }
}

/// Division of a recording's events into steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Frames {
    /// This many steps of equal duration, rounded down to µs; the last one takes the remainder.
    Bins(usize),
    /// This many steps with equally many events, rounded down; the last one takes the remainder.
    EventBins(usize),
    /// Steps of this duration in µs, up to `steps` of them; the incomplete last one is kept.
    Window(u64),
    /// Steps of this many events, up to `steps` of them; the incomplete last one is kept.
    Count(usize),
}

/// The time that a recording begins at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// That of its first event.
    #[default]
    First,
    /// 0, as the file counts.
    Zero,
}

/// Conversion of sound to the steps of a sample, `[T, bands]`: the logarithm of a mel filterbank's energies.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SoundOptions {
    /// Bands of the filterbank, at least 1.
    pub bands: usize,
    /// Duration in ms that a step is computed of, under a Hann window.
    pub window: f64,
    /// Time in ms from a step to the next.
    pub hop: f64,
    /// Steps that a recording is divided into, whatever its duration, instead of `hop`; the duration of a window is then
    /// twice that of a step, and `window` at least.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bins: Option<usize>,
    /// Lowest frequency of the filterbank in Hz.
    pub low: f64,
    /// Highest frequency in Hz; half the sampling rate if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<f64>,
    /// Whether each recording is scaled to mean 0 and variance 1 over its steps and bands.
    pub normalize: bool,
}

impl Default for SoundOptions {
    fn default() -> Self {
        SoundOptions { bands: 40, window: 25.0, hop: 10.0, bins: None, low: 50.0, high: None, normalize: true }
    }
}

impl EventOptions {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl SoundOptions {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

fn is_false(value: &bool) -> bool {
    !value
}

/// Most steps, bands and pixels that options may ask for.
const MOST: usize = 1 << 20;

impl DataOptions {
    /// Name of a class: one of `classes`, or its number.
    pub fn class_name(&self, class: usize) -> String {
        self.classes.as_ref().and_then(|classes| classes.get(class)).cloned().unwrap_or_else(|| class.to_string())
    }

    /// Refuses options out of their range.
    ///
    /// # Errors
    /// [`DataError::Option`] names the key.
    pub fn check(&self) -> Result<(), DataError> {
        let within = |key: &'static str, value: usize| match (1..=MOST).contains(&value) {
            true => Ok(()),
            false => Err(DataError::option(key, format!("is {value}; expected 1 to {MOST}"))),
        };
        self.steps.map_or(Ok(()), |steps| within("steps", steps))?;
        self.resize.iter().flatten().try_for_each(|&side| match (1..=4096).contains(&side) {
            true => Ok(()),
            false => Err(DataError::option("resize", format!("has {side}; expected 1 to 4096 pixels"))),
        })?;
        if let Some(classes) = &self.classes {
            let mut sorted: Vec<&String> = classes.iter().collect();
            sorted.sort_unstable();
            if let Some(twice) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
                return Err(DataError::option("classes", format!("has `{}` twice; expected each once", twice[0])));
            }
        }
        let EventOptions { frames, pool, crop, sensor, .. } = &self.events;
        match *frames {
            Some(Frames::Bins(n) | Frames::EventBins(n) | Frames::Count(n)) => within("events.frames", n)?,
            Some(Frames::Window(0)) => {
                return Err(DataError::option("events.frames", "has a window of 0 µs; expected 1 or more"));
            }
            _ => {}
        }
        within("events.pool", *pool)?;
        sensor.iter().flatten().try_for_each(|&side| within("events.sensor", side))?;
        if let Some([_, _, height, width]) = *crop {
            within("events.crop", height)?;
            within("events.crop", width)?;
        }
        self.sound.check()?;
        self.transforms.iter().enumerate().try_for_each(|(i, transform)| {
            transform.check().map_err(|problem| DataError::option(format!("transforms.{i}"), problem))
        })
    }
}

impl SoundOptions {
    fn check(&self) -> Result<(), DataError> {
        let refuse = |key: &str, problem: String| Err(DataError::option(format!("sound.{key}"), problem));
        let SoundOptions { bands, window, hop, bins, low, high, .. } = *self;
        if !(1..=1024).contains(&bands) {
            return refuse("bands", format!("is {bands}; expected 1 to 1024"));
        }
        for (key, ms) in [("window", window), ("hop", hop)] {
            if !(0.1..=10_000.0).contains(&ms) {
                return refuse(key, format!("is {ms} ms; expected 0.1 to 10000"));
            }
        }
        if let Some(bins) = bins.filter(|bins| !(1..=MOST).contains(bins)) {
            return refuse("bins", format!("is {bins}; expected 1 to {MOST} steps"));
        }
        match low >= 0.0 && high.is_none_or(|high| high > low && high.is_finite()) && low.is_finite() {
            true => Ok(()),
            false => refuse("low", format!("is {low} Hz and `high` {high:?}; expected 0 or more, and a higher `high`")),
        }
    }
}
