//! A model for the engine's own tests.

#![allow(unreachable_pub)] // `record!` makes public fields

use crate::{Dynamics, Real, record};

record! {
    /// Parameters of [`Probe`].
    pub(crate) struct ProbeParams {
        /// decay
        beta: auto,
        /// coupling of the two states
        gain: auto,
        /// threshold
        v_th: auto,
    }
}

record! {
    /// State of [`Probe`].
    pub(crate) struct ProbeState {
        /// adaptation
        a: 0.0,
        /// potential
        v: 0.0,
    }
}

record! {
    /// Input of [`Probe`].
    pub(crate) struct ProbeInput {
        /// enters through a logarithm
        up: auto,
        /// enters through an exponential
        down: auto,
    }
}

/// A model with every kind of operation whose result could differ between instruction sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Probe;

impl Dynamics for Probe {
    type Params<R: Copy> = ProbeParams<R>;
    type Constants<R: Copy> = ProbeParams<R>;
    type State<R: Copy> = ProbeState<R>;
    type Input<R: Copy> = ProbeInput<R>;

    fn constants<R: Real>(&self, p: ProbeParams<R>, _: f32) -> ProbeParams<R> {
        p
    }

    fn step<R: Real>(&self, c: &ProbeParams<R>, s: &mut ProbeState<R>, input: ProbeInput<R>) -> R {
        s.a = c.beta * s.a + (input.up.abs() + 1.0).ln();
        s.v = c.beta * s.v + c.gain * s.a - (-(input.down * input.down)).exp() / (s.a + 1.0).sqrt();
        let slope = ((s.v.primal() - c.v_th.primal()).abs() + 1.0).recip();
        let spike = s.v.with_slopes(s.v.greater(c.v_th), [(s.v, slope), (c.v_th, -slope)]);
        s.v = s.v - c.v_th * spike;
        spike
    }
}
