//! The classes of a split.

use super::MAX_CLASSES;
use crate::{DataError, Elements, IdxArray};

/// Checks an array of labels and brings it to one type.
pub(crate) fn labels_of(array: IdxArray) -> Result<Vec<u16>, DataError> {
    let (shape, elements) = array.into_parts();
    match elements {
        Elements::U8(labels) if shape.len() == 1 => classes(labels),
        Elements::I8(labels) if shape.len() == 1 => classes(labels),
        Elements::I16(labels) if shape.len() == 1 => classes(labels),
        Elements::I32(labels) if shape.len() == 1 => classes(labels),
        other => Err(DataError::LabelShape { shape, element: other.type_name() }),
    }
}

fn classes(labels: Vec<impl Into<i64>>) -> Result<Vec<u16>, DataError> {
    const MOST: u16 = MAX_CLASSES as u16 - 1;
    let check = |(index, label): (usize, i64)| match u16::try_from(label) {
        Ok(class) if class <= MOST => Ok(class),
        _ => Err(DataError::BadLabel { index, label, most: MOST }),
    };
    labels.into_iter().map(Into::into).enumerate().map(check).collect()
}
