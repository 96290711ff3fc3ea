//! The header of a `.npy` file.
//!
//! ```text
//! offset 0   93 'NUMPY'
//!        6   version: 1 0, 2 0 or 3 0
//!        8   length of the header, u16 (version 1) or u32, little-endian
//!        ..  {'descr': '<f4', 'fortran_order': False, 'shape': (60000, 28, 28), }
//!        ..  elements
//! ```

use super::element::Element;
use super::npy::FORMAT;
use crate::DataError;
use crate::bytes::Bytes;

/// Longest header that is read; NumPy's own limit is 10000.
const MOST_HEADER: usize = 1 << 16;

/// Type, shape and order of the elements, from the header.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Header {
    /// Name and type of each field of a record; a single one without a name of plain arrays.
    pub(crate) fields: Vec<(String, Element)>,
    pub(crate) shape: Vec<usize>,
    fortran: bool,
    /// Offset of the first element.
    pub(crate) begin: usize,
}

impl Header {
    /// Reads a header; `total` is the size of the file, which the elements must end at.
    pub(crate) fn parse(head: &[u8], total: u64) -> Result<Self, DataError> {
        let mut bytes = Bytes::new(FORMAT, head);
        if bytes.take(6, "magic")? != b"\x93NUMPY" {
            return Err(DataError::format(FORMAT, 0, "other bytes", "the magic `93 NUMPY`"));
        }
        let length = match bytes.array("version")? {
            [1, 0] => usize::from(u16::from_le_bytes(bytes.array("length of the header")?)),
            [2 | 3, 0] => u32::from_le_bytes(bytes.array("length of the header")?) as usize,
            [major, minor] => {
                return Err(DataError::format(FORMAT, 6, format!("version {major}.{minor}"), "1.0, 2.0 or 3.0"));
            }
        };
        let at = bytes.offset();
        if length > MOST_HEADER {
            let expected = format!("at most {MOST_HEADER}");
            return Err(DataError::format(FORMAT, at, format!("a header of {length} bytes"), expected));
        }
        let text = String::from_utf8_lossy(bytes.take(length, "the header")?).into_owned();
        let refuse = |found: String, expected: &str| DataError::format(FORMAT, at, found, expected);
        let shown: String = text.trim().chars().take(120).collect();
        let after = |key: &str| {
            let rest = text.split_once(&format!("'{key}'")).and_then(|(_, rest)| rest.trim_start().strip_prefix(':'));
            rest.map(str::trim_start)
                .ok_or_else(|| refuse(format!("`{shown}`"), "the keys descr, fortran_order and shape"))
        };
        let fields = fields(after("descr")?).ok_or_else(|| {
            refuse(
                format!("`{shown}`"),
                "elements of booleans, integers, floats or text, such as `<f4`, or records of them",
            )
        })?;
        let fortran = after("fortran_order")?.starts_with("True");
        let shape = after("shape")?.strip_prefix('(').and_then(|rest| rest.split_once(')')).map(|(inside, _)| inside);
        let shape: Option<Vec<usize>> = shape
            .map(|inside| inside.split(',').map(str::trim).filter(|n| !n.is_empty()).map(|n| n.parse().ok()).collect())
            .unwrap_or_default();
        let shape = shape
            .filter(|shape| shape.len() <= 16)
            .ok_or_else(|| refuse(format!("`{shown}`"), "a shape of at most 16 sizes"))?;
        let header = Header { fields, shape, fortran, begin: bytes.offset() };
        let product = header.shape.iter().try_fold(header.record() as u64, |n, &size| n.checked_mul(size as u64));
        let there = total.saturating_sub(header.begin as u64);
        match product {
            Some(size) if size == there => Ok(header),
            size => {
                let size = size.map_or("more than 2^64".to_string(), |size| size.to_string());
                let found = format!("{there} bytes of elements");
                let expected = format!("{size}, as the shape {:?} says", header.shape);
                Err(DataError::format(FORMAT, header.begin, found, expected))
            }
        }
    }

    /// Bytes of a record, or of an element of plain arrays.
    pub(crate) fn record(&self) -> usize {
        self.fields.iter().map(|(_, element)| element.size).sum()
    }

    /// Type of the elements of a plain array.
    pub(crate) fn element(&self) -> Result<&Element, DataError> {
        match &self.fields[..] {
            [(name, element)] if name.is_empty() => Ok(element),
            _ => Err(DataError::format(FORMAT, self.begin, "records", "plain elements")),
        }
    }

    /// Whether the first axis is slowest, so that samples lie one after the other.
    pub(crate) fn is_row_major(&self) -> bool {
        !self.fortran || self.shape.len() < 2
    }
}

/// `'<f4'`, or `[('t', '<i8'), ('x', '<i2')]`.
fn fields(text: &str) -> Option<Vec<(String, Element)>> {
    let quoted = |text: &str| text.strip_prefix('\'')?.split_once('\'').map(|(inside, _)| inside.to_string());
    let Some(list) = text.strip_prefix('[') else {
        return Some(vec![(String::new(), Element::parse(&quoted(text)?)?)]);
    };
    let (list, _) = list.split_once(']')?;
    let mut fields = Vec::new();
    for tuple in list.split('(').skip(1) {
        let (name, kind) = tuple.split_once(',')?;
        let kind = quoted(kind.trim_start())?;
        fields.push((quoted(name.trim())?, Element::parse(&kind)?));
    }
    (1..=64).contains(&fields.len()).then_some(fields)
}

/// The header of an array whose elements are row-major.
pub(crate) fn header(descr: &str, shape: &[usize]) -> Vec<u8> {
    let sizes: String = shape.iter().map(|size| format!("{size}, ")).collect();
    let mut text = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({}), }}", sizes.trim_end());
    let padding = 64 - (10 + text.len() + 1) % 64;
    text.extend(std::iter::repeat_n(' ', padding % 64));
    text.push('\n');
    [b"\x93NUMPY\x01\x00", &(text.len() as u16).to_le_bytes()[..], text.as_bytes()].concat()
}
