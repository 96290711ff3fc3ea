//! The number that records the operations on it.

use super::{Binary, Graph, Id, Unary};
use crate::Real;
use crate::number::operators;
use core::cell::RefCell;
use core::ops::{Add, Div, Mul, Neg, Sub};

/// A node of a graph that is being written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Symbol<'a> {
    pub(crate) graph: &'a RefCell<Graph>,
    pub(crate) id: Id,
}

impl Symbol<'_> {
    fn with(self, f: impl FnOnce(&mut Graph) -> Id) -> Self {
        Symbol { graph: self.graph, id: f(&mut self.graph.borrow_mut()) }
    }

    fn unary(self, op: Unary) -> Self {
        self.with(|graph| graph.unary(op, self.id))
    }

    fn binary(self, op: Binary, other: Self) -> Self {
        self.with(|graph| graph.binary(op, self.id, other.id))
    }
}

operators!(['a] Symbol<'a>, |a, b|
    a.binary(Binary::Add, b), a.binary(Binary::Sub, b), a.binary(Binary::Mul, b), a.binary(Binary::Div, b));

impl Neg for Symbol<'_> {
    type Output = Self;
    fn neg(self) -> Self {
        self.unary(Unary::Neg)
    }
}
macro_rules! with_constant {
    ($($trait:ident $method:ident),*) => {$(
        impl $trait<f32> for Symbol<'_> {
            type Output = Self;
            fn $method(self, constant: f32) -> Self {
                self.$method(self.lit(constant))
            }
        }
    )*};
}
with_constant!(Add add, Sub sub, Mul mul, Div div);

impl Real for Symbol<'_> {
    type Primal = Self;

    fn lit(self, value: f32) -> Self {
        self.with(|graph| graph.literal(value))
    }
    fn primal(self) -> Self {
        self.with(|graph| graph.slopes(self.id, vec![]))
    }
    fn with_slopes<const N: usize>(self, value: Self, slopes: [(Self, Self); N]) -> Self {
        self.with(|graph| graph.slopes(value.id, slopes.iter().map(|(x, slope)| (x.id, slope.id)).collect()))
    }
    fn exp(self) -> Self {
        self.unary(Unary::Exp)
    }
    fn ln(self) -> Self {
        self.unary(Unary::Ln)
    }
    fn sqrt(self) -> Self {
        self.unary(Unary::Sqrt)
    }
    fn abs(self) -> Self {
        self.unary(Unary::Abs)
    }
    fn floor(self) -> Self {
        self.unary(Unary::Floor)
    }
    fn round(self) -> Self {
        self.unary(Unary::Round)
    }
    fn sum_neurons(self) -> Self {
        self.unary(Unary::SumNeurons)
    }
    fn sum_batch(self) -> Self {
        self.unary(Unary::SumBatch)
    }
    fn greater(self, other: Self) -> Self {
        self.binary(Binary::Greater, other)
    }
    fn greater_equal(self, other: Self) -> Self {
        self.binary(Binary::GreaterEqual, other)
    }
    fn select(mask: Self, then: Self, otherwise: Self) -> Self {
        mask.with(|graph| graph.select(mask.id, then.id, otherwise.id))
    }
}
