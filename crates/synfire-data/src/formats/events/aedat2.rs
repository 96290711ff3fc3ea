//! AEDAT 2.0 of jAER with a DVS128 camera, such as CIFAR10-DVS.
//!
//! After lines that begin with `#` come pairs of big-endian `u32`, address and time in µs. In an address bit 0 is 0 of ON
//! events, bits 7..1 count columns from the right, bits 14..8 rows from the bottom, and bit 15 marks other signals.

use crate::bytes::Bytes;
use crate::formats::SampleFormat;
use crate::{DataError, DataOptions, Event, Raw, Recording};

pub(in crate::formats) const FORMAT: SampleFormat =
    SampleFormat { name: "AEDAT 2.0", recognises: |head, _| head.starts_with(b"#!AER-DAT2"), read };

fn read(bytes: &[u8], _: &DataOptions) -> Result<Raw, DataError> {
    let mut bytes = Bytes::new(FORMAT.name, bytes);
    while let Some(line) = bytes.line(b'#') {
        // an address whose first byte is a `#` begins no line of text
        if line.iter().any(|&byte| !(byte.is_ascii_graphic() || byte.is_ascii_whitespace())) {
            return Err(bytes.error("a header line with bytes that are no text", "lines of text that begin with `#`"));
        }
    }
    let (pairs, rest) = bytes.rest().as_chunks::<8>();
    if pairs.is_empty() || !rest.is_empty() {
        let found = format!("{} bytes", bytes.rest().len());
        return Err(bytes.error(found, "8 bytes for each event after the header, of one or more"));
    }
    let mut events = Vec::with_capacity(pairs.len());
    for &[a, b, c, d, time @ ..] in pairs {
        let address = u32::from_be_bytes([a, b, c, d]);
        if address & 0x8000 == 0 {
            let [x, y] = [1, 8].map(|shift| 127 - (address >> shift & 0x7f) as u16);
            events.push(Event { time: u32::from_be_bytes(time).into(), x, y, on: address & 1 == 0 });
        }
    }
    Ok(Raw::Events(Recording::new(events, Some([128, 128]), false)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_times() {
        let mut bytes = b"#!AER-DAT2.0\r\n# comment\r\n".to_vec();
        for (address, time) in [((5u32 << 8) | (3 << 1), 77u32), ((127 << 8) | (127 << 1) | 1, 90), (0x8000, 95)] {
            bytes.extend(address.to_be_bytes());
            bytes.extend(time.to_be_bytes());
        }
        let Raw::Events(recording) = read(&bytes, &DataOptions::default()).unwrap() else { panic!() };
        let expected = [Event { time: 77, x: 124, y: 122, on: true }, Event { time: 90, x: 0, y: 0, on: false }];
        assert_eq!((&recording.events[..], recording.sensor), (&expected[..], Some([128, 128])));
        // SpikingJelly's reading: x is 127 minus bits 14..8, y 127 minus bits 7..1, ON where bit 0 is 0
        let peer = |event: &Event| (event.y, event.x, event.on);
        assert_eq!(recording.events.iter().map(peer).collect::<Vec<_>>(), [(127 - 5, 127 - 3, true), (0, 0, false)]);
        bytes.pop();
        let error = read(&bytes, &DataOptions::default()).unwrap_err().to_string();
        assert!(error.contains("AEDAT 2.0, byte 25: 23 bytes"), "{error}");
    }
}
