//! Integration of differential equations over a time step.

use serde::{Deserialize, Serialize};
use synfire_dynamics::Real;

/// Integration method for models given as differential equations.
///
/// | name | order | for |
/// |---|---|---|
/// | `euler` | 1 | equations that change little in a step; used by most papers |
/// | `exp_euler` | 1 | stiff equations: solves the linear part exactly, stable for any step |
/// | `exp_midpoint` | 2 | stiff equations; as stable, far closer, twice the work |
/// | `rk4` | 4 | smooth equations, when the trace itself matters |
///
/// The equations are written once, in the units of their paper; [`WithDt`](super::WithDt) shows a whole
/// model.
///
/// ```
/// use synfire::neuron::{Derivative, Integrator};
///
/// // a membrane with 20 ms and an adaptation with 100 ms, one step of 1 ms
/// let [v, w] = Integrator::ExpEuler.advance([0.0, 0.0f32], 1.0, |[v, w]| {
///     [Derivative::relax((1.5 - w) / 20.0, 1.0 / 20.0), Derivative::relax(0.1 * v / 100.0, 1.0 / 100.0)]
/// });
/// assert!((v - 1.5 * (1.0 - (-1f32 / 20.0).exp())).abs() < 1e-6 && w == 0.0);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Integrator {
    /// Forward Euler.
    #[default]
    Euler,
    /// Exponential Euler (Rush and Larsen 1978).
    ExpEuler,
    /// Exponential midpoint (Börgers and Nectow 2013): the linear part half a step later.
    ExpMidpoint,
    /// Runge and Kutta's classical method.
    Rk4,
}

/// The right-hand side of one equation, `dx/dt = drive - rate x`.
#[derive(Clone, Copy, Debug)]
pub struct Derivative<R> {
    drive: R,
    linear: Linear<R>,
}

/// The part of a right-hand side that is linear in its own variable.
#[derive(Clone, Copy, Debug)]
enum Linear<R> {
    None,
    /// `-rate x`, beside the drive.
    Relax(R),
    /// The tangent of this slope through the drive at this place.
    Tangent(R, R),
}

impl<R: Real> Derivative<R> {
    /// `dx/dt = derivative`. The exponential methods find no linear part in it.
    #[inline(always)]
    pub fn of(derivative: R) -> Self {
        Derivative { drive: derivative, linear: Linear::None }
    }

    /// `dx/dt = drive - rate x`: `x` relaxes to `drive / rate` with the time constant `1 / rate`.
    #[inline(always)]
    pub fn relax(drive: R, rate: R) -> Self {
        Derivative { drive, linear: Linear::Relax(rate) }
    }

    /// `dx/dt = derivative` at the state that the equations were asked for, where it has the slope `slope` over `x`.
    /// The exponential methods solve the tangent exactly: where the slope of nonlinear equations is negative, no step is
    /// too long for them.
    #[inline(always)]
    pub fn tangent(derivative: R, slope: R, x: R) -> Self {
        Derivative { drive: derivative, linear: Linear::Tangent(slope, x) }
    }

    /// The derivative at `x`; of a [tangent](Self::tangent) at the state that it was made for.
    #[inline(always)]
    pub fn at(self, x: R) -> R {
        match self.linear {
            Linear::Relax(rate) => self.drive - rate * x,
            Linear::Tangent(..) | Linear::None => self.drive,
        }
    }

    /// `x` a time `dt` later if `drive` and `rate` stay what they are.
    #[inline(always)]
    fn solve(self, x: R, dt: R) -> R {
        let change = self.at(x) * dt;
        match self.linear {
            Linear::None => x + change,
            Linear::Relax(rate) => x + change * exprel(-rate * dt),
            Linear::Tangent(slope, place) => x + (self.drive + slope * (x - place)) * dt * exprel(slope * dt),
        }
    }
}

impl Integrator {
    /// Every method.
    pub const ALL: [Integrator; 4] =
        [Integrator::Euler, Integrator::ExpEuler, Integrator::ExpMidpoint, Integrator::Rk4];

    /// State after one time step `dt`; `equations` gives the derivatives at a state.
    #[inline(always)]
    pub fn advance<R: Real, const N: usize>(
        self,
        x: [R; N],
        dt: R,
        equations: impl Fn([R; N]) -> [Derivative<R>; N],
    ) -> [R; N] {
        let slopes = |x: [R; N]| {
            let equations = equations(x);
            each(|i| equations[i].at(x[i]))
        };
        let along = |slopes: [R; N], dt: R| each(|i| x[i] + slopes[i] * dt);
        let relaxed = |equations: [Derivative<R>; N], dt: R| each(|i| equations[i].solve(x[i], dt));
        match self {
            Integrator::Euler => along(slopes(x), dt),
            Integrator::ExpEuler => relaxed(equations(x), dt),
            Integrator::ExpMidpoint => relaxed(equations(relaxed(equations(x), dt * 0.5)), dt),
            Integrator::Rk4 => {
                let k1 = slopes(x);
                let k2 = slopes(along(k1, dt * 0.5));
                let k3 = slopes(along(k2, dt * 0.5));
                let k4 = slopes(along(k3, dt));
                along(each(|i| (k1[i] + (k2[i] + k3[i]) * 2.0 + k4[i]) / 6.0), dt)
            }
        }
    }
}

#[inline(always)]
fn each<R, const N: usize>(f: impl FnMut(usize) -> R) -> [R; N] {
    core::array::from_fn(f)
}

/// `(e^x - 1) / x`, and its limit 1 at 0. Exact to rounding, with finite gradients, near 0 too.
///
/// The opening rates of Hodgkin and Huxley, `x / (e^x - 1)`, are `1 / exprel(x)`.
#[inline(always)]
pub fn exprel<R: Real>(x: R) -> R {
    let far = x.abs().greater(x.lit(0.1));
    // both sides of a select are computed, and differentiated: each gets an argument that suits it
    let (large, small) = (R::select(far, x, x.lit(1.0)), R::select(far, x.lit(0.0), x));
    let quotient = (large.exp() - 1.0) / large;
    let series = (((small / 5.0 + 1.0) * small / 4.0 + 1.0) * small / 3.0 + 1.0) * small / 2.0 + 1.0;
    R::select(far, quotient, series)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `dx/dt = (1 - x^2) - x` from 0, at time 1, in `steps` steps.
    fn riccati(integrator: Integrator, steps: u16) -> f32 {
        let dt = 1.0 / f32::from(steps);
        (0..steps).fold(0.0, |x, _| integrator.advance([x], dt, |[x]| [Derivative::relax(1.0 - x * x, 1.0)])[0])
    }

    #[test]
    fn each_method_has_its_order() {
        // x = 2 / (1 + sqrt 5 coth(sqrt 5 t / 2))
        let root = 5f32.sqrt();
        let exact = 2.0 / (1.0 + root / (root / 2.0).tanh());
        for (integrator, steps, order) in [
            (Integrator::Euler, 32, 1),
            (Integrator::ExpEuler, 32, 1),
            (Integrator::ExpMidpoint, 8, 2),
            (Integrator::Rk4, 2, 4),
        ] {
            let error = |steps| (riccati(integrator, steps) - exact).abs();
            let gain = (error(steps) / error(2 * steps)).log2();
            assert!((gain - order as f32).abs() < 0.6, "{integrator:?}: half the step gains {gain} bits");
        }
    }

    #[test]
    fn linear_equations_are_solved_exactly() {
        let exact = (1.0 - (-2f32).exp()) / 2.0;
        for integrator in [Integrator::ExpEuler, Integrator::ExpMidpoint] {
            let x = integrator.advance([0.0], 1.0, |_| [Derivative::relax(1.0, 2.0)])[0];
            assert!((x - exact).abs() < 1e-6, "{integrator:?}");
        }
    }

    #[test]
    fn exponential_methods_are_stable_for_any_step() {
        for integrator in [Integrator::ExpEuler, Integrator::ExpMidpoint] {
            let x = integrator.advance([5.0], 1e3, |_| [Derivative::relax(1.0, 2.0)])[0];
            assert!((x - 0.5).abs() < 1e-6, "{integrator:?}");
        }
    }

    #[test]
    fn exprel_is_exact_around_its_limit() {
        for x in [0.0, 1e-30, -1e-7, 1e-3, -0.0999, 0.1001, -0.5, 3.0, -20.0f32] {
            let exact = if x == 0.0 { 1.0 } else { f64::from(x).exp_m1() / f64::from(x) };
            assert!((f64::from(exprel(x)) / exact - 1.0).abs() < 1e-6, "{x}");
        }
    }
}
