//! The scan as GPU kernels. One unit walks a vector of neighbouring neurons through time; all arithmetic
//! is in `f32`, whatever the tensors hold.

use super::equations::{loop_invariant, params_back, step, step_back};
use super::program::{ParamLayout, Program, Sizes};
use burn_cubecl::cubecl;
use cubecl::ir::ElemType;
use cubecl::prelude::*;

/// Runs the model over all steps.
#[cube(launch_unchecked, address_type = "dynamic")]
pub(super) fn forward<F: Float, N: Size>(
    inputs: &[Vector<F, N>],
    params: &[f32],
    initial: &[f32],
    output: &mut [Vector<F, N>],
    traces: &mut [Vector<F, N>],
    finals: &mut [Vector<f32, N>],
    layout: ParamLayout,
    sizes: Sizes,
    #[comptime] program: Program,
    #[define(F)] _dtype: ElemType,
) {
    let at = ABSOLUTE_POS;
    if at >= sizes.plane {
        terminate!();
    }
    let params = load_params::<N>(params, &layout, &sizes, at, comptime!(program.params()));
    let loop_invariant = loop_invariant::<N>(&params, comptime!(program.clone()));
    let mut state = Array::<Vector<f32, N>>::new(comptime!(program.states().max(1)));
    load_initial::<N>(initial, &mut state, &sizes, at, comptime!(program.states()), program.uniform_start);
    for t in 0..sizes.steps {
        let input = load_input::<F, N>(inputs, &sizes, t, at, comptime!(program.inputs()), program.constant_input);
        let spike = step::<N>(&loop_invariant, &mut state, &input, comptime!(program.clone()));
        output[t * sizes.plane + at] = Vector::cast_from(spike);
        #[unroll]
        for k in 0..comptime!(program.traces.len()) {
            let traced = state[comptime!(program.traces[k])];
            traces[(k * sizes.steps + t) * sizes.plane + at] = Vector::cast_from(traced);
        }
    }
    #[unroll]
    for k in 0..comptime!(program.states()) {
        finals[k * sizes.plane + at] = state[k];
    }
}

/// Walks back through all steps. States are recomputed a segment at a time into local memory; longer
/// scans keep the states at the start of each segment in `checkpoints`, `[segments, S, plane]`.
#[cube(launch_unchecked, address_type = "dynamic")]
pub(super) fn adjoint<F: Float, N: Size>(
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
    layout: ParamLayout,
    sizes: Sizes,
    #[comptime] program: Program,
    #[define(F)] _dtype: ElemType,
) {
    let at = ABSOLUTE_POS;
    if at >= sizes.plane {
        terminate!();
    }
    let plane = sizes.plane;
    let states = comptime!(program.states());
    let segment = comptime!(program.segment);
    let params = load_params::<N>(params, &layout, &sizes, at, comptime!(program.params()));
    let loop_invariant = loop_invariant::<N>(&params, comptime!(program.clone()));
    let mut state = Array::<Vector<f32, N>>::new(comptime!(states.max(1)));
    load_initial::<N>(initial, &mut state, &sizes, at, comptime!(program.states()), program.uniform_start);

    let segments = sizes.steps.div_ceil(segment);
    if comptime!(!program.single) {
        for s in 0..segments {
            #[unroll]
            for k in 0..states {
                checkpoints[(s * states + k) * plane + at] = state[k];
            }
            if s + 1 < segments {
                for t in s * segment..(s + 1) * segment {
                    let input =
                        load_input::<F, N>(inputs, &sizes, t, at, comptime!(program.inputs()), program.constant_input);
                    step::<N>(&loop_invariant, &mut state, &input, comptime!(program.clone()));
                }
            }
        }
    }

    // the gradient of the state, and the sums over time of the gradients of loop-invariant values
    let mut carried = Array::<Vector<f32, N>>::new(comptime!(states.max(1)));
    #[unroll]
    for k in 0..states {
        carried[k] = upstream::<f32, N>(finals_gradient, k * plane + at);
    }
    let count = comptime!(program.sums());
    let mut sums = Array::<Vector<f32, N>>::new(comptime!(count.max(1)));
    #[unroll]
    for i in 0..count {
        sums[i] = Vector::new(0.0);
    }

    let mut before = Array::<Vector<f32, N>>::new(comptime!((states * segment).max(1)));
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
            let input =
                load_input::<F, N>(inputs, &sizes, start + j, at, comptime!(program.inputs()), program.constant_input);
            step::<N>(&loop_invariant, &mut state, &input, comptime!(program.clone()));
        }
        for q in 0..len {
            let j = len - 1 - q;
            let t = start + j;
            let input = load_input::<F, N>(inputs, &sizes, t, at, comptime!(program.inputs()), program.constant_input);
            let from_output = upstream::<F, N>(output_gradient, t * plane + at);
            let mut from_traces = Sequence::new();
            #[unroll]
            for k in 0..comptime!(program.traces.len()) {
                from_traces.push(upstream::<F, N>(traces_gradient, (k * sizes.steps + t) * plane + at));
            }
            let gradient = step_back::<N>(
                &before,
                j * states,
                &loop_invariant,
                &input,
                from_output,
                &from_traces,
                &mut carried,
                &mut sums,
                comptime!(program.clone()),
            );
            #[unroll]
            for i in 0..comptime!(program.each_step()) {
                inputs_gradient[(i * sizes.steps + t) * plane + at] = Vector::cast_from(gradient[i]);
            }
        }
    }

    let inputs_sums = comptime!(program.over_time());
    #[unroll]
    for i in 0..inputs_sums {
        inputs_gradient[i * plane + at] = Vector::cast_from(sums[comptime!(count - inputs_sums + i)]);
    }
    if comptime!(!program.uniform_start) {
        #[unroll]
        for k in 0..states {
            initial_gradient[k * plane + at] = carried[k];
        }
    }
    let gradient = params_back::<N>(&params, &sums, comptime!(program.clone()));
    #[unroll]
    for a in 0..comptime!(program.learnable()) {
        parts[a * plane + at] = gradient[a];
    }
}

#[cube]
fn load_params<N: Size>(
    params: &[f32],
    layout: &ParamLayout,
    sizes: &Sizes,
    at: usize,
    #[comptime] count: usize,
) -> Sequence<Vector<f32, N>> {
    let mut loaded = Sequence::new();
    #[unroll]
    for k in 0..count {
        let mut value = Vector::<f32, N>::empty();
        let lanes = value.vector_size();
        #[unroll]
        for lane in 0..lanes {
            let neuron = (at * lanes + lane) % sizes.neurons;
            value.insert(lane, params[layout.starts[k] + neuron / layout.shares[k]]);
        }
        loaded.push(value);
    }
    loaded
}

#[cube]
fn load_initial<N: Size>(
    initial: &[f32],
    state: &mut Array<Vector<f32, N>>,
    sizes: &Sizes,
    at: usize,
    #[comptime] count: usize,
    #[comptime] uniform_start: bool,
) {
    #[unroll]
    for k in 0..count {
        if uniform_start {
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
fn load_input<F: Float, N: Size>(
    inputs: &[Vector<F, N>],
    sizes: &Sizes,
    t: usize,
    at: usize,
    #[comptime] count: usize,
    #[comptime] constant: bool,
) -> Sequence<Vector<f32, N>> {
    let mut loaded = Sequence::new();
    #[unroll]
    for i in 0..count {
        let row = if constant { i.runtime() } else { i * sizes.steps + t };
        loaded.push(Vector::cast_from(inputs[row * sizes.plane + at]));
    }
    loaded
}

/// Loads an upstream gradient, zero where there is none.
#[cube]
fn upstream<F: Float, N: Size>(gradient: ComptimeOption<&[Vector<F, N>]>, index: usize) -> Vector<f32, N> {
    let value: ComptimeOption<Vector<F, N>> = gradient.map(|g| g[index]);
    Vector::cast_from(value.unwrap_or_else(|| Vector::new(F::new(0.0))))
}
