//! Gradients of one step by reverse-mode differentiation.

use super::{Binary, Equations, Graph, Id, Leaf, Node, Unary};

/// Upstream gradients of a scan, and the gradients that are wanted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Request {
    /// Whether the output has an upstream gradient.
    pub(crate) output: bool,
    /// Whether the final states have an upstream gradient.
    pub(crate) finals: bool,
    /// Indices of the recorded states that have an upstream gradient.
    pub(crate) traces: Vec<usize>,
    /// Indices of the parameters that get a gradient.
    pub(crate) learnable: Vec<usize>,
    /// Whether the gradient of the inputs is wanted.
    pub(crate) inputs: bool,
    /// Whether the inputs are constant over time: then their gradient is a sum over time.
    pub(crate) constant_input: bool,
}

/// The adjoint of a step. Its graph extends that of the step.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Adjoint {
    pub(crate) graph: Graph,
    /// Gradient of each state before the step; `None` is zero.
    pub(crate) states: Vec<Option<Id>>,
    /// Gradient of each input; for constant inputs its sum over the steps so far.
    pub(crate) inputs: Vec<Id>,
    /// Each [`Leaf::Sum`] after the step; those of inputs come last.
    pub(crate) sums: Vec<Id>,
    /// Gradient of each learnable parameter, from the sums over all steps.
    pub(crate) params: Vec<Id>,
}

impl Adjoint {
    pub(crate) fn of(equations: &Equations, request: &Request) -> Self {
        // a state that no step reads gets no gradient from the step that follows
        let mut read = vec![true; equations.states()];
        loop {
            let adjoint = Self::with(equations, request, &read);
            let now: Vec<bool> = adjoint.states.iter().map(Option::is_some).collect();
            if request.finals || now == read {
                return adjoint;
            }
            read = now;
        }
    }

    fn with(equations: &Equations, request: &Request, read: &[bool]) -> Self {
        let mut graph = equations.graph.clone();
        let mut seeds = vec![];
        if request.output {
            seeds.push((equations.output, graph.leaf(Leaf::OutputGradient)));
        }
        for (k, &next) in equations.next.iter().enumerate().filter(|(k, _)| read[*k]) {
            seeds.push((next, graph.leaf(Leaf::StateGradient(k))));
        }
        for (j, &k) in request.traces.iter().enumerate() {
            seeds.push((equations.next[k], graph.leaf(Leaf::TraceGradient(j))));
        }
        let is_learnable = |leaf| match leaf {
            Leaf::Param(i) => request.learnable.contains(&i),
            _ => true,
        };

        // from the results to states, inputs and loop-invariant values, at every step
        let varying = equations.graph.varying(|leaf| !matches!(leaf, Leaf::Param(_)));
        let mut reverse = Reverse::new(&mut graph, is_learnable, seeds);
        let border = reverse.run(&mut graph, |id| varying.get(id.index()) == Some(&false));
        let of = |reverse: &Reverse, graph: &mut Graph, leaf| {
            let id = graph.leaf(leaf);
            reverse.gradients.get(id.index()).copied().flatten()
        };
        let states = (0..equations.states()).map(|k| of(&reverse, &mut graph, Leaf::State(k))).collect();
        let inputs: Vec<_> = (0..equations.inputs)
            .map(|i| of(&reverse, &mut graph, Leaf::Input(i)).unwrap_or_else(|| graph.literal(0.0)))
            .collect();

        // from those to the parameters, once, after the last step
        let seeds: Vec<_> = border.iter().enumerate().map(|(i, &(id, _))| (id, graph.leaf(Leaf::Sum(i)))).collect();
        let mut contributions: Vec<Id> = border.into_iter().map(|(_, gradient)| gradient).collect();
        let mut reverse = Reverse::new(&mut graph, is_learnable, seeds);
        reverse.run(&mut graph, |_| false);
        let params = request
            .learnable
            .iter()
            .map(|&i| of(&reverse, &mut graph, Leaf::Param(i)).unwrap_or_else(|| graph.literal(0.0)))
            .collect();

        if request.constant_input && request.inputs {
            contributions.extend(&inputs);
        }
        let sums: Vec<Id> = contributions
            .into_iter()
            .enumerate()
            .map(|(i, gradient)| {
                let so_far = graph.leaf(Leaf::Sum(i));
                graph.binary(Binary::Add, so_far, gradient)
            })
            .collect();
        let inputs =
            if request.constant_input && request.inputs { sums[sums.len() - inputs.len()..].to_vec() } else { inputs };
        Adjoint { graph, states, inputs, sums, params }
    }
}

/// A pass of reverse-mode differentiation over a graph.
struct Reverse {
    /// Gradient of each node, as far as it is accumulated; `None` is zero.
    gradients: Vec<Option<Id>>,
    /// Whether the gradient of a node leads to one that is wanted.
    wanted: Vec<bool>,
}

impl Reverse {
    fn new(graph: &mut Graph, is_learnable: impl Fn(Leaf) -> bool, seeds: Vec<(Id, Id)>) -> Self {
        let mut wanted = vec![false; graph.len()];
        for (id, node) in graph.nodes() {
            let of = |x: &Id| wanted[x.index()];
            wanted[id.index()] = match node {
                Node::Leaf(leaf) => is_learnable(*leaf),
                Node::Literal(_) | Node::Unary(Unary::Floor | Unary::Round, _) => false,
                Node::Binary(Binary::Greater | Binary::GreaterEqual, ..) => false,
                Node::Unary(_, a) => of(a),
                Node::Binary(_, a, b) | Node::Select(_, a, b) => of(a) || of(b),
                Node::Slopes(_, slopes) => slopes.iter().any(|(x, _)| of(x)),
            };
        }
        let mut reverse = Reverse { gradients: vec![None; graph.len()], wanted };
        for (id, gradient) in seeds {
            reverse.add(graph, id, gradient);
        }
        reverse
    }

    /// Adds to the gradient of a node.
    fn add(&mut self, graph: &mut Graph, to: Id, gradient: Id) {
        if self.wanted[to.index()] {
            let before = self.gradients[to.index()];
            self.gradients[to.index()] =
                Some(before.map_or(gradient, |before| graph.binary(Binary::Add, before, gradient)));
        }
    }

    /// Walks back over the nodes and stops at those where `stop` holds. Returns these with their gradients.
    fn run(&mut self, graph: &mut Graph, stop: impl Fn(Id) -> bool) -> Vec<(Id, Id)> {
        let mut border = vec![];
        for index in (0..self.gradients.len()).rev() {
            let id = Id(index as u32);
            let Some(g) = self.gradients[index] else { continue };
            if stop(id) {
                border.push((id, g));
                continue;
            }
            self.chain(graph, id, g);
        }
        border
    }

    /// Applies the chain rule to one node.
    fn chain(&mut self, graph: &mut Graph, id: Id, g: Id) {
        match graph.node(id).clone() {
            Node::Leaf(_) | Node::Literal(_) => {}
            Node::Unary(op, a) => {
                let slope = match op {
                    Unary::Neg => {
                        let g = graph.unary(Unary::Neg, g);
                        return self.add(graph, a, g);
                    }
                    Unary::Exp => id,
                    Unary::Ln => {
                        let g = graph.binary(Binary::Div, g, a);
                        return self.add(graph, a, g);
                    }
                    Unary::Sqrt => {
                        let half = graph.literal(0.5);
                        graph.binary(Binary::Div, half, id)
                    }
                    Unary::Abs => {
                        let zero = graph.literal(0.0);
                        let above = graph.binary(Binary::Greater, a, zero);
                        let below = graph.binary(Binary::Greater, zero, a);
                        graph.binary(Binary::Sub, above, below)
                    }
                    Unary::Floor | Unary::Round | Unary::SumNeurons | Unary::SumBatch => return,
                };
                let g = graph.binary(Binary::Mul, g, slope);
                self.add(graph, a, g);
            }
            Node::Binary(op, a, b) => match op {
                Binary::Add => {
                    self.add(graph, a, g);
                    self.add(graph, b, g);
                }
                Binary::Sub => {
                    self.add(graph, a, g);
                    let negative = graph.unary(Unary::Neg, g);
                    self.add(graph, b, negative);
                }
                Binary::Mul => {
                    let [to_a, to_b] = [b, a].map(|x| graph.binary(Binary::Mul, g, x));
                    self.add(graph, a, to_a);
                    self.add(graph, b, to_b);
                }
                Binary::Div => {
                    let to_a = graph.binary(Binary::Div, g, b);
                    self.add(graph, a, to_a);
                    let to_b = graph.binary(Binary::Mul, to_a, id);
                    let to_b = graph.unary(Unary::Neg, to_b);
                    self.add(graph, b, to_b);
                }
                Binary::Greater | Binary::GreaterEqual => {}
            },
            Node::Select(mask, a, b) => {
                let zero = graph.literal(0.0);
                let to_a = graph.select(mask, g, zero);
                self.add(graph, a, to_a);
                let to_b = graph.select(mask, zero, g);
                self.add(graph, b, to_b);
            }
            Node::Slopes(_, slopes) => {
                for (x, slope) in slopes {
                    let to_x = graph.binary(Binary::Mul, g, slope);
                    self.add(graph, x, to_x);
                }
            }
        }
    }
}
