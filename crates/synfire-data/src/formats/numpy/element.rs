//! Types of the elements of arrays.

use crate::formats::half::half;

/// Type of the elements of an array.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Element {
    /// `b` boolean, `u` unsigned, `i` signed, `f` float, `U` text of 32-bit characters, `S` text of bytes.
    pub(crate) kind: char,
    /// Bytes of one element.
    pub(crate) size: usize,
    pub(super) big_endian: bool,
}

impl Element {
    /// Type as in `'<f4'`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut letters = text.chars();
        let big_endian = match letters.next()? {
            '<' | '|' => false,
            '>' => true,
            '=' => cfg!(target_endian = "big"),
            _ => return None,
        };
        let kind = letters.next()?;
        let count: usize = letters.as_str().parse().ok()?;
        let fits = match kind {
            'b' => count == 1,
            'u' | 'i' => matches!(count, 1 | 2 | 4 | 8),
            'f' => matches!(count, 2 | 4 | 8),
            'U' | 'S' => (1..=1024).contains(&count),
            _ => false,
        };
        fits.then_some(Self { kind, size: if kind == 'U' { 4 * count } else { count }, big_endian })
    }

    /// An element as a number.
    pub(super) fn number(&self, bytes: &[u8]) -> f64 {
        let mut word = [0; 8];
        for (i, &byte) in bytes.iter().take(8).enumerate() {
            word[if self.big_endian { bytes.len() - 1 - i } else { i }] = byte;
        }
        let unsigned = u64::from_le_bytes(word);
        match (self.kind, self.size) {
            ('i', size) => {
                let unused = 64 - 8 * size as u32;
                (unsigned.cast_signed() << unused >> unused) as f64
            }
            ('f', 2) => f64::from(half(unsigned as u16)),
            ('f', 4) => f64::from(f32::from_bits(unsigned as u32)),
            ('f', _) => f64::from_bits(unsigned),
            _ => unsigned as f64,
        }
    }
}
