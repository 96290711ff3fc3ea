//! Compiles a graph to instructions on blocks of values.

use super::jit::{JitCode, Variant};
use crate::graph::{Binary, Graph, Id, Node, Unary};
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// Operation of an instruction, on each value of its blocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Op {
    Copy,
    Neg,
    Exp,
    Ln,
    /// `exp` of the standard library: slower, and exact to the last digit.
    PreciseExp,
    /// `ln` of the standard library.
    PreciseLn,
    Sqrt,
    Abs,
    Floor,
    Round,
    Add,
    Sub,
    Mul,
    Div,
    Greater,
    GreaterEqual,
    /// `b` where `a` is not 0, else `c`.
    Select,
    /// `a * b + c`, rounded twice as by two operations.
    MulAdd,
    /// `a * b - c`.
    MulSub,
    /// `c - a * b`.
    SubMul,
}

impl Op {
    /// Number of blocks that it reads.
    pub(super) fn operands(self) -> usize {
        match self {
            Op::Copy | Op::Neg | Op::Exp | Op::Ln | Op::PreciseExp | Op::PreciseLn => 1,
            Op::Sqrt | Op::Abs | Op::Floor | Op::Round => 1,
            Op::Add | Op::Sub | Op::Mul | Op::Div | Op::Greater | Op::GreaterEqual => 2,
            Op::Select | Op::MulAdd | Op::MulSub | Op::SubMul => 3,
        }
    }
}

/// Index of a block in the machine's table.
pub(super) type Slot = u16;

/// `to = op(from)`, for every value of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Instruction {
    pub(super) op: Op,
    pub(super) to: Slot,
    pub(super) from: [Slot; 3],
}

/// Straight-line code.
#[derive(Debug, Default)]
pub(crate) struct Code {
    pub(super) instructions: Vec<Instruction>,
    /// Number of blocks for intermediate results.
    pub(super) registers: usize,
    /// Slot of the first of them.
    pub(super) first_register: Slot,
    /// Slots whose blocks have one value throughout.
    pub(super) uniform: Uniform,
    /// Slot of the output, where it may go to bits.
    pub(super) output: Option<Slot>,
    /// Machine code of each [`Variant`].
    jit: [OnceLock<Option<JitCode>>; Variant::COUNT],
}

/// Slots whose blocks have one value throughout.
#[derive(Clone, Debug, Default)]
pub(super) struct Uniform {
    /// Slots of literals, the first ones.
    pub(super) literals: Slot,
    /// Slots of parameters and of what follows from them alone; one value each only where all neurons share it.
    pub(super) params: Vec<Slot>,
}

impl Code {
    /// Machine code for the instructions, where it can be generated.
    pub(super) fn jit(&self, variant: Variant) -> Option<&JitCode> {
        self.jit[variant.index()].get_or_init(|| JitCode::of(self, variant)).as_ref()
    }

    /// The slots that have one value throughout, those that are read most often first.
    pub(super) fn constant(&self, shared: bool) -> Vec<Slot> {
        let mut reads: Vec<(Slot, usize)> = vec![];
        for &Instruction { op, from, .. } in &self.instructions {
            for &slot in &from[..op.operands()] {
                if slot >= self.uniform.literals && !(shared && self.uniform.params.contains(&slot)) {
                    continue;
                }
                match reads.iter_mut().find(|(known, _)| *known == slot) {
                    Some((_, count)) => *count += 1,
                    None => reads.push((slot, 1)),
                }
            }
        }
        reads.sort_by_key(|&(_, count)| core::cmp::Reverse(count));
        reads.into_iter().map(|(slot, _)| slot).collect()
    }
}

/// Compiles the nodes `roots`, each into its slot, from the values in `slots`. Intermediate results go to slots
/// from `registers` on.
pub(super) fn assemble(
    graph: &Graph,
    slots: &HashMap<Id, Slot>,
    roots: &[(Id, Slot)],
    registers: Slot,
    uniform: Uniform,
) -> Code {
    let roots: Vec<(Id, Slot)> = roots.iter().map(|&(id, slot)| (graph.resolve(id), slot)).collect();
    let steps = choose(graph, slots, &roots);

    let mut last_use = HashMap::new();
    for (position, step) in steps.iter().enumerate() {
        step.operands().for_each(|id| {
            last_use.insert(id, position);
        });
    }
    let mut code = Code { first_register: registers, uniform, ..Code::default() };
    let mut lies = slots.clone();
    let mut free = vec![];
    for (position, step) in steps.iter().enumerate() {
        let mut from = [0; 3];
        for (slot, id) in from.iter_mut().zip(step.operands()) {
            *slot = lies[&id];
        }
        // the result may reuse the block of an operand: a value is read before it is overwritten
        let mut dying: Vec<Slot> = step.operands().filter(|id| last_use[id] == position).map(|id| lies[&id]).collect();
        dying.retain(|&slot| slot >= registers);
        dying.sort_unstable();
        dying.dedup();
        free.extend(dying);
        let to = match roots.iter().find(|(id, _)| *id == step.result) {
            Some(&(_, slot)) => slot,
            None => free.pop().unwrap_or_else(|| {
                code.registers += 1;
                registers + code.registers as Slot - 1
            }),
        };
        lies.insert(step.result, to);
        code.instructions.push(Instruction { op: step.op, to, from });
    }
    for &(id, to) in &roots {
        if lies[&id] != to {
            code.instructions.push(Instruction { op: Op::Copy, to, from: [lies[&id]; 3] });
        }
    }
    code
}

/// An instruction before its slots are assigned.
struct Step {
    op: Op,
    result: Id,
    from: [Option<Id>; 3],
}

impl Step {
    fn operands(&self) -> impl Iterator<Item = Id> {
        self.from.into_iter().flatten()
    }
}

/// Chooses the operations that compute the roots. A product that only one sum uses is merged into it.
fn choose(graph: &Graph, slots: &HashMap<Id, Slot>, roots: &[(Id, Slot)]) -> Vec<Step> {
    let mut uses: HashMap<Id, usize> = HashMap::new();
    roots.iter().for_each(|(id, _)| *uses.entry(*id).or_default() += 2);
    let computed: Vec<(Id, &Node)> = {
        let mut needed: HashSet<Id> = roots.iter().map(|(id, _)| *id).collect();
        let mut computed = vec![];
        for (id, node) in graph.nodes().rev() {
            if needed.contains(&id) && !slots.contains_key(&id) {
                node.operands(|operand| {
                    let operand = graph.resolve(operand);
                    needed.insert(operand);
                    *uses.entry(operand).or_default() += 1;
                });
                computed.push((id, node));
            }
        }
        computed.reverse();
        computed
    };
    let product = |id: Id| match *graph.node(id) {
        Node::Binary(Binary::Mul, a, b) if uses[&id] == 1 && !slots.contains_key(&id) => {
            Some([graph.resolve(a), graph.resolve(b)])
        }
        _ => None,
    };
    let mut merged = HashSet::new();
    let mut steps = vec![];
    for &(result, node) in &computed {
        let at = |id: Id| Some(graph.resolve(id));
        let (op, from) = match *node {
            Node::Leaf(leaf) => unreachable!("{leaf:?} has no slot"),
            Node::Literal(_) => unreachable!("every literal has a slot"),
            Node::Slopes(..) => unreachable!("resolved to its value"),
            Node::Select(mask, a, b) => (Op::Select, [at(mask), at(a), at(b)]),
            Node::Unary(op, a) => (unary(op), [at(a), None, None]),
            Node::Binary(op, a, b) => {
                let (a, b) = (graph.resolve(a), graph.resolve(b));
                let [first, second] = [a, b].map(|id| product(id).filter(|_| a != b));
                let (fused, kept, merge) = match (op, first, second) {
                    (Binary::Add, Some(p), _) => (Op::MulAdd, b, Some((a, p))),
                    (Binary::Add, None, Some(p)) => (Op::MulAdd, a, Some((b, p))),
                    (Binary::Sub, Some(p), _) => (Op::MulSub, b, Some((a, p))),
                    (Binary::Sub, None, Some(p)) => (Op::SubMul, a, Some((b, p))),
                    _ => (binary(op), b, None),
                };
                match merge {
                    Some((id, [x, y])) => {
                        merged.insert(id);
                        (fused, [Some(x), Some(y), Some(kept)])
                    }
                    None => (fused, [Some(a), Some(b), None]),
                }
            }
        };
        steps.push(Step { op, result, from });
    }
    steps.retain(|step| !merged.contains(&step.result));
    steps
}

fn unary(op: Unary) -> Op {
    match op {
        Unary::Neg => Op::Neg,
        Unary::Exp => Op::Exp,
        Unary::Ln => Op::Ln,
        Unary::Sqrt => Op::Sqrt,
        Unary::Abs => Op::Abs,
        Unary::Floor => Op::Floor,
        Unary::Round => Op::Round,
        Unary::SumNeurons | Unary::SumBatch => unreachable!("coupled models have no kernel"),
    }
}

fn binary(op: Binary) -> Op {
    match op {
        Binary::Add => Op::Add,
        Binary::Sub => Op::Sub,
        Binary::Mul => Op::Mul,
        Binary::Div => Op::Div,
        Binary::Greater => Op::Greater,
        Binary::GreaterEqual => Op::GreaterEqual,
    }
}
