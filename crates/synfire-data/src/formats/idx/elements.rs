//! The six element types of IDX.

/// The elements of an [`IdxArray`](crate::IdxArray), by type.
#[derive(Clone, Debug, PartialEq)]
pub enum Elements {
    /// Unsigned bytes, type 0x08: pixels and labels of MNIST.
    U8(Vec<u8>),
    /// Signed bytes, type 0x09.
    I8(Vec<i8>),
    /// 16-bit integers, type 0x0B.
    I16(Vec<i16>),
    /// 32-bit integers, type 0x0C.
    I32(Vec<i32>),
    /// 32-bit floats, type 0x0D.
    F32(Vec<f32>),
    /// 64-bit floats, type 0x0E.
    F64(Vec<f64>),
}

/// Runs one expression on the vector inside, whatever its type.
macro_rules! each {
    ($elements:expr, $values:ident => $body:expr) => {
        match $elements {
            Elements::U8($values) => $body,
            Elements::I8($values) => $body,
            Elements::I16($values) => $body,
            Elements::I32($values) => $body,
            Elements::F32($values) => $body,
            Elements::F64($values) => $body,
        }
    };
}

impl Elements {
    /// Number of elements.
    pub fn len(&self) -> usize {
        each!(self, values => values.len())
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The Rust name of the element type, such as `"u8"`.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::U8(_) => "u8",
            Self::I8(_) => "i8",
            Self::I16(_) => "i16",
            Self::I32(_) => "i32",
            Self::F32(_) => "f32",
            Self::F64(_) => "f64",
        }
    }

    /// The byte that stands for the type in a header.
    pub(super) fn type_code(&self) -> u8 {
        match self {
            Self::U8(_) => 0x08,
            Self::I8(_) => 0x09,
            Self::I16(_) => 0x0b,
            Self::I32(_) => 0x0c,
            Self::F32(_) => 0x0d,
            Self::F64(_) => 0x0e,
        }
    }

    /// The size of one element in bytes, if the type code is a known one.
    pub(super) fn size_of_type(code: u8) -> Option<u64> {
        match code {
            0x08 | 0x09 => Some(1),
            0x0b => Some(2),
            0x0c | 0x0d => Some(4),
            0x0e => Some(8),
            _ => None,
        }
    }

    /// Reads big-endian elements; `None` if the type code is unknown.
    ///
    /// Bytes become the elements without a copy.
    pub(super) fn from_be_bytes(code: u8, bytes: Vec<u8>) -> Option<Self> {
        Some(match code {
            0x08 => Self::U8(bytes),
            0x09 => Self::I8(bytes.into_iter().map(u8::cast_signed).collect()),
            0x0b => Self::I16(convert(&bytes, i16::from_be_bytes)),
            0x0c => Self::I32(convert(&bytes, i32::from_be_bytes)),
            0x0d => Self::F32(convert(&bytes, f32::from_be_bytes)),
            0x0e => Self::F64(convert(&bytes, f64::from_be_bytes)),
            _ => return None,
        })
    }

    /// Appends the elements big-endian.
    pub(super) fn write_to(&self, bytes: &mut Vec<u8>) {
        match self {
            // The common case in one copy instead of byte by byte.
            Self::U8(values) => bytes.extend_from_slice(values),
            other => each!(other, values => {
                bytes.extend(values.iter().flat_map(|value| value.to_be_bytes()));
            }),
        }
    }
}

/// Cuts `bytes` into elements of `N` bytes each.
fn convert<const N: usize, T>(bytes: &[u8], from_be: fn([u8; N]) -> T) -> Vec<T> {
    let (chunks, _) = bytes.as_chunks::<N>();
    chunks.iter().map(|&chunk| from_be(chunk)).collect()
}
