//! Spiking Heidelberg Digits and Spiking Speech Commands: `spikes/times` (s), `spikes/units`, `labels` and, if they are
//! there, names of the classes in `extra/keys`.

use super::{Format, Probe, half::half};
use crate::raw::{Collection, Found, Labels, RawSamples};
use crate::{DataError, DataOptions, Event, Raw, Recording};
use hdf5_reader::{ByteOrder, Dataset, Datatype, Hdf5File, OpenOptions};
use std::fmt;
use std::path::Path;

pub(super) const FORMAT: Format =
    Format { name: "HDF5", recognises: |probe| probe.head.starts_with(b"\x89HDF\r\n\x1a\n"), open };

/// Inputs of SHD and SSC.
const UNITS: usize = 700;

/// Most bytes that deflate makes of one.
const INFLATED: u64 = 1032;

/// A number type of fixed size.
#[derive(Clone, Copy, Debug)]
struct Number {
    size: usize,
    float: bool,
    big_endian: bool,
}

/// One list of numbers for each sample.
struct Lists {
    dataset: Dataset,
    number: Number,
    /// References to the lists, one after the other.
    references: Vec<u8>,
    size: usize,
}

/// The recordings of a file.
struct Spikes {
    times: Lists,
    units: Lists,
    sensor: [usize; 2],
    place: String,
}

fn open(probe: &Probe, options: &DataOptions) -> Result<Found, DataError> {
    let found = read(&probe.path, options);
    found.map_err(|error| error.within(probe.path.display().to_string()))
}

fn damaged(error: impl fmt::Display) -> DataError {
    DataError::format(FORMAT.name, 0, error.to_string(), "a whole file with spikes/times, spikes/units and labels")
}

fn read(path: &Path, options: &DataOptions) -> Result<Found, DataError> {
    let bytes = path.metadata().map_err(DataError::io("open", path))?.len();
    let most = usize::try_from(bytes.saturating_mul(INFLATED)).unwrap_or(usize::MAX);
    let limits = OpenOptions::default().with_max_read_bytes(most).with_max_chunk_bytes(most);
    let file = Hdf5File::open_with_options(path, limits).map_err(damaged)?;
    let dataset = |name: &str| file.dataset(name).map_err(damaged);
    let times = Lists::of(dataset("/spikes/times")?)?;
    let units = Lists::of(dataset("/spikes/units")?)?;
    let labels = dataset("/labels")?;
    let number = Number::of(labels.dtype())?;
    let labels: Vec<i64> =
        number.numbers(&labels.read_raw_bytes().map_err(damaged)?).map(|value| value as i64).collect();
    if times.len() != labels.len() || units.len() != labels.len() {
        let found = format!("{} lists of times and {} of units for {} labels", times.len(), units.len(), labels.len());
        return Err(DataError::format(FORMAT.name, 0, found, "one of each for a sample"));
    }
    let names = file.dataset("/extra/keys").and_then(|keys| keys.read_strings()).unwrap_or_default();
    let sensor = options.events.sensor.map_or([1, UNITS], |[_, width]| [1, width]);
    let spikes = Spikes { times, units, sensor, place: path.display().to_string() };
    Ok(Found { names, ..Found::whole(Collection::files(spikes, Labels::Numbers(labels))) })
}

impl Number {
    fn of(kind: &Datatype) -> Result<Self, DataError> {
        let (size, float, order) = match kind {
            Datatype::FixedPoint { size, byte_order, .. } => (*size, false, byte_order),
            Datatype::FloatingPoint { size, byte_order } => (*size, true, byte_order),
            other => return Err(damaged(format!("elements of type {other:?}"))),
        };
        if !matches!((size, float), (1 | 2 | 4 | 8, false) | (2 | 4 | 8, true)) {
            return Err(damaged(format!("elements of {size} bytes")));
        }
        Ok(Number { size: size.into(), float, big_endian: *order == ByteOrder::BigEndian })
    }

    fn numbers(self, bytes: &[u8]) -> impl Iterator<Item = f64> {
        bytes.chunks_exact(self.size).map(move |bytes| {
            let mut word = [0; 8];
            for (i, &byte) in bytes.iter().enumerate() {
                word[if self.big_endian { bytes.len() - 1 - i } else { i }] = byte;
            }
            let bits = u64::from_le_bytes(word);
            match (self.float, self.size) {
                (true, 2) => f64::from(half(bits as u16)),
                (true, 4) => f64::from(f32::from_bits(bits as u32)),
                (true, _) => f64::from_bits(bits),
                (false, _) => bits as f64,
            }
        })
    }
}

impl Lists {
    fn of(dataset: Dataset) -> Result<Self, DataError> {
        let Datatype::VarLen { base, .. } = dataset.dtype() else {
            return Err(damaged(format!("`{}` is no list of lists", dataset.name())));
        };
        let number = Number::of(base)?;
        let references = dataset.read_raw_bytes().map_err(damaged)?;
        let size = dataset.vlen_reference_size();
        Ok(Lists { dataset, number, references, size })
    }

    fn len(&self) -> usize {
        self.references.len() / self.size.max(1)
    }

    fn list(&self, index: usize) -> Result<Vec<f64>, DataError> {
        let reference = index * self.size..(index + 1) * self.size;
        let reference = self.references.get(reference).ok_or(DataError::NoSample { index, samples: self.len() })?;
        let bytes = self.dataset.resolve_vlen_reference_bytes(reference, self.number.size).map_err(damaged)?;
        Ok(self.number.numbers(&bytes).collect())
    }
}

impl RawSamples for Spikes {
    fn len(&self) -> usize {
        self.times.len()
    }

    fn read(&self, index: usize) -> Result<Raw, DataError> {
        let read = || {
            let (times, units) = (self.times.list(index)?, self.units.list(index)?);
            if times.len() != units.len() {
                return Err(damaged(format!("{} times and {} units", times.len(), units.len())));
            }
            let event = |(time, unit): (f64, f64)| match time.is_finite() && (0.0..1e9).contains(&time) {
                true => Ok(Event { time: (time * 1e6).round() as u64, x: unit as u16, y: 0, on: false }),
                false => Err(damaged(format!("a spike at {time} s"))),
            };
            let events = times.into_iter().zip(units).map(event).collect::<Result<_, _>>()?;
            Ok(Raw::Events(Recording::new(events, Some(self.sensor), true)))
        };
        read().map_err(|error: DataError| error.within(self.name(index)))
    }

    fn name(&self, index: usize) -> String {
        format!("{} [{index}]", self.place)
    }

    fn stamp(&self, index: usize) -> Result<Vec<u8>, DataError> {
        let [times, units] = [self.times.list(index)?, self.units.list(index)?];
        Ok(times.iter().chain(&units).flat_map(|value| value.to_le_bytes()).collect())
    }
}

impl fmt::Debug for Spikes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Spikes").field("place", &self.place).finish_non_exhaustive()
    }
}
