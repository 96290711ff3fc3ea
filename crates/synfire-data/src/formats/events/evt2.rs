//! Prophesee's EVT 2.0.
//!
//! Little-endian words of 32 bits, whose upper 4 tell their type: 0 and 1 are OFF and ON events (time bits 5..0 in bits
//! 27..22, column in bits 21..11, row in bits 10..0), 8 has bits 33..6 of the time in µs. Others are left out.

use super::header::Header;
use crate::bytes::Bytes;
use crate::formats::SampleFormat;
use crate::{DataError, DataOptions, Event, Raw, Recording};

pub(in crate::formats) const FORMAT: SampleFormat =
    SampleFormat { name: "Prophesee EVT 2.0", recognises: |head, _| Header::peek(head).is('2'), read };

fn read(bytes: &[u8], _: &DataOptions) -> Result<Raw, DataError> {
    let mut bytes = Bytes::new(FORMAT.name, bytes);
    let header = Header::read(&mut bytes);
    let (words, rest) = bytes.rest().as_chunks::<4>();
    if words.is_empty() || !rest.is_empty() {
        let found = format!("{} bytes", bytes.rest().len());
        return Err(bytes.error(found, "4 bytes for each word after the header, of one or more"));
    }
    let (mut high, mut events) = (0, Vec::new());
    for word in words.iter().map(|&word| u32::from_le_bytes(word)) {
        match word >> 28 {
            kind @ (0 | 1) => {
                let [x, y] = [11, 0].map(|shift| (word >> shift & 0x7ff) as u16);
                events.push(Event { time: high + u64::from(word >> 22 & 0x3f), x, y, on: kind == 1 });
            }
            8 => high = u64::from(word & 0x0fff_ffff) << 6,
            _ => {}
        }
    }
    Ok(Raw::Events(Recording::new(events, header.sensor(), false)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        let mut bytes = b"% evt 2.0\n% geometry 640x480\n".to_vec();
        for word in [(8u32 << 28) | 5, (1 << 28) | (3 << 22) | (639 << 11) | 479, 10 << 28, (7 << 22) | (1 << 11) | 2] {
            bytes.extend(word.to_le_bytes());
        }
        let Raw::Events(recording) = read(&bytes, &DataOptions::default()).unwrap() else { panic!() };
        let expected = [Event { time: 323, x: 639, y: 479, on: true }, Event { time: 327, x: 1, y: 2, on: false }];
        assert_eq!((&recording.events[..], recording.sensor), (&expected[..], Some([480, 640])));
        bytes.pop();
        assert!(read(&bytes, &DataOptions::default()).unwrap_err().to_string().contains("byte 29: 15 bytes"));
    }
}
