//! Arrays of numbers as files have them.

use serde::Serialize;

/// Element type of an [`Array`] in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Element {
    /// 32-bit floating point; half precision is written as this.
    F32,
    /// 64-bit floating point.
    F64,
    /// 64-bit signed integer; other integers and booleans are written as this.
    I64,
}

/// Numbers of any shape, `[]` for a single one, in row-major order.
///
/// Values are kept in double precision, which holds those of each [`Element`] type exactly (integers up to 2^53), and are
/// written in the type that they were read in.
#[derive(Clone, Debug, PartialEq)]
pub struct Array {
    shape: Vec<usize>,
    values: Vec<f64>,
    element: Element,
}

impl Array {
    /// An array of this shape; `None` if it has another number of values.
    #[must_use]
    pub fn new(shape: impl Into<Vec<usize>>, values: Vec<f64>, element: Element) -> Option<Self> {
        let shape = shape.into();
        (size_of(&shape) == Some(values.len())).then_some(Array { shape, values, element })
    }

    /// A vector of single-precision values, `[N]`.
    #[must_use]
    pub fn floats(values: &[f32]) -> Self {
        let values = values.iter().map(|&value| f64::from(value)).collect::<Vec<_>>();
        Array { shape: vec![values.len()], values, element: Element::F32 }
    }

    /// A vector of double-precision values, `[N]`.
    #[must_use]
    pub fn doubles(values: Vec<f64>) -> Self {
        Array { shape: vec![values.len()], values, element: Element::F64 }
    }

    /// A vector of integers, `[N]`.
    #[must_use]
    pub fn integers(values: &[i64]) -> Self {
        let values = values.iter().map(|&value| value as f64).collect::<Vec<_>>();
        Array { shape: vec![values.len()], values, element: Element::I64 }
    }

    /// One integer, of shape `[]`.
    #[must_use]
    pub fn integer(value: i64) -> Self {
        Array { shape: vec![], values: vec![value as f64], element: Element::I64 }
    }

    /// One double-precision value, of shape `[]`.
    #[must_use]
    pub fn double(value: f64) -> Self {
        Array { shape: vec![], values: vec![value], element: Element::F64 }
    }

    /// The same value everywhere.
    #[must_use]
    pub fn filled(shape: &[usize], value: f64, element: Element) -> Self {
        Array { shape: shape.to_vec(), values: vec![value; shape.iter().product()], element }
    }

    /// The same values in another shape; `None` if that has another size.
    #[must_use]
    pub fn reshaped(self, shape: &[usize]) -> Option<Self> {
        Array::new(shape, self.values, self.element)
    }

    /// Lengths of the axes, none for a single number.
    #[must_use]
    pub fn shape(&self) -> &[usize] {
        &self.shape
    }

    /// The values in row-major order.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The values in single precision.
    #[must_use]
    pub fn to_f32(&self) -> Vec<f32> {
        self.values.iter().map(|&value| value as f32).collect()
    }

    /// Element type in a file.
    #[must_use]
    pub fn element(&self) -> Element {
        self.element
    }

    /// Number of values.
    #[must_use]
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are no values.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Smallest and largest value; `None` without values.
    #[must_use]
    pub fn range(&self) -> Option<[f64; 2]> {
        let first = *self.values.first()?;
        Some(self.values.iter().fold([first; 2], |[low, high], &value| [low.min(value), high.max(value)]))
    }

    /// One value for each element of `shape`: the array's own, or its only one repeated; `None` if it has neither this shape
    /// nor a single value.
    #[must_use]
    pub fn broadcast(&self, shape: &[usize]) -> Option<Vec<f64>> {
        if self.shape == shape {
            return Some(self.values.clone());
        }
        match self.values[..] {
            [value] => Some(vec![value; size_of(shape)?]),
            _ => None,
        }
    }
}

/// Number of values of a shape; `None` beyond any memory.
pub(crate) fn size_of(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1usize, |product, &size| product.checked_mul(size))
}
