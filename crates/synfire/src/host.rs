//! Values of tensors on the host.

use burn::tensor::{DType, TensorData};

/// Values of a tensor of any type, in single precision.
#[must_use]
pub fn floats(data: &TensorData) -> Vec<f32> {
    let mut values = vec![];
    append_floats(data, &mut values);
    values
}

/// As [`floats`], without a copy where the values are of single precision.
pub(crate) fn into_floats(data: TensorData) -> Vec<f32> {
    if data.dtype() != DType::F32 {
        return floats(&data);
    }
    data.try_into_vec().unwrap_or_else(|error| unreachable!("values of single precision: {error}"))
}

/// As [`floats`], added to the end of `values`.
pub(crate) fn append_floats(data: &TensorData, values: &mut Vec<f32>) {
    match data.as_slice::<f32>() {
        Ok(floats) => values.extend_from_slice(floats),
        Err(_) => values.extend(data.iter::<f32>()),
    }
}

#[cfg(test)]
mod tests {
    use super::{floats, into_floats};
    use burn::tensor::{DType, TensorData};

    #[test]
    fn values_of_every_type_are_read() {
        let data = TensorData::new(vec![0.5_f32, -2.0, 3.0], [3]);
        for dtype in [DType::F64, DType::F32, DType::F16, DType::BF16] {
            let data = data.clone().convert_dtype(dtype);
            assert_eq!(floats(&data), [0.5, -2.0, 3.0], "{dtype:?}");
            assert_eq!(into_floats(data), [0.5, -2.0, 3.0], "{dtype:?}");
        }
        assert_eq!(floats(&TensorData::new(vec![7_i64, -1], [2])), [7.0, -1.0]);
    }
}
