//! Decoded samples on disk, so that a file is decoded once.
//!
//! A sample has a file of its own, whose name is the SHA-256 of the content that it was decoded from and of the options:
//!
//! ```text
//! offset 0   "synfire cache 1\n"
//!       16   SHA-256 of what follows
//!       48   kind (0 bytes, 1 floats, 2 events, 3 sound) and its fields, little-endian
//! ```
//!
//! It is written under another name and renamed, so two writers do no harm. One that is damaged is written anew.

use crate::bytes::Bytes;
use crate::raw::{Raw, RawSamples, Recording};
use crate::{DataError, Event, Values};
use sha2::{Digest, Sha256};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

const MAGIC: &[u8; 16] = b"synfire cache 1\n";
const HEADER: usize = 48;

/// Samples that are read from a cache where they are in it.
#[derive(Debug)]
pub(crate) struct Cached {
    of: Arc<dyn RawSamples>,
    folder: PathBuf,
    /// Options that decoding depends on.
    options: String,
}

impl Cached {
    /// A cache in this folder, which is made if it is not there.
    pub(crate) fn new(of: Arc<dyn RawSamples>, folder: &Path, options: String) -> Result<Self, DataError> {
        std::fs::create_dir_all(folder).map_err(DataError::io("make the cache", folder))?;
        Ok(Self { of, folder: folder.to_path_buf(), options })
    }

    fn file(&self, index: usize) -> Result<PathBuf, DataError> {
        let mut hasher = Sha256::new();
        hasher.update((self.options.len() as u64).to_le_bytes());
        hasher.update(&self.options);
        hasher.update(self.of.stamp(index)?);
        let name: String = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(self.folder.join(name))
    }

    /// Writes a sample. A cache that cannot be written is an error: it was asked for.
    fn write(&self, file: &Path, raw: &Raw) -> Result<(), DataError> {
        let payload = encode(raw);
        let refused = |cause| DataError::io("write the cache", file)(cause);
        let mut temporary = tempfile::NamedTempFile::new_in(&self.folder).map_err(refused)?;
        let parts = [&MAGIC[..], &Sha256::digest(&payload)[..], &payload];
        parts.into_iter().try_for_each(|part| temporary.write_all(part)).map_err(refused)?;
        temporary.persist(file).map_err(|error| DataError::io("write the cache", file)(error.error))?;
        Ok(())
    }
}

impl RawSamples for Cached {
    fn len(&self) -> usize {
        self.of.len()
    }

    fn read(&self, index: usize) -> Result<Raw, DataError> {
        let file = self.file(index)?;
        if let Some(raw) = std::fs::read(&file).ok().and_then(|bytes| decode(&bytes)) {
            return Ok(raw);
        }
        let raw = self.of.read(index)?;
        self.write(&file, &raw)?;
        Ok(raw)
    }

    fn varies(&self) -> bool {
        self.of.varies()
    }

    fn name(&self, index: usize) -> String {
        self.of.name(index)
    }

    fn stamp(&self, index: usize) -> Result<Vec<u8>, DataError> {
        self.of.stamp(index)
    }
}

fn encode(raw: &Raw) -> Vec<u8> {
    let sizes = |sizes: &[usize]| -> Vec<u8> {
        let all = std::iter::once(sizes.len()).chain(sizes.iter().copied());
        all.flat_map(|size| (size as u64).to_le_bytes()).collect()
    };
    let floats = |values: &[f32]| -> Vec<u8> { values.iter().flat_map(|value| value.to_le_bytes()).collect() };
    match raw {
        Raw::Values { values: Values::Bytes(bytes), shape } => [&[0][..], &sizes(shape), bytes].concat(),
        Raw::Values { values: Values::Floats(values), shape } => [vec![1], sizes(shape), floats(values)].concat(),
        Raw::Events(Recording { events, sensor, unipolar }) => {
            let event = |e: &Event| {
                let [x, y] = [e.x.to_le_bytes(), e.y.to_le_bytes()];
                [&e.time.to_le_bytes()[..], &x, &y, &[u8::from(e.on)]].concat()
            };
            let sensor = sensor.map_or(vec![], Vec::from);
            [vec![2, u8::from(*unipolar)], sizes(&sensor), events.iter().flat_map(event).collect()].concat()
        }
        Raw::Sound { rate, samples } => [&[3][..], &rate.to_le_bytes(), &floats(samples)].concat(),
    }
}

/// A sample out of its file, if the file is whole.
fn decode(bytes: &[u8]) -> Option<Raw> {
    let payload = bytes.get(HEADER..)?;
    if bytes[..16] != MAGIC[..] || bytes[16..HEADER] != Sha256::digest(payload)[..] {
        return None;
    }
    fields(&mut Bytes::new("cache", payload)).ok()?
}

fn fields(bytes: &mut Bytes<'_>) -> Result<Option<Raw>, DataError> {
    let sizes = |bytes: &mut Bytes<'_>| -> Result<Vec<usize>, DataError> {
        let count = u64::from_le_bytes(bytes.array("sizes")?);
        (0..count.min(16)).map(|_| Ok(u64::from_le_bytes(bytes.array("sizes")?) as usize)).collect()
    };
    let floats = |bytes: &[u8]| -> Vec<f32> { bytes.as_chunks().0.iter().map(|&b| f32::from_le_bytes(b)).collect() };
    let [kind] = bytes.array("kind")?;
    Ok(Some(match kind {
        0 => {
            let shape = sizes(bytes)?;
            Raw::Values { values: Values::Bytes(bytes.rest().to_vec()), shape }
        }
        1 => {
            let shape = sizes(bytes)?;
            Raw::Values { values: Values::Floats(floats(bytes.rest())), shape }
        }
        2 => {
            let [unipolar] = bytes.array("polarity")?;
            let sensor = <[usize; 2]>::try_from(sizes(bytes)?).ok();
            let event = |&[t0, t1, t2, t3, t4, t5, t6, t7, x0, x1, y0, y1, on]: &[u8; 13]| Event {
                time: u64::from_le_bytes([t0, t1, t2, t3, t4, t5, t6, t7]),
                x: u16::from_le_bytes([x0, x1]),
                y: u16::from_le_bytes([y0, y1]),
                on: on == 1,
            };
            let events = bytes.rest().as_chunks().0.iter().map(event).collect();
            Raw::Events(Recording { events, sensor, unipolar: unipolar == 1 })
        }
        3 => {
            let rate = u32::from_le_bytes(bytes.array("rate")?);
            Raw::Sound { rate, samples: floats(bytes.rest()) }
        }
        _ => return Ok(None),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[derive(Debug)]
    struct Counted(Vec<Raw>, AtomicUsize);

    impl RawSamples for Counted {
        fn len(&self) -> usize {
            self.0.len()
        }
        fn read(&self, index: usize) -> Result<Raw, DataError> {
            self.1.fetch_add(1, Ordering::Relaxed);
            Ok(self.0[index].clone())
        }
        fn name(&self, index: usize) -> String {
            index.to_string()
        }
        fn stamp(&self, index: usize) -> Result<Vec<u8>, DataError> {
            Ok(vec![index as u8])
        }
    }

    #[test]
    fn samples_come_back_as_they_were_and_damaged_ones_are_decoded_anew() {
        let event = Event { time: 1 << 40, x: 65535, y: 3, on: true };
        let samples = vec![
            Raw::Values { values: Values::Bytes(vec![1, 2, 3]), shape: vec![1, 3] },
            Raw::Values { values: Values::Floats(vec![0.5, -1.0]), shape: vec![2] },
            Raw::Events(Recording::new(vec![event], Some([4, 70_000]), true)),
            Raw::Events(Recording::new(vec![], None, false)),
            Raw::Sound { rate: 8000, samples: vec![0.25] },
        ];
        let folder = tempfile::tempdir().unwrap();
        let source = Arc::new(Counted(samples.clone(), AtomicUsize::new(0)));
        let cache = Cached::new(source.clone(), &folder.path().join("a b"), "grey".into()).unwrap();
        let all = || (0..5).map(|i| cache.read(i).unwrap()).collect::<Vec<_>>();
        assert_eq!((all(), source.1.load(Ordering::Relaxed)), (samples.clone(), 5));
        assert_eq!((all(), source.1.load(Ordering::Relaxed)), (samples.clone(), 5), "from the cache");
        let file = cache.file(1).unwrap();
        let whole = std::fs::read(&file).unwrap();
        for damaged in [&whole[..whole.len() - 1], &whole[..20], &[]] {
            std::fs::write(&file, damaged).unwrap();
            assert_eq!(cache.read(1).unwrap(), samples[1]);
            assert_eq!(std::fs::read(&file).unwrap(), whole);
        }
        let other = Cached::new(source.clone(), &folder.path().join("a b"), "rgb".into()).unwrap();
        let decoded = source.1.load(Ordering::Relaxed);
        other.read(0).unwrap();
        assert_eq!(source.1.load(Ordering::Relaxed), decoded + 1, "other options, another entry");
    }
}
