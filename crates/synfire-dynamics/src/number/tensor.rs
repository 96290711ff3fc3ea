//! Burn tensors as numbers: the equations as tensor operations, on any backend.

use super::{Real, operators};
use burn::backend::tensor::{BoolTensor, FloatTensor};
use burn::backend::{Backend, DeviceOps, TensorMetadata};
use burn::tensor::Shape;
use core::cell::RefCell;
use core::ops::{Add, Div, Mul, Neg, Sub};

/// Owner of the tensors of one evaluation of a model's equations; [`TensorNumber`]s index into it.
#[derive(Debug)]
pub struct TensorArena<B: Backend> {
    tensors: RefCell<Vec<FloatTensor<B>>>,
}

impl<B: Backend> Default for TensorArena<B> {
    fn default() -> Self {
        TensorArena { tensors: RefCell::new(Vec::new()) }
    }
}

impl<B: Backend> TensorArena<B> {
    /// Stores a tensor and returns the number that stands for it.
    pub fn number(&self, tensor: FloatTensor<B>) -> TensorNumber<'_, B> {
        let mut tensors = self.tensors.borrow_mut();
        tensors.push(tensor);
        TensorNumber { arena: self, index: tensors.len() - 1 }
    }
}

/// A tensor as a `Copy` number: an index into a [`TensorArena`]. Shapes broadcast.
#[derive(Debug)]
pub struct TensorNumber<'a, B: Backend> {
    arena: &'a TensorArena<B>,
    index: usize,
}

impl<B: Backend> Clone for TensorNumber<'_, B> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<B: Backend> Copy for TensorNumber<'_, B> {}

impl<B: Backend> TensorNumber<'_, B> {
    /// The tensor that the number stands for.
    #[must_use]
    pub fn tensor(self) -> FloatTensor<B> {
        self.arena.tensors.borrow()[self.index].clone()
    }

    fn map(self, f: impl FnOnce(FloatTensor<B>) -> FloatTensor<B>) -> Self {
        self.arena.number(f(self.tensor()))
    }

    fn zip(self, other: Self, f: impl FnOnce(FloatTensor<B>, FloatTensor<B>) -> FloatTensor<B>) -> Self {
        self.arena.number(f(self.tensor(), other.tensor()))
    }

    fn compare(
        self,
        other: Self,
        f: impl FnOnce(FloatTensor<B>, FloatTensor<B>, burn::tensor::BoolDType) -> BoolTensor<B>,
    ) -> Self {
        let (a, b) = (B::float_detach(self.tensor()), B::float_detach(other.tensor()));
        let (a, b) = same_shape::<B>(a, b);
        let dtype = a.dtype();
        let booleans = a.device().defaults().bool_dtype;
        self.arena.number(B::bool_into_float(f(a, b, booleans), dtype.into()))
    }
}

/// Both tensors expanded to the shape they broadcast to.
fn same_shape<B: Backend>(a: FloatTensor<B>, b: FloatTensor<B>) -> (FloatTensor<B>, FloatTensor<B>) {
    let (from_a, from_b) = (a.shape(), b.shape());
    let to = broadcast(&from_a, &from_b);
    let expand = |x: FloatTensor<B>, from: Shape| if from == to { x } else { B::float_expand(x, to.clone()) };
    (expand(a, from_a), expand(b, from_b))
}

fn broadcast(a: &Shape, b: &Shape) -> Shape {
    Shape::from((0..a.num_dims()).map(|i| a[i].max(b[i])).collect::<Vec<_>>())
}

operators!(['a, B: Backend] TensorNumber<'a, B>, |a, b|
    a.zip(b, B::float_add), a.zip(b, B::float_sub), a.zip(b, B::float_mul), a.zip(b, B::float_div));

impl<B: Backend> Neg for TensorNumber<'_, B> {
    type Output = Self;
    fn neg(self) -> Self {
        self.map(B::float_neg)
    }
}
macro_rules! with_constant {
    ($($trait:ident $method:ident $op:ident),*) => {$(
        impl<B: Backend> $trait<f32> for TensorNumber<'_, B> {
            type Output = Self;
            fn $method(self, constant: f32) -> Self {
                self.map(|x| B::$op(x, constant.into()))
            }
        }
    )*};
}
with_constant!(Add add float_add_scalar, Sub sub float_sub_scalar, Mul mul float_mul_scalar, Div div float_div_scalar);

impl<B: Backend> Real for TensorNumber<'_, B> {
    type Primal = Self;

    fn lit(self, value: f32) -> Self {
        let like = self.tensor();
        let shape = Shape::from(vec![1; like.shape().num_dims()]);
        self.arena.number(B::float_full(shape, value.into(), &like.device(), like.dtype().into()))
    }
    fn primal(self) -> Self {
        self.map(B::float_detach)
    }
    fn with_slopes<const N: usize>(self, value: Self, slopes: [(Self, Self); N]) -> Self {
        // `x - detach(x)` is zero with derivative one: the value stays, the slope is added
        slopes.into_iter().fold(value.primal(), |sum, (x, slope)| sum + (x - x.primal()) * slope.primal())
    }
    fn exp(self) -> Self {
        self.map(B::float_exp)
    }
    fn ln(self) -> Self {
        self.map(B::float_log)
    }
    fn sqrt(self) -> Self {
        self.map(B::float_sqrt)
    }
    fn abs(self) -> Self {
        self.map(B::float_abs)
    }
    fn floor(self) -> Self {
        self.map(|x| B::float_floor(B::float_detach(x)))
    }
    fn round(self) -> Self {
        self.map(|x| B::float_round(B::float_detach(x)))
    }
    fn sum_neurons(self) -> Self {
        self.map(|x| (1..x.shape().num_dims()).fold(x, B::float_sum_dim))
    }
    fn sum_batch(self) -> Self {
        self.map(|x| B::float_sum_dim(x, 0))
    }
    fn greater(self, other: Self) -> Self {
        self.compare(other, B::float_greater)
    }
    fn greater_equal(self, other: Self) -> Self {
        self.compare(other, B::float_greater_equal)
    }
    fn select(mask: Self, then: Self, otherwise: Self) -> Self {
        let (then, otherwise_tensor) = same_shape::<B>(then.tensor(), otherwise.tensor());
        let (mask, otherwise_tensor) = same_shape::<B>(mask.tensor(), otherwise_tensor);
        let (mask, then) = same_shape::<B>(mask, then);
        let booleans = mask.device().defaults().bool_dtype;
        let mask = B::float_greater_elem(mask, 0.5f32.into(), booleans);
        otherwise.arena.number(B::float_mask_where(otherwise_tensor, mask, then))
    }
}
