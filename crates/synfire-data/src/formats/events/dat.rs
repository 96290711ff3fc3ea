//! Prophesee's DAT, such as N-Cars and Gen1 Automotive.
//!
//! After lines that begin with `%` come two bytes, the type of the events (12, or 0 in N-Cars) and the size of one (8), and
//! events, little-endian: `u32` time in µs, `u32` with the column in bits 13..0, the row in bits 27..14, ON in bit 28.

use super::header::Header;
use crate::bytes::Bytes;
use crate::formats::SampleFormat;
use crate::{DataError, DataOptions, Event, Raw, Recording};

pub(in crate::formats) const FORMAT: SampleFormat = SampleFormat {
    name: "Prophesee DAT",
    recognises: |head, _| {
        let header = Header::peek(head);
        header.is_there() && !header.is('2') && !header.is('3')
    },
    read,
};

fn read(bytes: &[u8], _: &DataOptions) -> Result<Raw, DataError> {
    let mut bytes = Bytes::new(FORMAT.name, bytes);
    let header = Header::read(&mut bytes);
    let begin = bytes.offset();
    let [kind, size] = bytes.array("type and size of events")?;
    if !matches!(kind, 0 | 12) || size != 8 {
        let found = format!("events of type {kind} and {size} bytes");
        return Err(DataError::format(FORMAT.name, begin, found, "type 12 or 0 and 8 bytes: change detection"));
    }
    let (records, rest) = bytes.rest().as_chunks::<8>();
    if records.is_empty() || !rest.is_empty() {
        let found = format!("{} bytes", bytes.rest().len());
        return Err(bytes.error(found, "8 bytes for each event, of one or more"));
    }
    let event = |&[a, b, c, d, word @ ..]: &[u8; 8]| {
        let word = u32::from_le_bytes(word);
        let [x, y] = [0, 14].map(|shift| (word >> shift & 0x3fff) as u16);
        Event { time: u32::from_le_bytes([a, b, c, d]).into(), x, y, on: word >> 28 & 1 == 1 }
    };
    Ok(Raw::Events(Recording::new(records.iter().map(event).collect(), header.sensor(), false)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields() {
        let mut bytes = b"% Data file containing CD events.\n% Height 240\n% Width 304\n\x0c\x08".to_vec();
        bytes.extend(1234u32.to_le_bytes());
        bytes.extend(((1 << 28) | (239 << 14) | 303u32).to_le_bytes());
        let Raw::Events(recording) = read(&bytes, &DataOptions::default()).unwrap() else { panic!() };
        assert_eq!(recording.events, [Event { time: 1234, x: 303, y: 239, on: true }]);
        assert_eq!(recording.sensor, Some([240, 304]));
        let kind = bytes.len() - 10;
        bytes[kind] = 14;
        assert!(
            read(&bytes, &DataOptions::default()).unwrap_err().to_string().contains("events of type 14 and 8 bytes")
        );
    }
}
