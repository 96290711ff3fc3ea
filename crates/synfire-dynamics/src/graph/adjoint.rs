//! Gradients of one step by the reverse mode: the chain rule, from the results back.

use super::{Binary, Equations, Graph, Id, Leaf, Node, Unary};

/// Which gradients flow into a scan and which are wanted.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Request {
    /// Whether one arrives at the output.
    pub(crate) output: bool,
    /// Whether one arrives at the final states.
    pub(crate) finals: bool,
    /// The recorded states that one arrives at.
    pub(crate) traces: Vec<usize>,
    /// Indices of the parameters that get a gradient.
    pub(crate) learnable: Vec<usize>,
    /// Whether the gradient of the inputs is wanted.
    pub(crate) inputs: bool,
    /// Whether the inputs are the same at every step: then their gradient is a sum too.
    pub(crate) constant_input: bool,
}

/// The adjoint of a step. Its graph continues that of the step.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Adjoint {
    pub(crate) graph: Graph,
    /// Gradient of each state before the step; `None` is zero.
    pub(crate) states: Vec<Option<Id>>,
    /// Gradient of each input; where inputs stay the same, the sum so far.
    pub(crate) inputs: Vec<Id>,
    /// The sums after the step, the ones that [`Leaf::Sum`] names; those of inputs come last.
    pub(crate) sums: Vec<Id>,
    /// Gradient of each learnable parameter from the sums over all steps.
    pub(crate) params: Vec<Id>,
}

impl Adjoint {
    pub(crate) fn of(equations: &Equations, request: &Request) -> Self {
        // a state that no step reads gets nothing from the step that follows
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
        let stays = |graph: &Graph| -> Vec<bool> {
            graph.varying(|leaf| !matches!(leaf, Leaf::Param(_))).into_iter().map(|varies| !varies).collect()
        };
        let is_learnable = |leaf| match leaf {
            Leaf::Param(i) => request.learnable.contains(&i),
            _ => true,
        };

        // from the results to states, inputs and the numbers that stay the same over time
        let loop_invariant = stays(&equations.graph);
        let mut flow = Flow::new(&mut graph, is_learnable, seeds);
        let border = flow.back(&mut graph, &loop_invariant);
        let of = |flow: &Flow, graph: &mut Graph, leaf| {
            let id = graph.leaf(leaf);
            flow.arrived.get(id.index()).copied().flatten()
        };
        let states = (0..equations.states()).map(|k| of(&flow, &mut graph, Leaf::State(k))).collect();
        let inputs: Vec<_> = (0..equations.inputs)
            .map(|i| of(&flow, &mut graph, Leaf::Input(i)).unwrap_or_else(|| graph.literal(0.0)))
            .collect();

        // from those to the parameters, once, after the last step
        let seeds: Vec<_> = border.iter().enumerate().map(|(i, &(id, _))| (id, graph.leaf(Leaf::Sum(i)))).collect();
        let mut contributions: Vec<Id> = border.into_iter().map(|(_, gradient)| gradient).collect();
        let mut flow = Flow::new(&mut graph, is_learnable, seeds);
        flow.back(&mut graph, &[]);
        let params = request
            .learnable
            .iter()
            .map(|&i| of(&flow, &mut graph, Leaf::Param(i)).unwrap_or_else(|| graph.literal(0.0)))
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

/// Gradients on their way back.
struct Flow {
    /// What has arrived at each node.
    arrived: Vec<Option<Id>>,
    /// Whether a gradient to the node is of use.
    wanted: Vec<bool>,
}

impl Flow {
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
        let mut flow = Flow { arrived: vec![None; graph.len()], wanted };
        for (id, gradient) in seeds {
            flow.add(graph, id, gradient);
        }
        flow
    }

    fn add(&mut self, graph: &mut Graph, to: Id, gradient: Id) {
        if self.wanted[to.index()] {
            let before = self.arrived[to.index()];
            self.arrived[to.index()] =
                Some(before.map_or(gradient, |before| graph.binary(Binary::Add, before, gradient)));
        }
    }

    /// Walks back over all nodes but the loop-invariant ones, and returns those that it stopped at with what
    /// had arrived there.
    fn back(&mut self, graph: &mut Graph, loop_invariant: &[bool]) -> Vec<(Id, Id)> {
        let mut border = vec![];
        for index in (0..self.arrived.len()).rev() {
            let id = Id(index as u32);
            let Some(g) = self.arrived[index] else { continue };
            if loop_invariant.get(index) == Some(&true) {
                border.push((id, g));
                continue;
            }
            self.pass(graph, id, g);
        }
        border
    }

    /// The chain rule for one node.
    fn pass(&mut self, graph: &mut Graph, id: Id, g: Id) {
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
