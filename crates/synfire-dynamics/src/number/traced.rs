//! Numbers of a GPU kernel: each operation on them is written into the kernel being traced.

use super::elementary::{self, FloatBits};
use super::operators;
use super::simd::{MANTISSA_BITS, SQRT_HALF_BITS};
use crate::graph::{Binary, Unary};
use burn_cubecl::cubecl;
use cubecl::ir::Scope;
use cubecl::prelude::*;

/// A vector of `N` neighbouring neurons in a kernel that is being traced.
pub(crate) struct Traced<'a, N: Size> {
    pub(crate) scope: &'a Scope,
    pub(crate) value: NativeExpand<Vector<f32, N>>,
}

impl<N: Size> Clone for Traced<'_, N> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<N: Size> Copy for Traced<'_, N> {}

impl<'a, N: Size> Traced<'a, N> {
    fn with(self, value: NativeExpand<Vector<f32, N>>) -> Self {
        Traced { scope: self.scope, value }
    }

    pub(crate) fn literal(scope: &'a Scope, value: f32) -> Self {
        Traced { scope, value: kernel::splat::expand(scope, value.into()) }
    }

    pub(crate) fn unary(self, op: Unary) -> Self {
        match op {
            Unary::Neg => self.with(kernel::neg::expand(self.scope, self.value)),
            Unary::Exp => elementary::exp(self),
            Unary::Ln => elementary::ln(self),
            Unary::Sqrt => self.with(kernel::sqrt::expand(self.scope, self.value)),
            Unary::Abs => self.with(kernel::abs::expand(self.scope, self.value)),
            Unary::Floor => self.with(kernel::floor::expand(self.scope, self.value)),
            Unary::Round => self.with(kernel::round::expand(self.scope, self.value)),
            Unary::SumNeurons | Unary::SumBatch => unreachable!("coupled models have no kernel"),
        }
    }

    pub(crate) fn binary(self, op: Binary, other: Self) -> Self {
        match op {
            Binary::Add => self + other,
            Binary::Sub => self - other,
            Binary::Mul => self * other,
            Binary::Div => self / other,
            Binary::Greater => self.greater(other),
            Binary::GreaterEqual => self.with(kernel::greater_equal::expand(self.scope, self.value, other.value)),
        }
    }
}

operators!(['a, N: Size] Traced<'a, N>, |a, b|
    a.with(kernel::add::expand(a.scope, a.value, b.value)),
    a.with(kernel::sub::expand(a.scope, a.value, b.value)),
    a.with(kernel::mul::expand(a.scope, a.value, b.value)),
    a.with(kernel::div::expand(a.scope, a.value, b.value)));

impl<N: Size> FloatBits for Traced<'_, N> {
    fn splat(self, value: f32) -> Self {
        Self::literal(self.scope, value)
    }
    fn greater(self, other: Self) -> Self {
        self.with(kernel::greater::expand(self.scope, self.value, other.value))
    }
    fn select(mask: Self, then: Self, otherwise: Self) -> Self {
        mask.with(kernel::select_by::expand(mask.scope, mask.value, then.value, otherwise.value))
    }
    fn nearest(self) -> Self {
        // not by adding and subtracting a large number, which GPU compilers optimise away
        self.with(kernel::round::expand(self.scope, self.value))
    }
    fn exp2_whole(self) -> Self {
        self.with(kernel::exp2_whole::expand(self.scope, self.value))
    }
    fn split_exponent(self) -> (Self, Self) {
        let mantissa = kernel::mantissa::expand(self.scope, self.value);
        let exponent = kernel::exponent::expand(self.scope, self.value);
        (self.with(mantissa), self.with(exponent))
    }
}

/// The operations in CubeCL.
mod kernel {
    use super::*;

    type V<N> = Vector<f32, N>;

    #[cube]
    pub(super) fn add<N: Size>(a: V<N>, b: V<N>) -> V<N> {
        a + b
    }
    #[cube]
    pub(super) fn sub<N: Size>(a: V<N>, b: V<N>) -> V<N> {
        a - b
    }
    #[cube]
    pub(super) fn mul<N: Size>(a: V<N>, b: V<N>) -> V<N> {
        a * b
    }
    #[cube]
    pub(super) fn div<N: Size>(a: V<N>, b: V<N>) -> V<N> {
        a / b
    }
    #[cube]
    pub(super) fn neg<N: Size>(a: V<N>) -> V<N> {
        -a
    }
    #[cube]
    pub(super) fn sqrt<N: Size>(a: V<N>) -> V<N> {
        a.sqrt()
    }
    #[cube]
    pub(super) fn abs<N: Size>(a: V<N>) -> V<N> {
        a.abs()
    }
    #[cube]
    pub(super) fn floor<N: Size>(a: V<N>) -> V<N> {
        a.floor()
    }
    #[cube]
    pub(super) fn greater<N: Size>(a: V<N>, b: V<N>) -> V<N> {
        select_many(a.greater_than(&b), Vector::new(1.0), Vector::new(0.0))
    }
    #[cube]
    pub(super) fn greater_equal<N: Size>(a: V<N>, b: V<N>) -> V<N> {
        select_many(a.greater_equal(&b), Vector::new(1.0), Vector::new(0.0))
    }
    #[cube]
    pub(super) fn select_by<N: Size>(mask: V<N>, then: V<N>, otherwise: V<N>) -> V<N> {
        select_many(mask.greater_than(&Vector::new(0.5)), then, otherwise)
    }
    #[cube]
    pub(super) fn splat<N: Size>(value: f32) -> Vector<f32, N> {
        Vector::new(value)
    }

    #[cube]
    pub(super) fn round<N: Size>(a: V<N>) -> V<N> {
        a.round()
    }
    #[cube]
    pub(super) fn exp2_whole<N: Size>(k: V<N>) -> V<N> {
        let bits = (Vector::<i32, N>::cast_from(k) + Vector::new(127)) << Vector::new(23);
        V::<N>::reinterpret(bits)
    }

    /// The bits of a value minus those of `sqrt(1/2)`.
    #[cube]
    fn shifted<N: Size>(a: V<N>) -> Vector<i32, N> {
        Vector::<i32, N>::reinterpret(a) - Vector::new(SQRT_HALF_BITS)
    }
    #[cube]
    pub(super) fn mantissa<N: Size>(a: V<N>) -> V<N> {
        V::<N>::reinterpret((shifted::<N>(a) & Vector::new(MANTISSA_BITS)) + Vector::new(SQRT_HALF_BITS))
    }
    #[cube]
    pub(super) fn exponent<N: Size>(a: V<N>) -> V<N> {
        V::<N>::cast_from(shifted::<N>(a) >> Vector::new(23))
    }
}
