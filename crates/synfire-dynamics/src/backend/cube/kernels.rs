//! The scan as GPU kernels. One unit walks a vector of neighbouring neurons through time; all arithmetic
//! is in `f32`, whatever the tensors hold.

use super::equations::{derive, derive_back, step, step_back};
use super::program::{Columns, Program, Sizes};
use crate::Dynamics;
use burn_cubecl::cubecl;
use cubecl::ir::ElemType;
use cubecl::prelude::*;

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
                carried[index] += from_trace;
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
                    over_time[i] += gradient[i];
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
