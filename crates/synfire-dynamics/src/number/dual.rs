//! Dual numbers: a value and its partial derivatives, the exact Jacobian of one step.

use super::{Real, Slots, operators};
use crate::{Dynamics, Fields};
use core::ops::{Add, Div, Mul, Neg, Sub};

/// A number of model `D` with its derivatives to every state, every input and the constants of `W`.
///
/// What is known to be zero when the equations are compiled or traced (a membrane potential does
/// not depend on another layer's threshold) costs no arithmetic: `nonzero` has one bit for each
/// derivative, and it folds away in the compiled kernel.
#[derive(Debug)]
pub struct Dual<D: Dynamics, R: Real, W: Slots<D>> {
    pub(crate) value: R,
    states: D::State<R>,
    inputs: D::Input<R>,
    constants: W::Of<R>,
    nonzero: u64,
}

impl<D: Dynamics, R: Real, W: Slots<D>> Clone for Dual<D, R, W> {
    #[inline(always)]
    fn clone(&self) -> Self {
        *self
    }
}
impl<D: Dynamics, R: Real, W: Slots<D>> Copy for Dual<D, R, W> {}

/// The place of a derivative in `nonzero`.
#[derive(Clone, Copy)]
pub(crate) enum Wrt {
    State(usize),
    Input(usize),
    Constant(usize),
}

impl<D: Dynamics, R: Real, W: Slots<D>> Dual<D, R, W> {
    const STATES: usize = <D::State<f32> as Fields<f32>>::LEN;
    const INPUTS: usize = <D::Input<f32> as Fields<f32>>::LEN;

    #[inline(always)]
    fn bit(wrt: Wrt) -> u64 {
        1 << match wrt {
            Wrt::State(i) => i,
            Wrt::Input(i) => Self::STATES + i,
            Wrt::Constant(i) => Self::STATES + Self::INPUTS + i,
        }
    }

    /// The derivative to `wrt`; `None` if it is known to be zero.
    #[inline(always)]
    pub(crate) fn derivative(&self, wrt: Wrt) -> Option<R> {
        if self.nonzero & Self::bit(wrt) == 0 {
            return None;
        }
        Some(match wrt {
            Wrt::State(i) => self.states.get(i),
            Wrt::Input(i) => self.inputs.get(i),
            Wrt::Constant(i) => self.constants.get(i),
        })
    }

    /// A number from its value and each derivative that `nonzero` does not rule out.
    #[inline(always)]
    fn from_fn(value: R, nonzero: u64, derivative: impl Fn(Wrt) -> R) -> Self {
        Dual {
            value,
            states: Fields::from_fn(
                #[inline(always)]
                |i| derivative(Wrt::State(i)),
            ),
            inputs: Fields::from_fn(
                #[inline(always)]
                |i| derivative(Wrt::Input(i)),
            ),
            constants: Fields::from_fn(
                #[inline(always)]
                |i| derivative(Wrt::Constant(i)),
            ),
            nonzero,
        }
    }

    #[inline(always)]
    pub(crate) fn constant(value: R) -> Self {
        Self::from_fn(
            value,
            0,
            #[inline(always)]
            |_| value,
        )
    }

    /// The independent variable `wrt`.
    #[inline(always)]
    pub(crate) fn variable(value: R, wrt: Wrt) -> Self {
        let one = value.lit(1.0);
        Self::from_fn(
            value,
            Self::bit(wrt),
            #[inline(always)]
            |_| one,
        )
    }

    /// Constant `index` of the layer, with its derivatives to the differentiated ones.
    #[inline(always)]
    pub(crate) fn layer_constant(value: R, index: usize, slots: W) -> Self {
        let nonzero = slots.nonzero(index) << (Self::STATES + Self::INPUTS);
        let one = value.lit(1.0);
        Self::from_fn(
            value,
            nonzero,
            #[inline(always)]
            |_| one,
        )
    }

    /// Chain rule: `d = a * d_self + b * d_other`, where a weight of `None` is 1.
    #[inline(always)]
    fn combine(self, a: Option<R>, other: Self, b: Option<R>, value: R) -> Self {
        Self::from_fn(
            value,
            self.nonzero | other.nonzero,
            #[inline(always)]
            |wrt| match (weigh(self.derivative(wrt), a), weigh(other.derivative(wrt), b)) {
                (Some(x), Some(y)) => x + y,
                (Some(x), None) | (None, Some(x)) => x,
                (None, None) => value,
            },
        )
    }

    /// Chain rule with one argument, whose derivative becomes `f` of it.
    #[inline(always)]
    fn map(self, value: R, f: impl Fn(R) -> R) -> Self {
        Self::from_fn(
            value,
            self.nonzero,
            #[inline(always)]
            |wrt| match self.derivative(wrt) {
                Some(d) => f(d),
                None => value,
            },
        )
    }
}

#[inline(always)]
fn weigh<R: Real>(derivative: Option<R>, weight: Option<R>) -> Option<R> {
    match (derivative, weight) {
        (Some(d), Some(weight)) => Some(d * weight),
        (d, _) => d,
    }
}

operators!([D: Dynamics, R: Real, W: Slots<D>] Dual<D, R, W>, |a, b|
a.combine(None, b, None, a.value + b.value),
a.combine(None, -b, None, a.value - b.value),
a.combine(Some(b.value), b, Some(a.value), a.value * b.value),
{
    let quotient = a.value / b.value;
    let inverse = b.value.recip();
    a.combine(Some(inverse), b, Some(-(quotient * inverse)), quotient)
});

impl<D: Dynamics, R: Real, W: Slots<D>> Neg for Dual<D, R, W> {
    type Output = Self;
    #[inline(always)]
    fn neg(self) -> Self {
        self.map(
            -self.value,
            #[inline(always)]
            |d| -d,
        )
    }
}
macro_rules! with_constant {
    ($($trait:ident $method:ident |$d:ident, $constant:ident| $derivative:expr),*) => {$(
        impl<D: Dynamics, R: Real, W: Slots<D>> $trait<f32> for Dual<D, R, W> {
            type Output = Self;
            #[inline(always)]
            fn $method(self, $constant: f32) -> Self {
                self.map(self.value.$method($constant), #[inline(always)] |$d| $derivative)
            }
        }
    )*};
}
with_constant!(
    Add add |d, constant| d,
    Sub sub |d, constant| d,
    Mul mul |d, constant| d * constant,
    Div div |d, constant| d / constant
);

impl<D: Dynamics, R: Real<Primal = R>, W: Slots<D>> Real for Dual<D, R, W> {
    type Primal = R;

    #[inline(always)]
    fn lit(self, value: f32) -> Self {
        Self::constant(self.value.lit(value))
    }
    #[inline(always)]
    fn primal(self) -> R {
        self.value
    }
    #[inline(always)]
    fn with_slopes<const N: usize>(self, value: R, slopes: [(Self, R); N]) -> Self {
        let mut result = Self::constant(value);
        for (x, slope) in slopes {
            result = result.combine(None, x, Some(slope), value);
        }
        result
    }
    #[inline(always)]
    fn exp(self) -> Self {
        let value = self.value.exp();
        let slope = value;
        self.map(
            value,
            #[inline(always)]
            |d| d * slope,
        )
    }
    #[inline(always)]
    fn ln(self) -> Self {
        let slope = self.value.recip();
        self.map(
            self.value.ln(),
            #[inline(always)]
            |d| d * slope,
        )
    }
    #[inline(always)]
    fn sqrt(self) -> Self {
        let value = self.value.sqrt();
        let slope = value.recip() * 0.5;
        self.map(
            value,
            #[inline(always)]
            |d| d * slope,
        )
    }
    #[inline(always)]
    fn abs(self) -> Self {
        let zero = self.value.lit(0.0);
        let sign = self.value.greater(zero) - zero.greater(self.value);
        let slope = sign;
        self.map(
            self.value.abs(),
            #[inline(always)]
            |d| d * slope,
        )
    }
    fn floor(self) -> Self {
        unimplemented!()
    }
    fn round(self) -> Self {
        unimplemented!()
    }
    fn sum_neurons(self) -> Self {
        unimplemented!()
    }
    fn sum_batch(self) -> Self {
        unimplemented!()
    }
    #[inline(always)]
    fn greater(self, other: Self) -> R {
        self.value.greater(other.value)
    }
    #[inline(always)]
    fn greater_equal(self, other: Self) -> R {
        self.value.greater_equal(other.value)
    }
    #[inline(always)]
    fn select(mask: R, then: Self, otherwise: Self) -> Self {
        let value = R::select(mask, then.value, otherwise.value);
        let zero = value.lit(0.0);
        Self::from_fn(
            value,
            then.nonzero | otherwise.nonzero,
            #[inline(always)]
            |wrt| match (then.derivative(wrt), otherwise.derivative(wrt)) {
                (None, None) => value,
                (a, b) => R::select(mask, a.unwrap_or(zero), b.unwrap_or(zero)),
            },
        )
    }
}

/// One entry of adjoint times Jacobian: what a step's results, weighted with the gradients that flow
/// into them, pass on to the variable `wrt`; `None` if it is known to be nothing.
#[inline(always)]
pub(crate) fn pull<D: Dynamics, R: Real<Primal = R>, W: Slots<D>>(
    output: &Dual<D, R, W>,
    g_output: R,
    state: &D::State<Dual<D, R, W>>,
    g_state: &D::State<R>,
    wrt: Wrt,
) -> Option<R> {
    let mut sum = output.derivative(wrt).map(
        #[inline(always)]
        |d| d * g_output,
    );
    let _ = D::State::<()>::from_fn(
        #[inline(always)]
        |k| {
            let part = state.get(k).derivative(wrt).map(
                #[inline(always)]
                |d| d * g_state.get(k),
            );
            sum = match (sum, part) {
                (Some(sum), Some(part)) => Some(sum + part),
                (sum, part) => sum.or(part),
            };
        },
    );
    sum
}
