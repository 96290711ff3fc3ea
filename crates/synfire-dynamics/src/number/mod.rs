//! The abstract real number, and its interpretations.

pub(crate) mod elementary;
mod lanes;
mod scalar;
pub(crate) mod simd;
mod tensor;
#[cfg(feature = "cube")]
mod traced;

pub(crate) use elementary::FloatBits;
pub(crate) use lanes::Lanes;
pub use tensor::{TensorArena, TensorNumber};
#[cfg(feature = "cube")]
pub(crate) use traced::Traced;

use core::ops::{Add, Div, Mul, Neg, Sub};

/// An abstract real number, the only type that a model's equations may compute with.
///
/// Running the same `step` function over another `Real` gives another interpretation of it:
///
/// | number | running the equations |
/// |---|---|
/// | `f32` | computes one neuron |
/// | [`TensorNumber`] | builds Burn tensor operations on any backend |
/// | a symbol | records the equations as a graph |
///
/// From the graph come the exact adjoint of a step, the code for SIMD registers, GPU kernels, and the
/// formulas in the documentation.
///
/// Every interpretation is `Copy`, so equations need neither clones nor borrows. Values must not
/// decide control flow: branch with [`select`](Real::select), never with `if`. (Branching on the
/// model's own settings is fine, they are the same for every neuron.)
pub trait Real:
    Copy
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + Add<f32, Output = Self>
    + Sub<f32, Output = Self>
    + Mul<f32, Output = Self>
    + Div<f32, Output = Self>
{
    /// The type of values without derivatives.
    type Primal: Real<Primal = Self::Primal>;

    /// A constant in the same context as `self` (a GPU scope, an arena of tensors).
    #[must_use]
    fn lit(self, value: f32) -> Self;

    /// The value alone.
    fn primal(self) -> Self::Primal;

    /// A number with a given value and given derivatives: `d result = sum_i slope_i * d x_i`.
    ///
    /// Surrogate gradients are made of this: a step as the value, a smooth slope as the derivative.
    #[must_use]
    fn with_slopes<const N: usize>(self, value: Self::Primal, slopes: [(Self, Self::Primal); N]) -> Self;

    /// The value with its gradient cut.
    #[inline(always)]
    #[must_use]
    fn detach(self) -> Self {
        self.with_slopes(self.primal(), [])
    }

    /// `e^self`.
    #[must_use]
    fn exp(self) -> Self;

    /// Natural logarithm, for positive numbers.
    #[must_use]
    fn ln(self) -> Self;

    /// Square root, for non-negative numbers.
    #[must_use]
    fn sqrt(self) -> Self;

    /// Absolute value; its derivative at 0 is 0.
    #[must_use]
    fn abs(self) -> Self;

    /// Largest integer that is not above `self`. No gradient.
    #[must_use]
    fn floor(self) -> Self;

    /// Nearest integer, ties to even. No gradient.
    #[must_use]
    fn round(self) -> Self;

    /// Sum over all neurons of the sample. It couples neurons, so a model that uses it has no kernel and runs by
    /// tensor operations.
    #[must_use]
    fn sum_neurons(self) -> Self;

    /// Sum over all samples of the batch for each neuron; runs like [`sum_neurons`](Self::sum_neurons).
    #[must_use]
    fn sum_batch(self) -> Self;

    /// 1 where `self > other`, else 0. No gradient.
    fn greater(self, other: Self) -> Self::Primal;

    /// 1 where `self >= other`, else 0. No gradient.
    fn greater_equal(self, other: Self) -> Self::Primal;

    /// `then` where the 0/1 `mask` is 1, `otherwise` where it is 0.
    #[must_use]
    fn select(mask: Self::Primal, then: Self, otherwise: Self) -> Self;

    /// Larger of the two; the gradient goes to it, and to `other` on a tie.
    #[inline(always)]
    #[must_use]
    fn max(self, other: Self) -> Self {
        Self::select(self.greater(other), self, other)
    }

    /// Smaller of the two; the gradient goes to it, and to `self` on a tie.
    #[inline(always)]
    #[must_use]
    fn min(self, other: Self) -> Self {
        Self::select(self.greater(other), other, self)
    }

    /// `1 / self`.
    #[inline(always)]
    #[must_use]
    fn recip(self) -> Self {
        self.lit(1.0) / self
    }

    /// `self` to a whole power, by repeated multiplication.
    #[inline(always)]
    #[must_use]
    fn powi(self, exponent: u32) -> Self {
        let mut power = self.lit(1.0);
        for _ in 0..exponent {
            power = power * self;
        }
        power
    }

    /// `self^exponent`, for positive `self`.
    #[inline(always)]
    #[must_use]
    fn powf(self, exponent: Self) -> Self {
        (self.ln() * exponent).exp()
    }

    /// `1 / (1 + e^-self)`.
    #[inline(always)]
    #[must_use]
    fn sigmoid(self) -> Self {
        ((-self).exp() + 1.0).recip()
    }

    /// Hyperbolic tangent.
    #[inline(always)]
    #[must_use]
    fn tanh(self) -> Self {
        (self * 2.0).sigmoid() * 2.0 - 1.0
    }
}

/// Implements the four operators of a number type by one expression each.
macro_rules! operators {
    ([$($generics:tt)*] $number:ty, |$a:ident, $b:ident| $add:expr, $sub:expr, $mul:expr, $div:expr) => {
        operators!(@one [$($generics)*] $number, Add add, |$a, $b| $add);
        operators!(@one [$($generics)*] $number, Sub sub, |$a, $b| $sub);
        operators!(@one [$($generics)*] $number, Mul mul, |$a, $b| $mul);
        operators!(@one [$($generics)*] $number, Div div, |$a, $b| $div);
    };
    (@one [$($generics:tt)*] $number:ty, $trait:ident $method:ident, |$a:ident, $b:ident| $body:expr) => {
        impl<$($generics)*> core::ops::$trait for $number {
            type Output = Self;
            #[inline(always)]
            fn $method(self, other: Self) -> Self {
                let ($a, $b) = (self, other);
                $body
            }
        }
    };
}
pub(crate) use operators;
