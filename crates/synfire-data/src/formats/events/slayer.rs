//! SLAYER's `.bs1`: spikes of neurons in one row.
//!
//! ```text
//! offset 0   u16, big-endian: index of the neuron
//!        2   bit 7: polarity, bits 6..0: bits 22..16 of the time in µs
//!        3   bits 15..0 of the time
//! ```

use crate::formats::{SampleFormat, has_extension};
use crate::{DataError, DataOptions, Event, Raw, Recording};

pub(in crate::formats) const FORMAT: SampleFormat =
    SampleFormat { name: "SLAYER bs1 spikes", recognises: |_, path| has_extension(path, &["bs1"]), read };

fn read(bytes: &[u8], options: &DataOptions) -> Result<Raw, DataError> {
    let (records, rest) = bytes.as_chunks::<5>();
    if records.is_empty() || !rest.is_empty() {
        let found = format!("{} bytes", bytes.len());
        return Err(DataError::format(FORMAT.name, records.len() * 5, found, "5 bytes for each spike, of one or more"));
    }
    let event = |&[high, low, time @ ..]: &[u8; 5]| {
        let time_of = |[high, middle, low]: [u8; 3]| u64::from(u32::from_be_bytes([0, high & 0x7f, middle, low]));
        Event { time: time_of(time), x: u16::from_be_bytes([high, low]), y: 0, on: time[0] & 0x80 != 0 }
    };
    let sensor = options.events.sensor.map(|[_, width]| [1, width]);
    Ok(Raw::Events(Recording::new(records.iter().map(event).collect(), sensor, false)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neurons_have_16_bits() {
        let bytes = [0x01, 0x02, 0x80, 0x00, 0x09];
        let Raw::Events(recording) = read(&bytes, &DataOptions::default()).unwrap() else { panic!() };
        assert_eq!(recording.events, [Event { time: 9, x: 258, y: 0, on: true }]);
        assert!(read(&[], &DataOptions::default()).unwrap_err().to_string().contains("0 bytes"));
    }
}
