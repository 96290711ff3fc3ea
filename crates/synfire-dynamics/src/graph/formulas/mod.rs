//! Equations as formulas, printed from the code.

mod expression;
mod names;

use super::{Equations, Graph, Id, Node, Unary};
use crate::{Dynamics, FieldInfo, Fields};
use expression::Binding;
use std::collections::HashMap;

/// Notation of the formulas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// Plain text, one formula per line: `v[t] = beta_m v[t-1] + current[t]`.
    Text,
    /// LaTeX, the lines of an `aligned` environment.
    Latex,
}

/// Formulas of one step of a model, printed from its code: the coefficients that it derives from its
/// parameters, then its states and its output. `[a > b]` is 1 where the comparison holds, else 0.
/// They give values only; surrogate gradients are not printed.
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

/// A time step that no model has as a constant: wherever it occurs in the graph, `dt` is printed.
const DT: f32 = 0.739_085_14;

struct Printer<'a> {
    graph: &'a Graph,
    notation: Notation,
    params: Vec<&'static str>,
    states: Vec<&'static str>,
    inputs: Vec<&'static str>,
    /// Names of the nodes that have a line of their own.
    named: HashMap<Id, String>,
}

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
                // a prime where a coefficient has the name of its parameter
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
        // states that are equal to a node with another name
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
        let expression = self.expression(id, Binding::Sum);
        lines.push_str(&match self.notation {
            Notation::Text => format!("{name} = {expression}\n"),
            Notation::Latex => format!("{name} &= {expression} \\\\\n"),
        });
    }

    /// Number of times that each node is an operand.
    fn uses(&self, needed: &[bool]) -> Vec<usize> {
        let mut uses = vec![0; self.graph.len()];
        for (id, node) in self.graph.nodes().filter(|(id, _)| needed[id.index()]) {
            if self.graph.resolve(id) == id {
                node.operands(|operand| uses[self.graph.resolve(operand).index()] += 1);
            }
        }
        uses
    }

    /// Whether a node deserves a line of its own if it is used more than once.
    fn is_long(&self, node: &Node) -> bool {
        let mut any = false;
        node.operands(|operand| {
            any |= !matches!(self.graph.node(self.graph.resolve(operand)), Node::Leaf(_) | Node::Literal(_));
        });
        any || matches!(node, Node::Select(..) | Node::Unary(Unary::Exp | Unary::Ln, _))
    }
}
