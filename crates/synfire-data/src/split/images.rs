//! The pixels of a split.

use crate::{DataError, Elements, IdxArray};

/// Images before they have labels.
#[derive(Clone, Debug)]
pub(crate) struct Images {
    pub(super) count: usize,
    pub(super) sample_shape: Vec<usize>,
    pub(super) features: usize,
    pub(super) pixels: Pixels,
}

#[derive(Clone, Debug)]
pub(super) enum Pixels {
    Bytes(Vec<u8>),
    Floats(Vec<f32>),
}

impl Images {
    pub(crate) fn new(array: IdxArray) -> Result<Self, DataError> {
        let (shape, elements) = array.into_parts();
        let [count, sample_shape @ ..] = &shape[..] else {
            return Err(DataError::ImageShape { shape });
        };
        if sample_shape.is_empty() {
            return Err(DataError::ImageShape { shape });
        }
        if elements.is_empty() {
            return Err(DataError::EmptySplit { shape });
        }
        let (count, sample_shape) = (*count, sample_shape.to_vec());
        let features = sample_shape.iter().product();
        let pixels = match elements {
            Elements::U8(bytes) => Pixels::Bytes(bytes),
            Elements::I8(values) => Pixels::Floats(values.into_iter().map(f32::from).collect()),
            Elements::I16(values) => Pixels::Floats(values.into_iter().map(f32::from).collect()),
            Elements::I32(values) => Pixels::Floats(values.iter().map(|&v| v as f32).collect()),
            Elements::F32(values) => Pixels::Floats(values),
            Elements::F64(values) => Pixels::Floats(values.iter().map(|&v| v as f32).collect()),
        };
        if let Pixels::Floats(values) = &pixels
            && let Some(at) = values.iter().position(|value| !value.is_finite())
        {
            let (image, element) = (at / features, at % features);
            return Err(DataError::NotFinite { image, element, value: values[at] });
        }
        Ok(Self { count, sample_shape, features, pixels })
    }
}
