//! Events in arrays: `t` (µs), `x`, `y` and `p` of a recording, with `starts` (the first event of each recording, and the
//! number of events) and `labels` of many.

use super::npy::Array;
use super::npz::Archive;
use super::{WHOLE, labels};
use crate::raw::{Collection, Found, RawSamples};
use crate::{DataError, Event, Raw, Recording};

const NAMES: [&[&str]; 4] = [&["t", "ts", "time", "timestamp"], &["x", "unit"], &["y"], &["p", "pol", "polarity"]];

/// Recordings one after the other.
#[derive(Debug)]
struct Recordings {
    events: Vec<Event>,
    starts: Vec<usize>,
    unipolar: bool,
    sensor: Option<[usize; 2]>,
}

/// The recordings in an archive, if it has some.
pub(super) fn open(archive: &Archive) -> Result<Option<Found>, DataError> {
    let [Some(t), Some(x)] = [archive.find(NAMES[0]), archive.find(NAMES[1])] else { return Ok(None) };
    let mut fields = vec![(t, "t"), (x, "x")];
    fields.extend(archive.find(NAMES[2]).map(|name| (name, "y")));
    fields.extend(archive.find(NAMES[3]).map(|name| (name, "p")));
    let arrays = fields.iter().map(|(name, field)| Ok((field.to_string(), archive.array(name)?)));
    let Raw::Events(all) = unsorted(&arrays.collect::<Result<Vec<_>, DataError>>()?)? else { return Ok(None) };
    let expected = "`starts`, the index of the first event of each recording and the number of events, and `labels`";
    let refuse = |found: String| DataError::format("npz", 0, found, expected);
    let [Some(starts), Some(targets)] = [archive.find(&["starts"]), archive.find(&WHOLE[1][1..])] else {
        return Err(refuse(format!("the arrays {}", archive.list())));
    };
    let starts: Vec<usize> =
        archive.array(&starts)?.integers().into_iter().map(|i| usize::try_from(i).unwrap_or(usize::MAX)).collect();
    let labels = labels(archive.array(&targets)?)?;
    if !starts.is_sorted() || starts.last() != Some(&all.events.len()) || starts.len() != labels.len() + 1 {
        let found = format!("{} starts for {} labels and {} events", starts.len(), labels.len(), all.events.len());
        return Err(refuse(found));
    }
    let sensor = Some(all.extent());
    let recordings = Recordings { events: all.events, starts, unipolar: all.unipolar, sensor };
    Ok(Some(Found::whole(Collection::files(recordings, labels))))
}

/// A recording of the fields of records.
pub(super) fn records(fields: &[(String, Array)]) -> Result<Raw, DataError> {
    match unsorted(fields)? {
        Raw::Events(all) => Ok(Raw::Events(Recording::new(all.events, all.sensor, all.unipolar))),
        other => Ok(other),
    }
}

/// Events in the order of the arrays.
fn unsorted(fields: &[(String, Array)]) -> Result<Raw, DataError> {
    let refuse = |found: String, expected: &str| DataError::format("npy of events", 0, found, expected);
    let find = |names: &[&str]| fields.iter().find(|(name, _)| names.contains(&name.to_lowercase().as_str()));
    let [Some((_, t)), Some((_, x)), y, p] = NAMES.map(find) else {
        let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        return Err(refuse(format!("the fields {}", names.join(", ")), "t and x, perhaps y and p"));
    };
    let column = |array: Option<&Array>, most: i64, what: &str| {
        let values = array.map_or_else(|| vec![0; t.len()], Array::integers);
        match values.iter().find(|value| !(0..=most).contains(*value)) {
            Some(value) => Err(refuse(format!("{what} {value}"), &format!("0 to {most}"))),
            None if values.len() != t.len() => {
                Err(refuse(format!("{} of {what} for {} times", values.len(), t.len()), "one for each"))
            }
            None => Ok(values),
        }
    };
    let times = column(Some(t), i64::MAX / 2, "a time in µs of")?;
    let columns = column(Some(x), 65535, "an x of")?;
    let rows = column(y.map(|(_, array)| array), 65535, "a y of")?;
    let polarities = column(p.map(|(_, array)| array), 255, "a polarity of")?;
    let event =
        |i: usize| Event { time: times[i] as u64, x: columns[i] as u16, y: rows[i] as u16, on: polarities[i] > 0 };
    let events: Vec<Event> = (0..times.len()).map(event).collect();
    let recording = Recording { events, sensor: None, unipolar: p.is_none() };
    let sensor = y.is_none().then(|| [1, recording.extent()[1].max(1)]);
    Ok(Raw::Events(Recording { sensor, ..recording }))
}

impl RawSamples for Recordings {
    fn len(&self) -> usize {
        self.starts.len() - 1
    }

    fn read(&self, index: usize) -> Result<Raw, DataError> {
        match self.starts.get(index..index + 2) {
            Some(&[begin, end]) => {
                Ok(Raw::Events(Recording::new(self.events[begin..end].to_vec(), self.sensor, self.unipolar)))
            }
            _ => Err(DataError::NoSample { index, samples: self.len() }),
        }
    }

    fn name(&self, index: usize) -> String {
        format!("recording {index}")
    }

    fn stamp(&self, index: usize) -> Result<Vec<u8>, DataError> {
        let Raw::Events(recording) = self.read(index)? else { return Ok(vec![]) };
        let bytes =
            |e: &Event| [e.time, u64::from(e.x), u64::from(e.y), u64::from(e.on)].map(u64::to_le_bytes).concat();
        Ok(recording.events.iter().flat_map(bytes).collect())
    }
}
