//! Parameters together with the time step.

use core::ops::Deref;
use synfire_dynamics::{FieldInfo, Fields, Real};

/// What a step of a differential equation computes with: the parameters `P` as they are, and `dt`.
///
/// It saves such a model a record of constants, see [`Hh`](super::Hh): `c.tau_m` is the parameter,
/// `c.dt` the time step.
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
