//! Where a model's own equations write themselves into a kernel.

use super::program::Program;
use crate::number::{ChosenConstants, ChosenParams, Dual, Traced, Wrt, pull};
use crate::scan::active_constants;
use crate::{Dynamics, Fields, Real, Slots};
use burn_cubecl::cubecl;
use cubecl::prelude::*;

/// The model's own constants from its parameters, written into the kernel.
#[cube]
pub(super) fn derive<D: Dynamics, N: Size>(
    params: &Sequence<Vector<f32, N>>,
    #[comptime] program: Program<D>,
) -> Sequence<Vector<f32, N>> {
    intrinsic!(|scope| {
        let number = |value| Traced::<N> { scope, value };
        let params = Fields::from_fn(|i| number(*params.__expand_index_method(scope, i.into())));
        let constants = program.model.constants(params, program.dt());
        let mut derived = Sequence::__expand_new(scope);
        for k in 0..Program::<D>::CONSTANTS {
            derived.__expand_push_method(scope, constants.get(k).value);
        }
        derived
    })
}

/// Its adjoint: from the gradients of the constants to those of the differentiated parameters.
#[cube]
pub(super) fn derive_back<D: Dynamics, N: Size>(
    params: &Sequence<Vector<f32, N>>,
    sums: &Array<Vector<f32, N>>,
    #[comptime] program: Program<D>,
) -> Sequence<Vector<f32, N>> {
    intrinsic!(|scope| {
        let number = |value| Traced::<N> { scope, value };
        let params: D::Params<Dual<D, Traced<'_, N>, ChosenParams>> = Fields::from_fn(|i| {
            Dual::layer_constant(number(*params.__expand_index_method(scope, i.into())), i, program.params())
        });
        let constants = program.model.constants(params, program.dt());
        let mut gradient = Sequence::__expand_new(scope);
        for &i in &program.active {
            let flows = active_constants(&program.model, &[i]).into_iter().filter_map(|k| {
                let slope = constants.get(k).derivative(Wrt::Constant(i))?;
                Some(number(get::expand(scope, sums, k.into())) * slope)
            });
            let sum = flows.reduce(|a, b| a + b).unwrap_or_else(|| params.get(i).primal().lit(0.0));
            gradient.__expand_push_method(scope, sum.value);
        }
        gradient
    })
}

/// The model's own step, written into the kernel.
#[cube]
pub(super) fn step<D: Dynamics, N: Size>(
    constants: &Sequence<Vector<f32, N>>,
    state: &mut Array<Vector<f32, N>>,
    input: &Sequence<Vector<f32, N>>,
    #[comptime] model: D,
) -> Vector<f32, N> {
    intrinsic!(|scope| {
        let number = |value| Traced::<N> { scope, value };
        let constants = Fields::from_fn(|k| number(*constants.__expand_index_method(scope, k.into())));
        let input = Fields::from_fn(|i| number(*input.__expand_index_method(scope, i.into())));
        let mut next: D::State<Traced<'_, N>> = Fields::from_fn(|k| number(get::expand(scope, state, k.into())));
        let output = model.step(&constants, &mut next, input);
        for k in 0..Program::<D>::STATES {
            put::expand(scope, state, k.into(), next.get(k).value);
        }
        output.value
    })
}

/// The adjoint of one step: `carried` flows from the state after it to the state before it. Returns
/// the gradient of each input.
#[cube]
pub(super) fn step_back<D: Dynamics, N: Size>(
    before: &Array<Vector<f32, N>>,
    offset: usize,
    constants: &Sequence<Vector<f32, N>>,
    input: &Sequence<Vector<f32, N>>,
    from_output: Vector<f32, N>,
    carried: &mut Array<Vector<f32, N>>,
    sums: &mut Array<Vector<f32, N>>,
    #[comptime] program: Program<D>,
) -> Sequence<Vector<f32, N>> {
    intrinsic!(|scope| {
        type Number<'a, D, N> = Dual<D, Traced<'a, N>, ChosenConstants>;
        let number = |value| Traced::<N> { scope, value };
        let chosen = program.constants();
        let mut state: D::State<Number<'_, D, N>> = Fields::from_fn(|k| {
            let place = plus::expand(scope, offset, k.into());
            Dual::variable(number(get::expand(scope, before, place)), Wrt::State(k))
        });
        let constants: D::Constants<Number<'_, D, N>> = Fields::from_fn(|k| {
            Dual::layer_constant(number(*constants.__expand_index_method(scope, k.into())), k, chosen)
        });
        let input: D::Input<Number<'_, D, N>> =
            Fields::from_fn(|i| Dual::variable(number(*input.__expand_index_method(scope, i.into())), Wrt::Input(i)));
        let output = program.model.step(&constants, &mut state, input);

        let from_output = number(from_output);
        let after: D::State<Traced<'_, N>> = Fields::from_fn(|k| number(get::expand(scope, carried, k.into())));
        let flow = |wrt| pull(&output, from_output, &state, &after, wrt).unwrap_or(from_output.lit(0.0));
        let passed: Vec<_> = (0..Program::<D>::STATES).map(|k| flow(Wrt::State(k))).collect();
        for (k, passed) in passed.into_iter().enumerate() {
            put::expand(scope, carried, k.into(), passed.value);
        }
        let mut totals: D::Constants<Traced<'_, N>> = Fields::from_fn(|k| number(get::expand(scope, sums, k.into())));
        Slots::<D>::add(chosen, &mut totals, |k| flow(Wrt::Constant(k)));
        for k in active_constants(&program.model, &program.active) {
            put::expand(scope, sums, k.into(), totals.get(k).value);
        }
        let mut gradient = Sequence::__expand_new(scope);
        for i in 0..Program::<D>::INPUTS {
            gradient.__expand_push_method(scope, flow(Wrt::Input(i)).value);
        }
        gradient
    })
}

#[cube]
fn get<N: Size>(from: &Array<Vector<f32, N>>, index: usize) -> Vector<f32, N> {
    from[index]
}
#[cube]
fn put<N: Size>(to: &mut Array<Vector<f32, N>>, index: usize, value: Vector<f32, N>) {
    to[index] = value;
}
#[cube]
fn plus(a: usize, b: usize) -> usize {
    a + b
}
