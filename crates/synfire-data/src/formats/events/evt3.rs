//! Prophesee's EVT 3.0.
//!
//! Little-endian words of 16 bits, whose upper 4 tell their type. They change a row, a column with a polarity and a time;
//! type 2 is one event, types 4 and 5 are 12 and 8 columns from there on with a bit for each. A file of `n` bytes so has
//! `6 n` events at most.

use super::header::Header;
use crate::bytes::Bytes;
use crate::formats::SampleFormat;
use crate::{DataError, DataOptions, Event, Raw, Recording};

pub(in crate::formats) const FORMAT: SampleFormat =
    SampleFormat { name: "Prophesee EVT 3.0", recognises: |head, _| Header::peek(head).is('3'), read };

/// State that the words so far have set, and the events so far.
#[derive(Default)]
struct Decoder {
    row: u16,
    column: u16,
    on: bool,
    /// Bits 11..0 and 23..12 of the time, and how often these have overflowed.
    time: [u64; 3],
    events: Vec<Event>,
}

fn read(bytes: &[u8], _: &DataOptions) -> Result<Raw, DataError> {
    let mut bytes = Bytes::new(FORMAT.name, bytes);
    let header = Header::read(&mut bytes);
    let (words, rest) = bytes.rest().as_chunks::<2>();
    if words.is_empty() || !rest.is_empty() {
        let found = format!("{} bytes", bytes.rest().len());
        return Err(bytes.error(found, "2 bytes for each word after the header, of one or more"));
    }
    let mut decoder = Decoder::default();
    words.iter().for_each(|&word| decoder.word(u16::from_le_bytes(word)));
    Ok(Raw::Events(Recording::new(decoder.events, header.sensor(), false)))
}

impl Decoder {
    fn word(&mut self, word: u16) {
        let (column, on) = (word & 0x7ff, word & 0x800 != 0);
        match word >> 12 {
            0 => self.row = column,
            2 => self.event(column, on),
            3 => (self.column, self.on) = (column, on),
            4 => self.vector(word, 12),
            5 => self.vector(word, 8),
            6 => self.time[0] = u64::from(word & 0xfff),
            8 => {
                let high = u64::from(word & 0xfff);
                // a small step back is out of order, a large one is an overflow
                if high + 0x800 < self.time[1] {
                    self.time[2] += 1;
                }
                self.time[1] = high;
            }
            _ => {}
        }
    }

    fn vector(&mut self, bits: u16, count: u16) {
        let (first, on) = (self.column, self.on);
        (0..count).filter(|i| bits >> i & 1 == 1).for_each(|i| self.event(first.saturating_add(i), on));
        self.column = first.saturating_add(count);
    }

    fn event(&mut self, x: u16, on: bool) {
        let [low, high, overflows] = self.time;
        self.events.push(Event { time: (overflows << 24) | (high << 12) | low, x, y: self.row, on });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_overflows() {
        let mut bytes = b"% evt 3.0\n".to_vec();
        let words: [u16; 11] = [
            0x8fff, 0x6005, // time
            0x0007, // row
            0x2803, // ON at column 3
            0x3010, // from column 16 on, OFF
            0x4801, // columns 16 and 27
            0x5080, // column 28 + 7
            0x8000, // overflow
            0x2001, 0xa123, // others are left out
            0x6006,
        ];
        words.iter().for_each(|word| bytes.extend(word.to_le_bytes()));
        let Raw::Events(recording) = read(&bytes, &DataOptions::default()).unwrap() else { panic!() };
        let early = 0xfff005;
        let event = |time, x, on| Event { time, x, y: 7, on };
        let expected = [
            event(early, 3, true),
            event(early, 16, false),
            event(early, 27, false),
            event(early, 35, false),
            event((1 << 24) + 5, 1, false),
        ];
        assert_eq!(recording.events, expected);
    }
}
