//! A node as an expression: operators, functions, parentheses where they are needed.

use super::names::number;
use super::{DT, Notation, Printer};
use crate::graph::{Binary, Id, Leaf, Node, Unary};

/// Precedence of an expression, from weak to strong.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Binding {
    Sum,
    Product,
    Atom,
}
use Binding::{Atom, Product, Sum};

impl Printer<'_> {
    /// The expression of a node, in parentheses where `around` binds more strongly.
    pub(super) fn expression(&self, id: Id, around: Binding) -> String {
        let id = self.graph.resolve(id);
        if let Some(name) = self.named.get(&id) {
            return name.clone();
        }
        let latex = self.notation == Notation::Latex;
        let (text, own) = match *self.graph.node(id) {
            Node::Leaf(Leaf::Param(i)) => (self.symbol(self.params[i]), Atom),
            Node::Leaf(Leaf::State(k)) => (self.at(self.states[k], "t-1"), Atom),
            Node::Leaf(Leaf::Input(i)) => (self.at(self.inputs[i], "t"), Atom),
            Node::Leaf(leaf) => unreachable!("{leaf:?} belongs to the adjoint"),
            Node::Literal(bits) => number(f32::from_bits(bits)),
            Node::Slopes(..) => unreachable!("resolved to its value"),
            Node::Unary(op, a) => self.unary(op, a),
            Node::Binary(op, a, b) => match op {
                Binary::Add => (format!("{} + {}", self.expression(a, Sum), self.expression(b, Sum)), Sum),
                Binary::Sub => (format!("{} - {}", self.expression(a, Sum), self.expression(b, Product)), Sum),
                Binary::Mul => (self.product(a, b), Product),
                Binary::Div if latex => {
                    (format!("\\frac{{{}}}{{{}}}", self.expression(a, Sum), self.expression(b, Sum)), Atom)
                }
                Binary::Div => (format!("{} / {}", self.expression(a, Product), self.expression(b, Atom)), Product),
                Binary::Greater => (format!("[{} > {}]", self.expression(a, Sum), self.expression(b, Sum)), Atom),
                Binary::GreaterEqual => {
                    let sign = if latex { "\\ge" } else { ">=" };
                    (format!("[{} {sign} {}]", self.expression(a, Sum), self.expression(b, Sum)), Atom)
                }
            },
            Node::Select(mask, a, b) if self.extreme(mask, a, b).is_some() => {
                let name = self.extreme(mask, a, b).unwrap_or_default();
                let slash = if latex { "\\" } else { "" };
                (format!("{slash}{name}({}, {})", self.expression(a, Sum), self.expression(b, Sum)), Atom)
            }
            Node::Select(mask, a, b) => {
                let [mask, a, b] = [mask, a, b].map(|x| self.expression(x, Sum));
                match self.notation {
                    Notation::Text => (format!("if({mask}, {a}, {b})"), Atom),
                    Notation::Latex => (
                        format!("\\begin{{cases}} {a} & \\text{{if }} {mask} \\\\ {b} & \\text{{else}} \\end{{cases}}"),
                        Atom,
                    ),
                }
            }
        };
        match own < around {
            true if latex => format!("\\left({text}\\right)"),
            true => format!("({text})"),
            false => text,
        }
    }

    fn unary(&self, op: Unary, a: Id) -> (String, Binding) {
        let inner = || self.expression(a, Sum);
        let call = |text: &str, latex: &str| match self.notation {
            Notation::Text => format!("{text}({})", inner()),
            Notation::Latex => format!("{latex}\\left({}\\right)", inner()),
        };
        let text = match op {
            Unary::Neg => return (format!("-{}", self.expression(a, Atom)), Product),
            Unary::Exp => call("exp", "\\exp"),
            Unary::Ln => call("ln", "\\ln"),
            Unary::Sqrt if self.notation == Notation::Latex => format!("\\sqrt{{{}}}", inner()),
            Unary::Sqrt => call("sqrt", ""),
            Unary::Abs => format!("|{}|", inner()),
            Unary::Floor => call("floor", "\\operatorname{floor}"),
            Unary::Round => call("round", "\\operatorname{round}"),
            Unary::SumNeurons => call("sum_neurons", "\\sum_\\text{neurons}"),
            Unary::SumBatch => call("sum_batch", "\\sum_\\text{samples}"),
        };
        (text, Atom)
    }

    /// `max` or `min`, where a selection is one.
    fn extreme(&self, mask: Id, a: Id, b: Id) -> Option<&'static str> {
        match *self.graph.node(self.graph.resolve(mask)) {
            Node::Binary(Binary::Greater, x, y) => match [x, y].map(|id| self.graph.resolve(id)) {
                pair if pair == [a, b].map(|id| self.graph.resolve(id)) => Some("max"),
                pair if pair == [b, a].map(|id| self.graph.resolve(id)) => Some("min"),
                _ => None,
            },
            _ => None,
        }
    }

    /// Exponent of a product of equal factors.
    fn power(&self, a: Id, b: Id) -> Option<usize> {
        let [a, b] = [a, b].map(|id| self.graph.resolve(id));
        match *self.graph.node(a) {
            _ if a == b => Some(2),
            Node::Binary(Binary::Mul, c, d) if self.graph.resolve(d) == b && !self.named.contains_key(&a) => {
                Some(self.power(c, d)? + 1)
            }
            _ => None,
        }
    }

    /// A product: a constant comes first, and a sign stands only in front of a digit.
    fn product(&self, a: Id, b: Id) -> String {
        if let Some(power) = self.power(a, b) {
            return match self.notation {
                Notation::Text => format!("{}^{power}", self.expression(b, Atom)),
                Notation::Latex => format!("{}^{{{power}}}", self.expression(b, Atom)),
            };
        }
        let (a, b) = match (self.graph.value(a), self.graph.value(b)) {
            (None, Some(value)) if value != DT => (b, a),
            _ => (a, b),
        };
        let (first, second) = (self.expression(a, Product), self.expression(b, Atom));
        let digit = second.starts_with(|c: char| c.is_ascii_digit());
        let between = match self.notation {
            Notation::Text if digit => " * ",
            Notation::Text => " ",
            Notation::Latex if digit => " \\cdot ",
            Notation::Latex => " \\, ",
        };
        format!("{first}{between}{second}")
    }
}
