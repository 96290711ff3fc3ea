//! A single neuron in plain `f32`.

use super::Real;

impl Real for f32 {
    type Primal = f32;

    #[inline(always)]
    fn lit(self, value: f32) -> Self {
        value
    }
    #[inline(always)]
    fn primal(self) -> f32 {
        self
    }
    #[inline(always)]
    fn with_slopes<const N: usize>(self, value: f32, _: [(Self, f32); N]) -> Self {
        value
    }
    fn exp(self) -> Self {
        f32::exp(self)
    }
    fn ln(self) -> Self {
        f32::ln(self)
    }
    fn sqrt(self) -> Self {
        f32::sqrt(self)
    }
    fn abs(self) -> Self {
        f32::abs(self)
    }
    fn floor(self) -> Self {
        f32::floor(self)
    }
    fn round(self) -> Self {
        self.round_ties_even()
    }
    fn sum_neurons(self) -> Self {
        self
    }
    fn sum_batch(self) -> Self {
        self
    }
    #[inline(always)]
    fn greater(self, other: Self) -> f32 {
        f32::from(self > other)
    }
    #[inline(always)]
    fn greater_equal(self, other: Self) -> f32 {
        f32::from(self >= other)
    }
    #[inline(always)]
    fn select(mask: f32, then: Self, otherwise: Self) -> Self {
        if mask != 0.0 { then } else { otherwise }
    }
}
