//! Element types of tensors in files.

use burn::tensor::{bf16, f16};

/// Type of the elements of a tensor, little-endian.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    F64,
    F32,
    F16,
    BF16,
    I64,
    I32,
    I16,
    I8,
    U8,
    Bool,
}

impl Element {
    /// Bytes of an element.
    pub(super) fn size(self) -> usize {
        match self {
            Element::F64 | Element::I64 => 8,
            Element::F32 | Element::I32 => 4,
            Element::F16 | Element::BF16 | Element::I16 => 2,
            Element::I8 | Element::U8 | Element::Bool => 1,
        }
    }

    /// Values of elements one after the other; what is left of the last one is ignored.
    pub(super) fn values(self, bytes: &[u8]) -> Vec<f64> {
        /// Values of elements of `N` bytes.
        fn each<const N: usize>(bytes: &[u8], value: impl Fn([u8; N]) -> f64) -> Vec<f64> {
            bytes.as_chunks::<N>().0.iter().map(|element| value(*element)).collect()
        }
        match self {
            Element::F64 => each(bytes, f64::from_le_bytes),
            Element::F32 => each(bytes, |b| f32::from_le_bytes(b).into()),
            Element::F16 => each(bytes, |b| f16::from_le_bytes(b).to_f64()),
            Element::BF16 => each(bytes, |b| bf16::from_le_bytes(b).to_f64()),
            Element::I64 => each(bytes, |b| i64::from_le_bytes(b) as f64),
            Element::I32 => each(bytes, |b| i32::from_le_bytes(b).into()),
            Element::I16 => each(bytes, |b| i16::from_le_bytes(b).into()),
            Element::I8 => each(bytes, |b| i8::from_le_bytes(b).into()),
            Element::U8 | Element::Bool => each(bytes, |[b]| b.into()),
        }
    }
}
