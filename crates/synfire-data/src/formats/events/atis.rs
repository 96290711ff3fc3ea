//! `.bin` files of N-MNIST and N-Caltech101, and SLAYER's `.bs2`, which has the same bytes.
//!
//! ```text
//! offset 0   x
//!        1   y; 240 marks an overflow: the times of all later events are 2^13 µs later
//!        2   bit 7: polarity (1 = ON), bits 6..0: bits 22..16 of the time in µs
//!        3   bits 15..8 of the time
//!        4   bits 7..0
//! ```

use crate::formats::{SampleFormat, has_extension};
use crate::{DataError, DataOptions, Event, Raw, Recording};

pub(in crate::formats) const FORMAT: SampleFormat =
    SampleFormat { name: "ATIS events (N-MNIST)", recognises: |_, path| has_extension(path, &["bin", "bs2"]), read };

/// Row of events that mark an overflow of the time.
const OVERFLOW: u8 = 240;

fn read(bytes: &[u8], _: &DataOptions) -> Result<Raw, DataError> {
    let (records, rest) = bytes.as_chunks::<5>();
    if records.is_empty() || !rest.is_empty() {
        let found = format!("{} bytes", bytes.len());
        return Err(DataError::format(FORMAT.name, records.len() * 5, found, "5 bytes for each event, of one or more"));
    }
    let mut late = 0;
    let mut events = Vec::with_capacity(records.len());
    for &[x, y, high, middle, low] in records {
        if y == OVERFLOW {
            late += 1 << 13;
            continue;
        }
        let time = u64::from(u32::from_be_bytes([0, high & 0x7f, middle, low])) + late;
        events.push(Event { time, x: x.into(), y: y.into(), on: high & 0x80 != 0 });
    }
    Ok(Raw::Events(Recording::new(events, None, false)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_overflows() {
        let bytes = [33, 7, 0x81, 0x02, 0x03, 9, 240, 0, 0, 0, 1, 2, 0x00, 0x00, 0x05];
        let Raw::Events(recording) = read(&bytes, &DataOptions::default()).unwrap() else { panic!() };
        let early = Event { time: (1 << 13) + 5, x: 1, y: 2, on: false };
        assert_eq!(recording.events, [early, Event { time: 0x01_02_03, x: 33, y: 7, on: true }]);
        let error = read(&bytes[..14], &DataOptions::default()).unwrap_err().to_string();
        assert!(error.contains("byte 10") && error.contains("14 bytes") && error.contains("5 bytes"), "{error}");
    }
}
