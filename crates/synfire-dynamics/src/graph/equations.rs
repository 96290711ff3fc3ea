//! A model's step as a graph.

use super::{Graph, Id, Leaf, Node, Symbol, Unary};
use crate::dynamics::resting;
use crate::{Dynamics, Fields, Real};
use core::any::{Any, TypeId};
use core::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

/// One step of a model as a graph over parameters, states and inputs.
#[derive(Clone, Debug)]
pub(crate) struct Equations {
    pub(crate) graph: Graph,
    pub(crate) output: Id,
    /// Each state after the step.
    pub(crate) next: Vec<Id>,
    /// Coefficients from [`Dynamics::constants`], which [`formulas`](super::formulas) name.
    pub(crate) constants: Vec<Id>,
    pub(crate) params: usize,
    pub(crate) inputs: usize,
    /// Resting value of each state.
    pub(crate) resting: Vec<f32>,
}

impl Equations {
    /// The equations of a model with time step `dt` in ms and parameters bounded as by [`Scan::bounds`](crate::Scan::bounds).
    /// Equal models share them.
    pub(crate) fn of<D: Dynamics>(model: &D, dt: f32, bounds: &[Option<f32>]) -> Arc<Self> {
        let key = Key { dt: dt.to_bits(), bounds: bounds.iter().map(|bound| bound.map(f32::to_bits)).collect() };
        let is_equal = |known: &dyn Any| known.downcast_ref::<D>() == Some(model);
        shared(TypeId::of::<D>(), key, &is_equal, &|| (Box::new(*model), Self::write(model, dt, bounds)))
    }

    fn write<D: Dynamics>(model: &D, dt: f32, bounds: &[Option<f32>]) -> Self {
        let graph = RefCell::new(Graph::default());
        let leaf = |leaf| Symbol { graph: &graph, id: graph.borrow_mut().leaf(leaf) };
        let param = |i: usize| match bounds.get(i) {
            Some(&Some(bound)) => leaf(Leaf::Param(i)).exp() + bound,
            _ => leaf(Leaf::Param(i)),
        };
        let constants = model.constants(Fields::from_fn(param), dt);
        let mut state: D::State<Symbol<'_>> = Fields::from_fn(|k| leaf(Leaf::State(k)));
        let output = model.step(&constants, &mut state, Fields::from_fn(|i| leaf(Leaf::Input(i)))).id;
        let next = (0..<D::State<f32> as Fields<f32>>::LEN).map(|k| state.get(k).id).collect();
        let constants = (0..<D::Constants<f32> as Fields<f32>>::LEN).map(|k| constants.get(k).id).collect();
        let params = <D::Params<f32> as Fields<f32>>::LEN;
        let inputs = <D::Input<f32> as Fields<f32>>::LEN;
        Equations { output, next, constants, params, inputs, resting: resting::<D>(), graph: graph.into_inner() }
    }

    pub(crate) fn states(&self) -> usize {
        self.next.len()
    }

    /// Whether the model sums over neurons or samples: then it has no kernel.
    pub(crate) fn is_coupled(&self) -> bool {
        self.graph.nodes().any(|(_, node)| matches!(node, Node::Unary(Unary::SumNeurons | Unary::SumBatch, _)))
    }

    /// Whether the output is 0 or 1, whatever the values that it is computed from.
    pub(crate) fn spikes(&self) -> bool {
        self.graph.is_zero_or_one(self.output)
    }

    /// The output, and each state after the step.
    pub(crate) fn roots(&self) -> impl Iterator<Item = Id> {
        core::iter::once(self.output).chain(self.next.iter().copied())
    }
}

/// Everything but the model that equations depend on, as bits.
#[derive(PartialEq)]
struct Key {
    dt: u32,
    bounds: Vec<Option<u32>>,
}

type AnyModel = Box<dyn Any + Send>;

/// The equations kept for an equal model of this type, or else those that are written now.
fn shared(
    model: TypeId,
    key: Key,
    is_equal: &dyn Fn(&dyn Any) -> bool,
    write: &dyn Fn() -> (AnyModel, Equations),
) -> Arc<Equations> {
    type Kept = Vec<(Key, AnyModel, Arc<Equations>)>;
    static KNOWN: LazyLock<Mutex<HashMap<TypeId, Kept>>> = LazyLock::new(Mutex::default);

    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let kept = known.entry(model).or_default();
    if let Some((_, _, equations)) = kept.iter().find(|(other, model, _)| *other == key && is_equal(&**model)) {
        return equations.clone();
    }
    let (model, equations) = write();
    let equations = Arc::new(equations);
    kept.push((key, model, equations.clone()));
    equations
}

/// Equality of the generated code, which resting values do not enter.
impl PartialEq for Equations {
    fn eq(&self, other: &Self) -> bool {
        (&self.graph, self.output, &self.next) == (&other.graph, other.output, &other.next)
    }
}
impl Eq for Equations {}
impl core::hash::Hash for Equations {
    fn hash<H: core::hash::Hasher>(&self, state: &mut H) {
        (&self.graph, self.output, &self.next).hash(state);
    }
}
