//! A recording of which parts are read: the whole file is read once, to find the packets of each part.

use crate::formats::events::aedat3::{self, Packet};
use crate::{DataError, Event};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// A recording and, once a part of it has been read, the times of its packets.
#[derive(Debug)]
pub(super) struct Trial {
    path: PathBuf,
    packets: Mutex<Option<Arc<[Timed]>>>,
}

/// A packet that has events from `first` to `last`, in µs.
#[derive(Clone, Copy, Debug)]
struct Timed {
    packet: Packet,
    first: u64,
    last: u64,
}

impl Trial {
    pub(super) fn new(path: PathBuf) -> Self {
        Self { path, packets: Mutex::new(None) }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Its events of these times, in its order.
    pub(super) fn events(&self, times: Range<u64>) -> Result<Vec<Event>, DataError> {
        let mut events = Vec::new();
        self.read(&times, |packet, bytes| {
            events.extend(packet.events(bytes).filter(|event| times.contains(&event.time)));
        })?;
        Ok(events)
    }

    /// The bytes that have them.
    pub(super) fn bytes(&self, times: Range<u64>) -> Result<Vec<u8>, DataError> {
        let mut all = Vec::new();
        self.read(&times, |_, bytes| all.extend_from_slice(bytes))?;
        Ok(all)
    }

    fn read(&self, times: &Range<u64>, mut visit: impl FnMut(Packet, &[u8])) -> Result<(), DataError> {
        let packets = self.packets()?;
        let refused = |cause| DataError::io("read", &self.path)(cause);
        let mut file = File::open(&self.path).map_err(DataError::io("open", &self.path))?;
        let mut bytes = Vec::new();
        for timed in packets.iter().filter(|timed| timed.last >= times.start && timed.first < times.end) {
            let range = timed.packet.range();
            bytes.resize(range.len(), 0);
            file.seek(SeekFrom::Start(range.start as u64)).map_err(refused)?;
            file.read_exact(&mut bytes).map_err(|cause| DataError::io("read", &self.path)(cause))?;
            visit(timed.packet, &bytes);
        }
        Ok(())
    }

    fn packets(&self) -> Result<Arc<[Timed]>, DataError> {
        let mut known = self.packets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(packets) = &*known {
            return Ok(packets.clone());
        }
        let bytes = std::fs::read(&self.path).map_err(DataError::io("read", &self.path))?;
        let packets = aedat3::packets(&bytes).map_err(|error| error.within(self.path.display().to_string()))?;
        let timed = |packet: Packet| {
            let times = packet.events(&bytes[packet.range()]).map(|event| event.time);
            let (first, last) = times.fold(None, |range: Option<(u64, u64)>, time| {
                Some(range.map_or((time, time), |(first, last)| (first.min(time), last.max(time))))
            })?;
            Some(Timed { packet, first, last })
        };
        let packets: Arc<[Timed]> = packets.into_iter().filter_map(timed).collect();
        *known = Some(packets.clone());
        Ok(packets)
    }
}
