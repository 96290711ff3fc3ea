//! A model's equations as a graph, recorded by running `step` over [symbols](Symbol).
//!
//! Nothing beyond this graph knows the model: gradients extend it ([`Adjoint`]), and CPU code, GPU kernels and
//! printed formulas are generated from it.

mod adjoint;
mod equations;
mod formulas;
mod reach;
mod symbol;

pub(crate) use adjoint::{Adjoint, Request};
pub(crate) use equations::Equations;
pub use formulas::{Notation, formulas};
pub use reach::{Reached, reached};
pub(crate) use symbol::Symbol;

use std::collections::HashMap;

/// Index of a node of a graph. The operands of a node have smaller indices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Id(u32);

impl Id {
    pub(crate) fn index(self) -> usize {
        self.0 as usize
    }
}

/// A value that is given to the graph.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Leaf {
    Param(usize),
    State(usize),
    Input(usize),
    /// Upstream gradient of the output.
    OutputGradient,
    /// Gradient of a state after the step, from the step that follows.
    StateGradient(usize),
    /// Upstream gradient of a recorded state, by its index among the traces.
    TraceGradient(usize),
    /// Gradient of a loop-invariant value, summed over the steps so far.
    Sum(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Unary {
    Neg,
    Exp,
    Ln,
    Sqrt,
    Abs,
    Floor,
    Round,
    SumNeurons,
    SumBatch,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Binary {
    Add,
    Sub,
    Mul,
    Div,
    /// 1 where it holds, else 0.
    Greater,
    /// 1 where it holds, else 0.
    GreaterEqual,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    Leaf(Leaf),
    /// A constant, by its bits.
    Literal(u32),
    Unary(Unary, Id),
    Binary(Binary, Id, Id),
    /// The second operand where the first is not 0, else the third.
    Select(Id, Id, Id),
    /// The value of the first operand with its derivatives given: pairs of a node and the derivative with
    /// respect to it, whatever the value was computed from.
    Slopes(Id, Vec<(Id, Id)>),
}

impl Node {
    /// Calls `f` with every node that the value of this one is computed from.
    pub(crate) fn operands(&self, mut f: impl FnMut(Id)) {
        match *self {
            Node::Leaf(_) | Node::Literal(_) => {}
            Node::Unary(_, a) | Node::Slopes(a, _) => f(a),
            Node::Binary(_, a, b) => [a, b].into_iter().for_each(f),
            Node::Select(a, b, c) => [a, b, c].into_iter().for_each(f),
        }
    }
}

/// A list of distinct nodes, each after its operands.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    nodes: Vec<Node>,
    known: HashMap<Node, Id>,
}

impl Graph {
    pub(crate) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether a node is 0 or 1, whatever its operands are.
    pub(crate) fn is_zero_or_one(&self, id: Id) -> bool {
        match *self.node(id) {
            Node::Literal(bits) => [0.0, 1.0].contains(&f32::from_bits(bits)),
            Node::Binary(Binary::Greater | Binary::GreaterEqual, ..) => true,
            Node::Binary(Binary::Mul, a, b) | Node::Select(_, a, b) => self.is_zero_or_one(a) && self.is_zero_or_one(b),
            Node::Slopes(value, _) => self.is_zero_or_one(value),
            Node::Leaf(_) | Node::Unary(..) | Node::Binary(..) => false,
        }
    }

    pub(crate) fn node(&self, id: Id) -> &Node {
        &self.nodes[id.index()]
    }

    pub(crate) fn nodes(&self) -> impl DoubleEndedIterator<Item = (Id, &Node)> {
        self.nodes.iter().enumerate().map(|(i, node)| (Id(i as u32), node))
    }

    pub(crate) fn leaf(&mut self, leaf: Leaf) -> Id {
        self.add(Node::Leaf(leaf))
    }

    /// The node of a leaf, if the graph has one.
    #[cfg_attr(not(feature = "cube"), allow(dead_code))]
    pub(crate) fn find(&self, leaf: Leaf) -> Option<Id> {
        self.known.get(&Node::Leaf(leaf)).copied()
    }

    pub(crate) fn literal(&mut self, value: f32) -> Id {
        self.add(Node::Literal(value.to_bits()))
    }

    /// Value of a node that is a constant.
    pub(crate) fn value(&self, id: Id) -> Option<f32> {
        match self.node(id) {
            Node::Literal(bits) => Some(f32::from_bits(*bits)),
            _ => None,
        }
    }

    pub(crate) fn unary(&mut self, op: Unary, a: Id) -> Id {
        match (op, self.node(a)) {
            (Unary::Neg, &Node::Unary(Unary::Neg, inner)) => inner,
            (Unary::Neg, &Node::Literal(bits)) => self.literal(-f32::from_bits(bits)),
            _ => self.add(Node::Unary(op, a)),
        }
    }

    /// Adds an operation, simplified only where no bit of its value changes.
    pub(crate) fn binary(&mut self, op: Binary, a: Id, b: Id) -> Id {
        let negated = |graph: &Self, x: Id| match *graph.node(x) {
            Node::Unary(Unary::Neg, inner) => Some(inner),
            _ => None,
        };
        match op {
            Binary::Mul if self.value(a) == Some(1.0) => b,
            Binary::Mul | Binary::Div if self.value(b) == Some(1.0) => a,
            Binary::Add => match (negated(self, a), negated(self, b)) {
                (_, Some(b)) => self.add(Node::Binary(Binary::Sub, a, b)),
                (Some(a), None) => self.add(Node::Binary(Binary::Sub, b, a)),
                (None, None) => self.add(Node::Binary(op, a, b)),
            },
            Binary::Sub => match negated(self, b) {
                Some(b) => self.add(Node::Binary(Binary::Add, a, b)),
                None => self.add(Node::Binary(op, a, b)),
            },
            _ => self.add(Node::Binary(op, a, b)),
        }
    }

    pub(crate) fn select(&mut self, mask: Id, then: Id, otherwise: Id) -> Id {
        if then == otherwise { then } else { self.add(Node::Select(mask, then, otherwise)) }
    }

    pub(crate) fn slopes(&mut self, value: Id, slopes: Vec<(Id, Id)>) -> Id {
        let slopes: Vec<_> = slopes.into_iter().filter(|&(_, slope)| self.value(slope) != Some(0.0)).collect();
        self.add(Node::Slopes(value, slopes))
    }

    /// The node that computes the value of this one: skips given derivatives.
    pub(crate) fn resolve(&self, mut id: Id) -> Id {
        while let Node::Slopes(value, _) = self.node(id) {
            id = *value;
        }
        id
    }

    /// Marks the nodes that computing `roots` needs.
    pub(crate) fn needed(&self, roots: impl IntoIterator<Item = Id>) -> Vec<bool> {
        let mut needed = vec![false; self.len()];
        roots.into_iter().for_each(|id| needed[id.index()] = true);
        for (id, node) in self.nodes().rev() {
            if needed[id.index()] {
                node.operands(|operand| needed[operand.index()] = true);
            }
        }
        needed
    }

    /// Marks the nodes that depend on any leaf for which `varies` is true.
    pub(crate) fn varying(&self, varies: impl Fn(Leaf) -> bool) -> Vec<bool> {
        let mut varying = vec![false; self.len()];
        for (id, node) in self.nodes() {
            let mut any = matches!(node, Node::Leaf(leaf) if varies(*leaf));
            node.operands(|operand| any |= varying[operand.index()]);
            varying[id.index()] = any;
        }
        varying
    }

    /// The loop-invariant nodes that computing `roots` starts from: parameters and nodes computed from nothing
    /// else. Literals are not among them.
    pub(crate) fn loop_invariant(&self, roots: &[Id]) -> Vec<Id> {
        let varying = self.varying(|leaf| !matches!(leaf, Leaf::Param(_)));
        let mut wanted = vec![false; self.len()];
        let mut want = |id: Id| {
            let id = self.resolve(id);
            wanted[id.index()] |= !varying[id.index()] && self.value(id).is_none();
        };
        let needed = self.needed(roots.iter().map(|&id| self.resolve(id)));
        roots.iter().for_each(|&id| want(id));
        for (id, node) in self.nodes().filter(|(id, _)| needed[id.index()] && varying[id.index()]) {
            if self.resolve(id) == id {
                node.operands(&mut want);
            }
        }
        self.nodes().map(|(id, _)| id).filter(|id| wanted[id.index()]).collect()
    }

    fn add(&mut self, node: Node) -> Id {
        if let Some(&id) = self.known.get(&node) {
            return id;
        }
        let id = Id(self.nodes.len() as u32);
        self.nodes.push(node.clone());
        self.known.insert(node, id);
        id
    }
}

impl PartialEq for Graph {
    fn eq(&self, other: &Self) -> bool {
        self.nodes == other.nodes
    }
}
impl Eq for Graph {}
impl core::hash::Hash for Graph {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        self.nodes.hash(state);
    }
}
