//! Data sets of tensors.

use burn::tensor::kind::Basic;
use burn::tensor::{DType, Element, Int, Tensor};
use synfire_data::{Batch, DataError, Dataset, Split, Targets, Values};

/// Data sets and splits made of Burn's tensors.
///
/// Tensors are read back from their device once; what is kept is host memory.
///
/// ```
/// use burn::tensor::{Device, Distribution, Int, Tensor};
/// use synfire::data::{Dataset, FromTensors};
///
/// let device = Device::default();
/// let pictures = Tensor::<4>::random([50, 3, 8, 8], Distribution::Default, &device);
/// let labels = Tensor::<1, Int>::arange(0..50, &device).remainder_scalar(5);
/// let data = Dataset::from_tensors(pictures, labels)?;
/// assert_eq!((data.train.sample_shape(), data.classes), (&[3, 8, 8][..], 5));
/// # Ok::<(), synfire::Error>(())
/// ```
pub trait FromTensors: Sized {
    /// Takes samples along the first axis.
    ///
    /// # Shapes
    /// - `values`: `[samples, ..]`, such as `[samples, C, H, W]`, `[samples, T, F]` or `[samples, F]`. Tensors of `u8`
    ///   stay bytes, which stand for 0 to 1; all others become `f32` and are taken as they are
    /// - `targets`: see [`IntoTargets`]
    ///
    /// A [`Dataset`] sets a fifth of the samples aside as its test split, see [`Dataset::from_split`].
    ///
    /// # Errors
    /// As [`Split::from_batch`], or if a tensor cannot be read from its device.
    fn from_tensors<const D: usize, K: Basic>(
        values: Tensor<D, K>,
        targets: impl IntoTargets,
    ) -> Result<Self, DataError>;
}

impl FromTensors for Split {
    fn from_tensors<const D: usize, K: Basic>(
        values: Tensor<D, K>,
        targets: impl IntoTargets,
    ) -> Result<Self, DataError> {
        let dims = values.dims();
        let shape = if D == 1 { vec![1] } else { dims[1..].to_vec() };
        let values = match values.dtype() {
            DType::U8 => Values::Bytes(read(values)?),
            _ => Values::Floats(read(values)?),
        };
        Self::from_batch(Batch::new(values, shape, targets.into_targets()?))
    }
}

impl FromTensors for Dataset {
    fn from_tensors<const D: usize, K: Basic>(
        values: Tensor<D, K>,
        targets: impl IntoTargets,
    ) -> Result<Self, DataError> {
        Self::from_split("tensors", Split::from_tensors(values, targets)?)
    }
}

/// Targets of samples, as a tensor or as a list.
///
/// | type | targets |
/// |---|---|
/// | `Tensor<1, Int>` `[samples]`, lists of integers | classes from 0 |
/// | `Tensor<2>` `[samples, values]` | a vector for each sample |
/// | `Tensor<2, Int>` `[samples, steps]` | a class for each step |
pub trait IntoTargets {
    /// Targets in host memory.
    ///
    /// # Errors
    /// If a tensor cannot be read from its device.
    fn into_targets(self) -> Result<Targets, DataError>;
}

impl IntoTargets for Tensor<1, Int> {
    fn into_targets(self) -> Result<Targets, DataError> {
        Ok(Targets::Classes(read(self)?))
    }
}

impl IntoTargets for Tensor<2> {
    fn into_targets(self) -> Result<Targets, DataError> {
        let [_, len] = self.dims();
        Ok(Targets::Vectors { values: read(self)?, len })
    }
}

impl IntoTargets for Tensor<2, Int> {
    fn into_targets(self) -> Result<Targets, DataError> {
        let [_, steps] = self.dims();
        Ok(Targets::ClassPerStep { classes: read(self)?, steps })
    }
}

macro_rules! lists {
    ($($list:ty),*) => {$(
        impl IntoTargets for $list {
            fn into_targets(self) -> Result<Targets, DataError> {
                Ok(self.into())
            }
        }
    )*};
}

lists!(Targets, Vec<u8>, Vec<u16>, Vec<u32>, Vec<i32>, Vec<i64>, Vec<usize>);
lists!(&[u8], &[u16], &[u32], &[i32], &[i64], &[usize]);

fn read<E: Element, const D: usize, K: Basic>(tensor: Tensor<D, K>) -> Result<Vec<E>, DataError> {
    tensor.try_into_vec_as().map_err(|error| DataError::custom(format!("a tensor cannot be read: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{Device, TensorData};

    #[test]
    fn values_and_targets_are_those_of_the_tensors() {
        let device = Device::default();
        let values = Tensor::<3>::from_data([[[0.5, -1.0]], [[2.0, 3.0]]], &device);
        let classes = Tensor::<1, Int>::from_data([1, 0], &device);
        let vectors = Tensor::<2>::from_data([[0.1, 0.2, 0.3], [1.0, 2.0, 3.0]], &device);
        let per_step = Tensor::<2, Int>::from_data([[1], [0]], &device);

        let batch = |split: Result<Split, DataError>| split.unwrap().batch(&[1]).unwrap();
        let one = batch(Split::from_tensors(values.clone(), classes));
        assert_eq!(one, Batch { indices: vec![1], ..Batch::new([2.0, 3.0], [1, 2], [0]) });
        assert_eq!(batch(Split::from_tensors(values.clone(), vec![1u8, 0])), one);
        let one = batch(Split::from_tensors(values.clone(), vectors));
        assert_eq!(one.targets, Targets::Vectors { values: vec![1.0, 2.0, 3.0], len: 3 });
        let one = batch(Split::from_tensors(values, per_step));
        assert_eq!(one.targets, Targets::ClassPerStep { classes: vec![0], steps: 1 });
    }

    #[test]
    fn bytes_stay_bytes_and_one_axis_is_one_feature() {
        let device = Device::default();
        let bytes = Tensor::<1, Int>::from_data(TensorData::new(vec![7u8, 255], [2]), (&device, DType::U8));
        let split = Split::from_tensors(bytes, vec![0i64, 1]).unwrap();
        assert_eq!(split.batch(&[1]).unwrap(), Batch { indices: vec![1], ..Batch::new([255u8], [1], [1]) });
        let small = Tensor::<1, Int>::from_data([7, 255], &device);
        let split = Split::from_tensors(small, vec![0i64, 1]).unwrap();
        assert_eq!(split.batch(&[1]).unwrap().values, Values::Floats(vec![255.0]));
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let values = Tensor::<2>::zeros([3, 4], &Device::default());
        let error = Split::from_tensors(values, vec![0u8, 1]).unwrap_err();
        assert!(matches!(error, DataError::TargetCount { samples: 3, targets: 2 }), "{error}");
    }
}
