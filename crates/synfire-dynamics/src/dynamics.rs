//! The trait of neuron models: equations that are written once.

use crate::{Fields, Real};

/// Equations of a neuron model: the update of one neuron by one time step, over an abstract number.
///
/// `self` holds what is decided once for a whole layer and never learned (which surrogate, which
/// reset); the equations may branch on it, and equal values share compiled GPU kernels. All
/// values are in the records.
///
/// ```
/// use synfire_dynamics::{record, Dynamics, Real};
///
/// record! {
///     /// Parameters of a leaky integrator.
///     pub struct LeakyParams {
///         /// membrane time constant
///         tau_m: 20.0 [ms] > 0.0,
///     }
/// }
/// record! {
///     /// Coefficients of a step.
///     pub struct LeakyConstants {
///         /// decay of the membrane in one step
///         beta: auto,
///     }
/// }
/// record! {
///     /// State of a leaky integrator.
///     pub struct LeakyState {
///         /// membrane potential
///         v: 0.0,
///     }
/// }
///
/// #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
/// struct Leaky;
///
/// impl Dynamics for Leaky {
///     type Params<R: Copy> = LeakyParams<R>;
///     type Constants<R: Copy> = LeakyConstants<R>;
///     type State<R: Copy> = LeakyState<R>;
///     type Input<R: Copy> = R;
///
///     fn constants<R: Real>(&self, p: LeakyParams<R>, dt: f32) -> LeakyConstants<R> {
///         LeakyConstants { beta: (-p.tau_m.recip() * dt).exp() }
///     }
///
///     fn step<R: Real>(&self, c: &LeakyConstants<R>, s: &mut LeakyState<R>, current: R) -> R {
///         s.v = c.beta * s.v + current;
///         s.v
///     }
/// }
///
/// // the simplest interpretation: one neuron
/// let constants = Leaky.constants(LeakyParams { tau_m: 20.0 }, 1.0);
/// let mut state = LeakyState { v: 0.0 };
/// Leaky.step(&constants, &mut state, 1.0);
/// Leaky.step(&constants, &mut state, 0.0);
/// assert!((state.v - (-1.0f32 / 20.0).exp()).abs() < 1e-6);
/// ```
pub trait Dynamics: Copy + Eq + core::hash::Hash + Send + Sync + core::fmt::Debug + 'static {
    /// Parameters as the paper names them: time constants in ms, thresholds.
    type Params<R: Copy>: Fields<R>;
    /// Coefficients of a step, derived from the parameters once per scan.
    type Constants<R: Copy>: Fields<R>;
    /// State that a neuron carries from one step to the next.
    type State<R: Copy>: Fields<R>;
    /// Input to a neuron in one step: one current, or a record of several.
    type Input<R: Copy>: Fields<R>;

    /// Derives the coefficients of a step from the parameters. `dt` is the time step in ms.
    fn constants<R: Real>(&self, params: Self::Params<R>, dt: f32) -> Self::Constants<R>;

    /// One time step: updates the state and returns the output, a spike (0 or 1) or a graded value.
    fn step<R: Real>(&self, constants: &Self::Constants<R>, state: &mut Self::State<R>, input: Self::Input<R>) -> R;
}

/// Resting value of each state.
pub(crate) fn resting<D: Dynamics>() -> Vec<f32> {
    <D::State<f32> as Fields<f32>>::INFO.iter().map(|state| state.default.unwrap_or(0.0)).collect()
}
