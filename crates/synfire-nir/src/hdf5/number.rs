//! Numbers of all the types that HDF5 has.

use crate::{Array, Element, NirError};
use hdf5_reader::{ByteOrder, Datatype};

/// A number type of fixed size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Number {
    size: usize,
    kind: Kind,
    big_endian: bool,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Float,
    Signed,
    Unsigned,
}

/// Integers beyond this are no longer exact in double precision.
const EXACT: u64 = 1 << 53;

impl Number {
    /// The type; `None` for texts, records and others that are no numbers. Booleans of h5py are an enumeration.
    pub(super) fn of(datatype: &Datatype) -> Option<Self> {
        let (size, kind, order) = match datatype {
            Datatype::FixedPoint { size, signed: true, byte_order } => (*size, Kind::Signed, *byte_order),
            Datatype::FixedPoint { size, signed: false, byte_order } => (*size, Kind::Unsigned, *byte_order),
            Datatype::FloatingPoint { size, byte_order } => (*size, Kind::Float, *byte_order),
            Datatype::Enum { base, .. } if !matches!(**base, Datatype::Enum { .. }) => return Number::of(base),
            _ => return None,
        };
        let known = match kind {
            Kind::Float => matches!(size, 2 | 4 | 8),
            _ => matches!(size, 1 | 2 | 4 | 8),
        };
        known.then_some(Number { size: size.into(), kind, big_endian: order == ByteOrder::BigEndian })
    }

    fn element(self) -> Element {
        match (self.kind, self.size) {
            (Kind::Float, 8) => Element::F64,
            (Kind::Float, _) => Element::F32,
            _ => Element::I64,
        }
    }

    /// The values of a dataset or attribute.
    pub(super) fn array(self, shape: Vec<usize>, bytes: &[u8]) -> Result<Array, NirError> {
        let values = bytes.chunks_exact(self.size).map(|bytes| self.value(bytes)).collect::<Option<Vec<f64>>>();
        let values = values.ok_or_else(|| NirError::damaged(format!("has integers beyond {EXACT}")))?;
        let found = values.len();
        Array::new(shape.clone(), values, self.element())
            .ok_or_else(|| NirError::damaged(format!("has {found} numbers for the shape {shape:?}")))
    }

    fn value(self, bytes: &[u8]) -> Option<f64> {
        let mut word = [0; 8];
        for (i, &byte) in bytes.iter().enumerate() {
            word[if self.big_endian { bytes.len() - 1 - i } else { i }] = byte;
        }
        let bits = u64::from_le_bytes(word);
        match (self.kind, self.size) {
            (Kind::Float, 2) => Some(half(bits as u16)),
            (Kind::Float, 4) => Some(f32::from_bits(bits as u32).into()),
            (Kind::Float, _) => Some(f64::from_bits(bits)),
            (Kind::Unsigned, _) => (bits <= EXACT).then_some(bits as f64),
            (Kind::Signed, size) => {
                let unused = 64 - 8 * size as u32;
                let value = (bits << unused) as i64 >> unused;
                (value.unsigned_abs() <= EXACT).then_some(value as f64)
            }
        }
    }
}

/// The value of 16 bits in half precision.
fn half(bits: u16) -> f64 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    match exponent {
        0 => sign * fraction * 2f64.powi(-24),
        31 if fraction == 0.0 => sign * f64::INFINITY,
        31 => f64::NAN,
        _ => sign * (1.0 + fraction / 1024.0) * 2f64.powi(exponent - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_type_are_read() {
        let little = ByteOrder::LittleEndian;
        let read = |datatype: &Datatype, bytes: &[u8]| {
            Number::of(datatype).and_then(|number| number.array(vec![], bytes).ok()).map(|array| array.values()[0])
        };
        let integer = |size, signed, byte_order| Datatype::FixedPoint { size, signed, byte_order };
        assert_eq!(read(&integer(1, true, little), &[0xff]), Some(-1.0));
        assert_eq!(read(&integer(1, false, little), &[0xff]), Some(255.0));
        assert_eq!(read(&integer(2, true, ByteOrder::BigEndian), &[0xff, 0xfe]), Some(-2.0));
        assert_eq!(read(&integer(8, true, little), &i64::MIN.to_le_bytes()), None);
        let float = |size| Datatype::FloatingPoint { size, byte_order: little };
        assert_eq!(read(&float(2), &[0x00, 0xc1]), Some(-2.5));
        assert_eq!(read(&float(2), &[0x01, 0x00]), Some(2f64.powi(-24)));
        assert_eq!(read(&float(4), &0.1f32.to_le_bytes()), Some(f64::from(0.1f32)));
        assert_eq!(read(&float(8), &0.1f64.to_le_bytes()), Some(0.1));
    }
}
