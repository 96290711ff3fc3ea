//! Parameters together with the time step.

use core::ops::Deref;
use synfire_dynamics::{FieldInfo, Fields, Real};

/// Constants of a step that are the parameters `P` themselves, and `dt`.
///
/// It saves a model of differential equations a record of constants: `c.tau` is the parameter, `c.dt` the time step. With an
/// [`Integrator`](super::Integrator) a model is its parameters, its states and its equations:
///
/// ```
/// use synfire::neuron::{Derivative, Integrator, WithDt};
/// use synfire_dynamics::{Dynamics, Real, record};
///
/// record! {
///     /// FitzHugh (1961).
///     pub struct OscillatorParams {
///         /// how slow the recovery is
///         tau: 12.5 [ms] > 0.0,
///         /// where the recovery rests
///         a: 0.7,
///         /// how fast the recovery forgets
///         b: 0.8,
///     }
/// }
/// record! {
///     /// Potential and recovery.
///     pub struct OscillatorState {
///         /// potential
///         v: -1.2,
///         /// recovery
///         w: -0.6,
///     }
/// }
///
/// #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
/// struct Oscillator;
///
/// impl Dynamics for Oscillator {
///     type Params<R: Copy> = OscillatorParams<R>;
///     type Constants<R: Copy> = WithDt<OscillatorParams<R>, R>;
///     type State<R: Copy> = OscillatorState<R>;
///     type Input<R: Copy> = R;
///
///     fn constants<R: Real>(&self, p: OscillatorParams<R>, dt: f32) -> WithDt<OscillatorParams<R>, R> {
///         WithDt::new(p, dt)
///     }
///
///     #[inline(always)]
///     fn step<R: Real>(&self, c: &Self::Constants<R>, s: &mut OscillatorState<R>, current: R) -> R {
///         [s.v, s.w] = Integrator::Rk4.advance([s.v, s.w], c.dt, |[v, w]| {
///             [Derivative::of(v - v.powi(3) / 3.0 - w + current), Derivative::relax((v + c.a) / c.tau, c.b / c.tau)]
///         });
///         s.v
///     }
/// }
///
/// let constants = Oscillator.constants(OscillatorParams { tau: 12.5, a: 0.7, b: 0.8 }, 0.1);
/// let mut state = OscillatorState { v: -1.2, w: -0.6 };
/// let v: Vec<f32> = (0..1000).map(|_| Oscillator.step(&constants, &mut state, 0.5)).collect();
/// assert!(v.iter().any(|&v| v > 1.5) && v.iter().all(|&v| v.abs() < 2.1)); // a limit cycle
/// ```
#[derive(Clone, Copy, Debug)]
pub struct WithDt<P, R> {
    params: P,
    /// Time step in ms.
    pub dt: R,
}

impl<P: Fields<R>, R: Real> WithDt<P, R> {
    /// At least one parameter is expected.
    #[inline(always)]
    pub fn new(params: P, dt: f32) -> Self {
        WithDt { params, dt: params.get(0).lit(dt) }
    }
}

impl<P, R> Deref for WithDt<P, R> {
    type Target = P;

    #[inline(always)]
    fn deref(&self) -> &P {
        &self.params
    }
}

impl<P: Fields<R>, R: Copy> WithDt<P, R> {
    const FIELDS: [FieldInfo; 64] = {
        let mut fields = [FieldInfo { name: "dt", default: None, unit: "ms", above: Some(0.0), doc: "time step" }; 64];
        let mut i = 0;
        while i < P::LEN {
            fields[i] = P::INFO[i];
            i += 1;
        }
        fields
    };
}

impl<P: Fields<R>, R: Copy> Fields<R> for WithDt<P, R> {
    const INFO: &'static [FieldInfo] = Self::FIELDS.split_at(P::LEN + 1).0;

    #[inline(always)]
    fn from_fn(mut f: impl FnMut(usize) -> R) -> Self {
        WithDt { params: P::from_fn(&mut f), dt: f(P::LEN) }
    }

    #[inline(always)]
    fn get(&self, index: usize) -> R {
        if index < P::LEN { self.params.get(index) } else { self.dt }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_step_follows_the_parameters() {
        let record = WithDt::new(7.0f32, 0.1);
        let numbers: [f32; 2] = [0, 1].map(|i| Fields::<f32>::get(&record, i));
        assert_eq!(numbers, [7.0, 0.1]);
        let names: Vec<&str> = <WithDt<f32, f32> as Fields<f32>>::INFO.iter().map(|field| field.name).collect();
        assert_eq!(names, ["current", "dt"]);
    }
}
