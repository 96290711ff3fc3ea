//! Equations as formulas: what the code computes, printed from the code.

use super::{Binary, Equations, Graph, Id, Leaf, Node, Unary};
use crate::{Dynamics, FieldInfo, Fields};
use std::collections::HashMap;

/// How formulas are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// Plain text, one formula per line: `v[t] = beta_m v[t-1] + current[t]`.
    Text,
    /// LaTeX, the lines of an `aligned` environment.
    Latex,
}

/// The formulas of one step of a model, printed from its code: the constants it derives from its
/// parameters, then its states and its output. `[a > b]` is 1 where the comparison holds, else 0.
/// Values only: how gradients pass a spike is the surrogate's affair.
///
/// ```
/// # use synfire_dynamics::{record, Dynamics, Real, Notation, formulas};
/// # record! { /// p
/// # pub struct LeakyParams { /// membrane time constant
/// # tau_m: 20.0 [ms] > 0.0, } }
/// # record! { /// c
/// # pub struct LeakyConstants { /// decay
/// # beta: auto, } }
/// # record! { /// s
/// # pub struct LeakyState { /// potential
/// # v: 0.0, } }
/// # #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
/// # struct Leaky;
/// # impl Dynamics for Leaky {
/// #     type Params<R: Copy> = LeakyParams<R>;
/// #     type Constants<R: Copy> = LeakyConstants<R>;
/// #     type State<R: Copy> = LeakyState<R>;
/// #     type Input<R: Copy> = R;
/// #     fn constants<R: Real>(&self, p: LeakyParams<R>, dt: f32) -> LeakyConstants<R> {
/// #         LeakyConstants { beta: (-p.tau_m.recip() * dt).exp() }
/// #     }
/// #     fn step<R: Real>(&self, c: &LeakyConstants<R>, s: &mut LeakyState<R>, current: R) -> R {
/// #         s.v = c.beta * s.v + current;
/// #         s.v
/// #     }
/// # }
/// // the model of the example of `Dynamics`
/// let lines = "beta = exp(-(1 / tau_m) dt)\nv[t] = beta v[t-1] + current[t]\noutput[t] = v[t]\n";
/// assert_eq!(formulas(&Leaky, Notation::Text), lines);
/// ```
#[must_use]
pub fn formulas<D: Dynamics>(model: &D, notation: Notation) -> String {
    let equations = Equations::of(model, DT, &[]);
    let names = |info: &'static [FieldInfo]| info.iter().map(|field| field.name).collect::<Vec<_>>();
    let mut printer = Printer {
        graph: &equations.graph,
        notation,
        params: names(<D::Params<f32> as Fields<f32>>::INFO),
        states: names(<D::State<f32> as Fields<f32>>::INFO),
        inputs: names(<D::Input<f32> as Fields<f32>>::INFO),
        named: HashMap::new(),
    };
    printer.step(&equations, &names(<D::Constants<f32> as Fields<f32>>::INFO))
}

/// A time step that no model has a number like: where it turns up, it is `dt`.
const DT: f32 = 0.739_085_14;

struct Printer<'a> {
    graph: &'a Graph,
    notation: Notation,
    params: Vec<&'static str>,
    states: Vec<&'static str>,
    inputs: Vec<&'static str>,
    /// Nodes that have been given a name.
    named: HashMap<Id, String>,
}

/// How tightly an expression holds together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Binding {
    Sum,
    Product,
    Atom,
}
use Binding::{Atom, Product, Sum};

impl Printer<'_> {
    fn step(&mut self, equations: &Equations, constants: &[&str]) -> String {
        let mut lines = String::new();
        let roots: Vec<Id> = equations.roots().map(|id| self.graph.resolve(id)).collect();
        let needed = self.graph.needed(roots.iter().copied());
        let uses = self.uses(&needed);
        let states: Vec<String> = self.states.iter().map(|state| self.at(state, "t")).collect();
        for (id, node) in self.graph.nodes().filter(|(id, _)| needed[id.index()]) {
            let constant = equations.constants.iter().position(|&c| self.graph.resolve(c) == id);
            let name = match (constant, roots[1..].iter().position(|&root| root == id)) {
                _ if matches!(node, Node::Leaf(_) | Node::Literal(_) | Node::Slopes(..)) => continue,
                // a prime where the model's constant has its parameter's name
                (Some(k), _) if self.params.contains(&constants[k]) => format!("{}'", self.symbol(constants[k])),
                (Some(k), _) => self.symbol(constants[k]),
                (None, Some(k)) => states[k].clone(),
                (None, None) if uses[id.index()] > 1 && self.is_long(node) => {
                    self.symbol(&format!("x_{}", 1 + self.named.values().filter(|name| name.starts_with('x')).count()))
                }
                _ => continue,
            };
            self.line(&mut lines, &name, id);
            self.named.insert(id, name);
        }
        // what is only another name for something
        for (state, &root) in states.iter().zip(&roots[1..]) {
            if self.named.get(&root) != Some(state) {
                self.line(&mut lines, state, root);
            }
        }
        let output = self.at("output", "t");
        self.line(&mut lines, &output, roots[0]);
        lines
    }

    fn line(&self, lines: &mut String, name: &str, id: Id) {
        let expression = self.expression(id, Sum);
        lines.push_str(&match self.notation {
            Notation::Text => format!("{name} = {expression}\n"),
            Notation::Latex => format!("{name} &= {expression} \\\\\n"),
        });
    }

    /// How often each node is an operand.
    fn uses(&self, needed: &[bool]) -> Vec<usize> {
        let mut uses = vec![0; self.graph.len()];
        for (id, node) in self.graph.nodes().filter(|(id, _)| needed[id.index()]) {
            if self.graph.resolve(id) == id {
                node.operands(|operand| uses[self.graph.resolve(operand).index()] += 1);
            }
        }
        uses
    }

    /// Whether a node is worth a name.
    fn is_long(&self, node: &Node) -> bool {
        let mut any = false;
        node.operands(|operand| {
            any |= !matches!(self.graph.node(self.graph.resolve(operand)), Node::Leaf(_) | Node::Literal(_));
        });
        any || matches!(node, Node::Select(..) | Node::Unary(Unary::Exp | Unary::Ln, _))
    }

    fn expression(&self, id: Id, around: Binding) -> String {
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

    /// The larger or the smaller of two.
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

    /// How often a number is multiplied with itself.
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

    /// A number in front; dots only between numbers.
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

    /// A quantity at a time.
    fn at(&self, name: &str, time: &str) -> String {
        format!("{}[{time}]", self.symbol(name))
    }

    /// A name; in LaTeX Greek letters and what follows an underscore as an index.
    fn symbol(&self, name: &str) -> String {
        if self.notation == Notation::Text {
            return name.to_string();
        }
        const GREEK: [&str; 10] = ["alpha", "beta", "gamma", "delta", "tau", "theta", "rho", "mu", "sigma", "kappa"];
        let letter = |part: &str| match GREEK.contains(&part) {
            true => format!("\\{part}"),
            false if part.chars().count() == 1 => part.to_string(),
            false => format!("\\mathrm{{{part}}}"),
        };
        match name.split_once('_') {
            Some((base, index)) => format!("{}_{{\\mathrm{{{}}}}}", letter(base), index.replace('_', "\\,")),
            None => letter(name),
        }
    }
}

/// A literal, `dt` where it is the time step or a plain part of it.
fn number(value: f32) -> (String, Binding) {
    for (part, text, binding) in [(1.0, "dt", Atom), (0.5, "dt / 2", Product), (1.0 / 6.0, "dt / 6", Product)] {
        if value == DT * part {
            return (text.to_string(), binding);
        }
        if value == -DT * part {
            return (format!("-{text}"), Product);
        }
    }
    (format!("{value}"), if value < 0.0 { Product } else { Atom })
}
