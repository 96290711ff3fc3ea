//! AEDAT 3.1 of cAER, such as DVS128 Gesture.
//!
//! After a header of lines with `#`, the last of which is `#!END-HEADER`, come packets, little-endian: 28 bytes of header
//! (type, source, size of an event, offset and overflow of its time, capacity, number, valid) and `capacity` events. A
//! polarity event is `u32` (bit 0 valid, bit 1 ON, bits 16..2 row, bits 31..17 column) and `i32` time in µs.

use crate::bytes::Bytes;
use crate::formats::SampleFormat;
use crate::{DataError, DataOptions, Event, Raw, Recording};

pub(in crate::formats) const FORMAT: SampleFormat =
    SampleFormat { name: "AEDAT 3.1", recognises: |head, _| head.starts_with(b"#!AER-DAT3"), read };

/// Type of packets with polarity events, and size of one.
const POLARITY: (u16, usize) = (1, 8);

fn read(bytes: &[u8], _: &DataOptions) -> Result<Raw, DataError> {
    let packets = packets(bytes)?;
    let events = packets.into_iter().flat_map(|packet| packet.events(&bytes[packet.range()])).collect();
    let recording = Recording::new(events, None, false);
    let sensor = if recording.extent().iter().all(|&side| side <= 128) { Some([128, 128]) } else { None };
    Ok(Raw::Events(Recording { sensor, ..recording }))
}

/// All packets of polarity events of a file, in its order.
pub(in crate::formats) fn packets(bytes: &[u8]) -> Result<Vec<Packet>, DataError> {
    let mut bytes = Bytes::new(FORMAT.name, bytes);
    let end = loop {
        match bytes.line(b'#') {
            Some(line) if line.starts_with(b"#!END-HEADER") => break true,
            Some(_) => {}
            None => break false,
        }
    };
    if !end {
        return Err(bytes.error("the end of the lines with `#`", "the line `#!END-HEADER` before"));
    }
    let mut packets = Vec::new();
    while !bytes.is_at_end() {
        packets.extend(packet(&mut bytes)?);
    }
    Ok(packets)
}

/// A packet of polarity events.
#[derive(Clone, Copy, Debug)]
pub(in crate::formats) struct Packet {
    /// Offset of its events in the file, and their size in bytes.
    begin: usize,
    size: usize,
    /// Upper bits of their times.
    overflow: u32,
}

impl Packet {
    /// Its bytes in the file.
    pub(in crate::formats) fn range(&self) -> std::ops::Range<usize> {
        self.begin..self.begin + self.size
    }

    /// Its events, of these bytes.
    pub(in crate::formats) fn events(self, content: &[u8]) -> impl Iterator<Item = Event> {
        content.as_chunks::<8>().0.iter().filter_map(move |&[a, b, c, d, time @ ..]| {
            let data = u32::from_le_bytes([a, b, c, d]);
            let time = (u64::from(self.overflow) << 31) + u64::from(u32::from_le_bytes(time) & 0x7fff_ffff);
            let [y, x] = [2, 17].map(|shift| (data >> shift & 0x7fff) as u16);
            (data & 1 == 1).then_some(Event { time, x, y, on: data & 2 != 0 })
        })
    }
}

/// The next packet, if it has polarity events.
fn packet(bytes: &mut Bytes<'_>) -> Result<Option<Packet>, DataError> {
    let kind = u16::from_le_bytes(bytes.array("a packet's type")?);
    let _source: [u8; 2] = bytes.array("a packet's source")?;
    let begin = bytes.offset();
    let [size_of_event, _, overflow, capacity, number] = {
        let fields: [u8; 20] = bytes.array("a packet's header")?;
        let mut words = [0; 5];
        for (word, field) in words.iter_mut().zip(fields.as_chunks::<4>().0) {
            *word = u32::from_le_bytes(*field);
        }
        words
    };
    let _valid: [u8; 4] = bytes.array("a packet's header")?;
    let length = u64::from(size_of_event) * u64::from(capacity);
    let length = usize::try_from(length).ok().filter(|&length| length <= bytes.rest().len()).ok_or_else(|| {
        let expected = format!("at most the {} that are left", bytes.rest().len());
        DataError::format(
            FORMAT.name,
            begin,
            format!("a packet of {capacity} events of {size_of_event} bytes"),
            expected,
        )
    })?;
    let begin = bytes.offset();
    bytes.take(length, "events")?;
    let size = length.min(POLARITY.1 * number as usize);
    Ok(((kind, size_of_event as usize) == POLARITY).then_some(Packet { begin, size, overflow }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(kind: u16, overflow: u32, events: &[(u32, u32)]) -> Vec<u8> {
        let count = events.len() as u32;
        let mut bytes = [kind.to_le_bytes(), [0, 0]].concat();
        for word in [8, 4, overflow, count, count, count] {
            bytes.extend(u32::to_le_bytes(word));
        }
        events.iter().for_each(|(data, time)| bytes.extend([data.to_le_bytes(), time.to_le_bytes()].concat()));
        bytes
    }

    #[test]
    fn other_packets_and_invalid_events_are_left_out() {
        let header = b"#!AER-DAT3.1\r\n#Format: RAW\r\n#!END-HEADER\r\n".to_vec();
        let event = |x: u32, y: u32, on: u32, valid: u32| (x << 17) | (y << 2) | (on << 1) | valid;
        let bytes = [
            header.clone(),
            packet(0, 0, &[(1, 1), (1, 2)]),
            packet(1, 1, &[(event(127, 5, 1, 1), 10), (event(1, 1, 1, 0), 11), (event(0, 127, 0, 1), 12)]),
        ]
        .concat();
        let Raw::Events(recording) = read(&bytes, &DataOptions::default()).unwrap() else { panic!() };
        let late = 1 << 31;
        let expected =
            [Event { time: late + 10, x: 127, y: 5, on: true }, Event { time: late + 12, x: 0, y: 127, on: false }];
        assert_eq!((&recording.events[..], recording.sensor), (&expected[..], Some([128, 128])));
        let mut huge = [header, packet(1, 0, &[(1, 1)])].concat();
        let capacity = huge.len() - 8 - 12;
        huge[capacity..capacity + 4].copy_from_slice(&u32::MAX.to_le_bytes());
        let error = read(&huge, &DataOptions::default()).unwrap_err().to_string();
        assert!(
            error.contains("a packet of 4294967295 events of 8 bytes") && error.contains("8 that are left"),
            "{error}"
        );
    }
}
