//! One array of NumPy, `.npy`: a [header] and the elements.

use super::element::Element;
use super::header::Header;
use crate::{DataError, Raw, Values};

pub(crate) const FORMAT: &str = "npy";

/// An array in memory, its last axis fastest.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Array {
    pub(crate) shape: Vec<usize>,
    pub(crate) element: Element,
    bytes: Vec<u8>,
}

impl Array {
    /// Reads a plain array.
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, DataError> {
        let header = Header::parse(bytes, bytes.len() as u64)?;
        let element = header.element()?.clone();
        let bytes = bytes[header.begin..].to_vec();
        let bytes = if header.is_row_major() { bytes } else { reordered(&bytes, &header.shape, element.size) };
        Ok(Array { shape: header.shape, element, bytes })
    }

    /// Reads the fields of an array of records, each an array of its own.
    pub(crate) fn parse_records(bytes: &[u8]) -> Result<Vec<(String, Self)>, DataError> {
        let header = Header::parse(bytes, bytes.len() as u64)?;
        let (records, size) = (&bytes[header.begin..], header.record());
        let mut begin = 0;
        let fields = header.fields.iter().map(|(name, element)| {
            let range = begin..begin + element.size;
            begin = range.end;
            let bytes = records.chunks_exact(size).flat_map(|record| &record[range.clone()]).copied().collect();
            (name.clone(), Array { shape: vec![records.len() / size], element: element.clone(), bytes })
        });
        Ok(fields.collect())
    }

    /// Elements of a part of a file.
    pub(crate) fn of_part(element: &Element, shape: Vec<usize>, bytes: Vec<u8>) -> Self {
        Array { shape, element: element.clone(), bytes }
    }

    fn elements(&self) -> impl Iterator<Item = f64> {
        self.bytes.chunks_exact(self.element.size).map(|bytes| self.element.number(bytes))
    }

    /// Number of elements.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len() / self.element.size
    }

    /// Whether elements are text.
    pub(crate) fn is_text(&self) -> bool {
        matches!(self.element.kind, 'U' | 'S')
    }

    /// Whether elements are whole numbers.
    pub(crate) fn is_integer(&self) -> bool {
        matches!(self.element.kind, 'b' | 'u' | 'i')
    }

    /// Elements as values of samples: `u8` stays bytes.
    pub(crate) fn into_values(self) -> Values {
        match (self.element.kind, self.element.size) {
            ('u', 1) => Values::Bytes(self.bytes),
            _ => Values::Floats(self.floats()),
        }
    }

    /// The array as a single sample.
    pub(crate) fn into_sample(self) -> Result<Raw, DataError> {
        let shape = self.shape.clone();
        if self.is_text() || self.len() == 0 || shape.is_empty() {
            let found = format!("elements of shape {shape:?}");
            return Err(DataError::format(FORMAT, 0, found, "at least one number"));
        }
        Ok(Raw::Values { values: self.into_values(), shape })
    }

    /// Elements as floats.
    pub(crate) fn floats(&self) -> Vec<f32> {
        self.elements().map(|value| value as f32).collect()
    }

    /// Elements as whole numbers; fractions are cut off.
    pub(crate) fn integers(&self) -> Vec<i64> {
        self.elements().map(|value| value as i64).collect()
    }

    /// Elements as text.
    pub(crate) fn texts(&self) -> Vec<String> {
        let decode = |bytes: &[u8]| -> String {
            let letter = |code: u32| char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
            let word = |bytes: &[u8; 4]| match self.element.big_endian {
                true => u32::from_be_bytes(*bytes),
                false => u32::from_le_bytes(*bytes),
            };
            match self.element.kind {
                'U' => bytes.as_chunks().0.iter().map(word).take_while(|&code| code != 0).map(letter).collect(),
                _ => String::from_utf8_lossy(bytes).trim_end_matches('\0').to_string(),
            }
        };
        self.bytes.chunks_exact(self.element.size).map(decode).collect()
    }
}

/// Elements of Fortran's order in C's order.
fn reordered(bytes: &[u8], shape: &[usize], size: usize) -> Vec<u8> {
    let mut ordered = Vec::with_capacity(bytes.len());
    let mut index = vec![0; shape.len()];
    for _ in 0..bytes.len() / size.max(1) {
        let at = index.iter().zip(shape).rev().fold(0, |at, (&i, &n)| at * n + i);
        ordered.extend_from_slice(&bytes[at * size..(at + 1) * size]);
        for (i, &n) in index.iter_mut().zip(shape).rev() {
            *i += 1;
            if *i < n {
                break;
            }
            *i = 0;
        }
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::super::header::header;
    use super::*;

    fn npy(descr: &str, fortran: &str, shape: &str, elements: &[u8]) -> Vec<u8> {
        let text = format!("{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}, }}\n");
        [b"\x93NUMPY\x01\x00", &(text.len() as u16).to_le_bytes()[..], text.as_bytes(), elements].concat()
    }

    #[test]
    fn types_byte_orders_and_axes() {
        let floats = |descr: &str, elements: &[u8]| {
            let array = Array::parse(&npy(&format!("'{descr}'"), "False", "(2,)", elements)).unwrap();
            array.floats()
        };
        assert_eq!(floats("<f4", &[1.5f32.to_le_bytes(), (-2f32).to_le_bytes()].concat()), [1.5, -2.0]);
        assert_eq!(floats(">f8", &[1.5f64.to_be_bytes(), (-2f64).to_be_bytes()].concat()), [1.5, -2.0]);
        assert_eq!(floats(">i2", &[0xff, 0xfe, 0x01, 0x00]), [-2.0, 256.0]);
        assert_eq!(floats("<f2", &[0x00, 0x3e, 0x01, 0x80]), [1.5, -(-24f32).exp2()]);
        assert_eq!(floats("|i1", &[0xff, 0x7f]), [-1.0, 127.0]);
        let fortran = Array::parse(&npy("'|u1'", "True", "(2, 3)", &[1, 2, 3, 4, 5, 6])).unwrap();
        assert_eq!(fortran.into_values(), Values::Bytes(vec![1, 3, 5, 2, 4, 6]));
        let text = Array::parse(&npy("'<U2'", "False", "(2,)", &[97, 0, 0, 0, 0, 0, 0, 0, 98, 0, 0, 0, 228, 0, 0, 0]));
        assert_eq!(text.unwrap().texts(), ["a", "bä"]);
        let records = npy("[('x', '<i2'), ('p', '|u1')]", "False", "(2,)", &[1, 0, 1, 2, 0, 0]);
        let fields = Array::parse_records(&records).unwrap();
        assert_eq!((fields[0].0.as_str(), fields[0].1.integers()), ("x", vec![1, 2]));
        assert_eq!(fields[1].1.integers(), [1, 0]);
        let written = [header("<f4", &[1, 2]), [0.5f32, 2.0].map(f32::to_le_bytes).concat()].concat();
        assert_eq!((written.len() - 8) % 64, 0);
        assert_eq!(Array::parse(&written).unwrap().floats(), [0.5, 2.0]);
    }

    #[test]
    fn promises_are_compared_with_the_file() {
        for (shape, words) in [
            ("(1152921504606846976,)", "4 bytes of elements; expected 4611686018427387904"),
            ("(1152921504606846976, 99)", "expected more than 2^64"),
            ("(2,)", "expected 8, as the shape [2] says"),
            ("(-1,)", "a shape of at most 16 sizes"),
        ] {
            let error = Array::parse(&npy("'<f4'", "False", shape, &[0; 4])).unwrap_err().to_string();
            assert!(error.contains(words), "{error}");
        }
        let pickled = Array::parse(&npy("'|O'", "False", "(1,)", &[0; 8])).unwrap_err().to_string();
        assert!(pickled.contains("elements of booleans"), "{pickled}");
    }
}
