//! The scan as GPU kernels, traced from the model's own equations. One unit walks a vector of
//! neighbouring neurons through time; all arithmetic is in `f32`, whatever the tensors hold.

use crate::number::{ChosenConstants, ChosenParams, Dual, Traced, Wrt, pull};
use crate::scan::active_constants;
use crate::{Dynamics, Fields, Real, Slots};
use burn_cubecl::cubecl;
use cubecl::ir::ElemType;
use cubecl::prelude::*;

/// What a kernel is traced from. Two scans with equal programs share a compiled kernel.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Program<D> {
    pub(super) model: D,
    /// Whether the inputs are the same at every step.
    pub(super) constant_input: bool,
    /// Whether all neurons start alike, from one number per state.
    pub(super) alike: bool,
    /// States to record.
    pub(super) traces: Vec<usize>,
    /// Parameters to differentiate.
    pub(super) active: Vec<usize>,
    /// Length of a step, as bits.
    pub(super) dt: u32,
    /// Steps that the adjoint recomputes at a time.
    pub(super) segment: usize,
    /// Whether one segment is enough.
    pub(super) single: bool,
}

impl<D: Dynamics> Program<D> {
    pub(super) const INPUTS: usize = <D::Input<f32> as Fields<f32>>::LEN;
    pub(super) const STATES: usize = <D::State<f32> as Fields<f32>>::LEN;
    pub(super) const PARAMS: usize = <D::Params<f32> as Fields<f32>>::LEN;
    pub(super) const CONSTANTS: usize = <D::Constants<f32> as Fields<f32>>::LEN;

    fn dt(&self) -> f32 {
        f32::from_bits(self.dt)
    }

    /// The constants that depend on a differentiated parameter.
    fn constants(&self) -> ChosenConstants {
        ChosenConstants(set(active_constants(&self.model, &self.active)))
    }

    fn params(&self) -> ChosenParams {
        ChosenParams(set(self.active.iter().copied()))
    }
}

fn set(members: impl IntoIterator<Item = usize>) -> u64 {
    members.into_iter().fold(0, |set, k| set | 1 << k)
}

/// Where each parameter's numbers start, and how many neighbouring neurons share one.
#[derive(CubeType, CubeLaunch)]
pub(super) struct Columns {
    starts: Sequence<usize>,
    shares: Sequence<usize>,
}

/// Sizes known only when a kernel is launched, in vectors of neurons but for `neurons`.
#[derive(CubeType, CubeLaunch)]
pub(super) struct Sizes {
    steps: usize,
    plane: usize,
    neurons: usize,
}

/// Runs the model over all steps.
#[cube(launch_unchecked, address_type = "dynamic")]
pub(super) fn forward<D: Dynamics, F: Float, N: Size>(
    inputs: &[Vector<F, N>],
    params: &[f32],
    initial: &[f32],
    output: &mut [Vector<F, N>],
    traces: &mut [Vector<F, N>],
    finals: &mut [Vector<f32, N>],
    columns: Columns,
    sizes: Sizes,
    #[comptime] program: Program<D>,
    #[define(F)] _dtype: ElemType,
) {
    let at = ABSOLUTE_POS;
    if at >= sizes.plane {
        terminate!();
    }
    let params = load_params::<D, N>(params, &columns, &sizes, at);
    let constants = derive::<D, N>(&params, comptime!(program.clone()));
    let mut state = Array::<Vector<f32, N>>::new(comptime!(Program::<D>::STATES));
    load_initial::<D, N>(initial, &mut state, &sizes, at, program.alike);
    for t in 0..sizes.steps {
        let input = load_input::<D, F, N>(inputs, &sizes, t, at, program.constant_input);
        let spike = step::<D, N>(&constants, &mut state, &input, program.model);
        output[t * sizes.plane + at] = Vector::cast_from(spike);
        #[unroll]
        for k in 0..comptime!(program.traces.len()) {
            let traced = state[comptime!(program.traces[k])];
            traces[(k * sizes.steps + t) * sizes.plane + at] = Vector::cast_from(traced);
        }
    }
    #[unroll]
    for k in 0..comptime!(Program::<D>::STATES) {
        finals[k * sizes.plane + at] = state[k];
    }
}

/// Walks back through all steps. States are recomputed a segment at a time into local memory; longer
/// scans keep the states at the start of each segment in `checkpoints`, `[segments, S, plane]`.
#[cube(launch_unchecked, address_type = "dynamic")]
pub(super) fn adjoint<D: Dynamics, F: Float, N: Size>(
    inputs: &[Vector<F, N>],
    params: &[f32],
    initial: &[f32],
    output_gradient: ComptimeOption<&[Vector<F, N>]>,
    traces_gradient: ComptimeOption<&[Vector<F, N>]>,
    finals_gradient: ComptimeOption<&[Vector<f32, N>]>,
    inputs_gradient: &mut [Vector<F, N>],
    initial_gradient: &mut [Vector<f32, N>],
    parts: &mut [Vector<f32, N>],
    checkpoints: &mut [Vector<f32, N>],
    columns: Columns,
    sizes: Sizes,
    #[comptime] program: Program<D>,
    #[define(F)] _dtype: ElemType,
) {
    let at = ABSOLUTE_POS;
    if at >= sizes.plane {
        terminate!();
    }
    let plane = sizes.plane;
    let states = comptime!(Program::<D>::STATES);
    let segment = comptime!(program.segment);
    let params = load_params::<D, N>(params, &columns, &sizes, at);
    let constants = derive::<D, N>(&params, comptime!(program.clone()));
    let mut state = Array::<Vector<f32, N>>::new(states);
    load_initial::<D, N>(initial, &mut state, &sizes, at, program.alike);

    let segments = sizes.steps.div_ceil(segment);
    if comptime!(!program.single) {
        for s in 0..segments {
            #[unroll]
            for k in 0..states {
                checkpoints[(s * states + k) * plane + at] = state[k];
            }
            if s + 1 < segments {
                for t in s * segment..(s + 1) * segment {
                    let input = load_input::<D, F, N>(inputs, &sizes, t, at, program.constant_input);
                    step::<D, N>(&constants, &mut state, &input, program.model);
                }
            }
        }
    }

    // what flows back into the state, and what has flowed out into constants and a constant input
    let mut carried = Array::<Vector<f32, N>>::new(states);
    #[unroll]
    for k in 0..states {
        carried[k] = arriving::<f32, N>(finals_gradient, k * plane + at);
    }
    let mut sums = Array::<Vector<f32, N>>::new(comptime!(Program::<D>::CONSTANTS));
    #[unroll]
    for k in 0..comptime!(Program::<D>::CONSTANTS) {
        sums[k] = Vector::new(0.0);
    }
    let fields = comptime!(Program::<D>::INPUTS);
    let mut over_time = Array::<Vector<f32, N>>::new(fields);
    #[unroll]
    for i in 0..fields {
        over_time[i] = Vector::new(0.0);
    }

    let mut before = Array::<Vector<f32, N>>::new(comptime!(states * segment));
    for r in 0..segments {
        let start = (segments - 1 - r) * segment;
        let len = clamp_max(sizes.steps - start, segment);
        if comptime!(!program.single) {
            #[unroll]
            for k in 0..states {
                state[k] = checkpoints[((segments - 1 - r) * states + k) * plane + at];
            }
        }
        for j in 0..len {
            #[unroll]
            for k in 0..states {
                before[j * states + k] = state[k];
            }
            let input = load_input::<D, F, N>(inputs, &sizes, start + j, at, program.constant_input);
            step::<D, N>(&constants, &mut state, &input, program.model);
        }
        for q in 0..len {
            let j = len - 1 - q;
            let t = start + j;
            let input = load_input::<D, F, N>(inputs, &sizes, t, at, program.constant_input);
            let from_output = arriving::<F, N>(output_gradient, t * plane + at);
            #[unroll]
            for k in 0..comptime!(program.traces.len()) {
                let index = comptime!(program.traces[k]);
                let from_trace = arriving::<F, N>(traces_gradient, (k * sizes.steps + t) * plane + at);
                carried[index] = carried[index] + from_trace;
            }
            let gradient = step_back::<D, N>(
                &before,
                j * states,
                &constants,
                &input,
                from_output,
                &mut carried,
                &mut sums,
                comptime!(program.clone()),
            );
            #[unroll]
            for i in 0..fields {
                if comptime!(program.constant_input) {
                    over_time[i] = over_time[i] + gradient[i];
                } else {
                    inputs_gradient[(i * sizes.steps + t) * plane + at] = Vector::cast_from(gradient[i]);
                }
            }
        }
    }

    if comptime!(program.constant_input) {
        #[unroll]
        for i in 0..fields {
            inputs_gradient[i * plane + at] = Vector::cast_from(over_time[i]);
        }
    }
    if comptime!(!program.alike) {
        #[unroll]
        for k in 0..states {
            initial_gradient[k * plane + at] = carried[k];
        }
    }
    if comptime!(!program.active.is_empty()) {
        let gradient = derive_back::<D, N>(&params, &sums, comptime!(program.clone()));
        #[unroll]
        for a in 0..comptime!(program.active.len()) {
            parts[a * plane + at] = gradient[a];
        }
    }
}

/// What a [`fold`] adds up: `[outer, len, inner]` numbers.
#[derive(CubeType, CubeLaunch)]
pub(super) struct Folding {
    from_start: usize,
    to_start: usize,
    len: usize,
    inner: usize,
    /// Sums.
    total: usize,
}

/// Numbers that one unit of [`fold`] adds up.
pub(super) const FOLD: usize = 32;

/// Adds up neighbours, so many at a time: `[outer, len, inner]` to `[outer, ceil(len / 32), inner]`.
/// The order is fixed, whoever runs it.
#[cube(launch_unchecked, address_type = "dynamic")]
pub(super) fn fold(from: &[f32], to: &mut [f32], folding: Folding) {
    let at = ABSOLUTE_POS;
    if at >= folding.total {
        terminate!();
    }
    let groups = folding.len.div_ceil(comptime!(FOLD));
    let column = at % folding.inner;
    let first = (at / folding.inner) % groups * comptime!(FOLD);
    let row = at / (folding.inner * groups);
    let mut sum = 0.0f32;
    for i in first..clamp_max(first + comptime!(FOLD), folding.len) {
        sum += from[folding.from_start + (row * folding.len + i) * folding.inner + column];
    }
    to[folding.to_start + at] = sum;
}

#[cube]
fn load_params<D: Dynamics, N: Size>(
    params: &[f32],
    columns: &Columns,
    sizes: &Sizes,
    at: usize,
) -> Sequence<Vector<f32, N>> {
    let mut loaded = Sequence::new();
    #[unroll]
    for k in 0..comptime!(Program::<D>::PARAMS) {
        let mut value = Vector::<f32, N>::empty();
        let lanes = value.vector_size();
        #[unroll]
        for lane in 0..lanes {
            let neuron = (at * lanes + lane) % sizes.neurons;
            value.insert(lane, params[columns.starts[k] + neuron / columns.shares[k]]);
        }
        loaded.push(value);
    }
    loaded
}

#[cube]
fn load_initial<D: Dynamics, N: Size>(
    initial: &[f32],
    state: &mut Array<Vector<f32, N>>,
    sizes: &Sizes,
    at: usize,
    #[comptime] alike: bool,
) {
    #[unroll]
    for k in 0..comptime!(Program::<D>::STATES) {
        if alike {
            state[k] = Vector::new(initial[k]);
        } else {
            let mut value = Vector::<f32, N>::empty();
            let lanes = value.vector_size();
            #[unroll]
            for lane in 0..lanes {
                value.insert(lane, initial[(k * sizes.plane + at) * lanes + lane]);
            }
            state[k] = value;
        }
    }
}

#[cube]
fn load_input<D: Dynamics, F: Float, N: Size>(
    inputs: &[Vector<F, N>],
    sizes: &Sizes,
    t: usize,
    at: usize,
    #[comptime] constant: bool,
) -> Sequence<Vector<f32, N>> {
    let mut loaded = Sequence::new();
    #[unroll]
    for i in 0..comptime!(Program::<D>::INPUTS) {
        let row = if constant { i.runtime() } else { i * sizes.steps + t };
        loaded.push(Vector::cast_from(inputs[row * sizes.plane + at]));
    }
    loaded
}

/// A number of a gradient, zero where none arrives.
#[cube]
fn arriving<F: Float, N: Size>(gradient: ComptimeOption<&[Vector<F, N>]>, index: usize) -> Vector<f32, N> {
    let value: ComptimeOption<Vector<F, N>> = gradient.map(|g| g[index]);
    Vector::cast_from(value.unwrap_or_else(|| Vector::new(F::new(0.0))))
}

/// The model's own constants from its parameters, written into the kernel.
#[cube]
fn derive<D: Dynamics, N: Size>(
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
fn derive_back<D: Dynamics, N: Size>(
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
fn step<D: Dynamics, N: Size>(
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
fn step_back<D: Dynamics, N: Size>(
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
