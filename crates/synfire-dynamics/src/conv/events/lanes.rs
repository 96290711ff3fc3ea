//! The inner loops, compiled for each instruction set.
#![allow(unsafe_code)]

use super::field::Field;
use super::lists::Events;
use crate::kernel::Isa;
use crate::number::simd::*;
use crate::product::dispatch;

/// Adds to the results of a frame, `[oh ow, lanes]`, the weights of the events that their windows see.
pub(super) fn gather(field: &Field, events: Events<'_>, weights: &[f32], sums: &mut [f32]) {
    dispatch!(field.isa, gather_lanes(field: &Field, events: Events<'_>, weights: &[f32], sums: &mut [f32]) -> ());
}

/// Adds to the gradients of the weights those of the results, `[oh ow, lanes]`, that see their events.
pub(super) fn scatter(field: &Field, events: Events<'_>, gradient: &[f32], weights: &mut [f32]) {
    dispatch!(field.isa, scatter_lanes(field: &Field, events: Events<'_>, gradient: &[f32], weights: &mut [f32]) -> ());
}

#[inline(always)]
fn gather_lanes<S: Simd>(field: &Field, events: Events<'_>, weights: &[f32], sums: &mut [f32]) {
    match field.lanes / S::LANES {
        1 => gather_registers::<S, 1>(field, events, weights, sums),
        2 => gather_registers::<S, 2>(field, events, weights, sums),
        _ => gather_registers::<S, 4>(field, events, weights, sums),
    }
}

#[inline(always)]
fn scatter_lanes<S: Simd>(field: &Field, events: Events<'_>, gradient: &[f32], weights: &mut [f32]) {
    match field.lanes / S::LANES {
        1 => scatter_registers::<S, 1>(field, events, gradient, weights),
        2 => scatter_registers::<S, 2>(field, events, gradient, weights),
        _ => scatter_registers::<S, 4>(field, events, gradient, weights),
    }
}

#[inline(always)]
fn gather_registers<S: Simd, const R: usize>(field: &Field, events: Events<'_>, weights: &[f32], sums: &mut [f32]) {
    let ([height, width], [rows, columns]) = (field.sizes.output, field.sizes.window.kernel);
    let lanes = R * S::LANES;
    for (place, sum) in sums.chunks_exact_mut(lanes).enumerate().take(height * width) {
        let at = [place / width, place % width];
        let mut total: [S; R] = registers(sum);
        for column in 0..columns {
            let start = field.start(at, column);
            let range = events.starts[start] as usize..events.starts[start + rows] as usize;
            let offset = at[0] * field.sizes.window.stride[0] * field.row();
            for (code, value) in events.codes[range.clone()].iter().zip(&events.values[range]) {
                let row = &weights[*code as usize + column * lanes - offset..][..lanes];
                let (value, row): (S, [S; R]) = (S::splat(*value), registers(row));
                for (total, row) in total.iter_mut().zip(row) {
                    *total = total.add(value.mul(row));
                }
            }
        }
        store(total, sum);
    }
}

#[inline(always)]
fn scatter_registers<S: Simd, const R: usize>(
    field: &Field,
    events: Events<'_>,
    gradient: &[f32],
    weights: &mut [f32],
) {
    let ([height, width], [rows, columns]) = (field.sizes.output, field.sizes.window.kernel);
    let lanes = R * S::LANES;
    for (place, gradient) in gradient.chunks_exact(lanes).enumerate().take(height * width) {
        let at = [place / width, place % width];
        let gradient: [S; R] = registers(gradient);
        for column in 0..columns {
            let start = field.start(at, column);
            let range = events.starts[start] as usize..events.starts[start + rows] as usize;
            let offset = at[0] * field.sizes.window.stride[0] * field.row();
            for (code, value) in events.codes[range.clone()].iter().zip(&events.values[range]) {
                let row = &mut weights[*code as usize + column * lanes - offset..][..lanes];
                let (value, mut sum): (S, [S; R]) = (S::splat(*value), registers(row));
                for (sum, gradient) in sum.iter_mut().zip(gradient) {
                    *sum = sum.add(value.mul(gradient));
                }
                store(sum, row);
            }
        }
    }
}

/// Loads `R` registers.
#[inline(always)]
fn registers<S: Simd, const R: usize>(from: &[f32]) -> [S; R] {
    let from = &from[..R * S::LANES];
    // SAFETY: there are as many values as the registers have, as just checked.
    core::array::from_fn(|i| unsafe { S::load(from.as_ptr().add(i * S::LANES)) })
}

/// Stores `R` registers.
#[inline(always)]
fn store<S: Simd, const R: usize>(registers: [S; R], to: &mut [f32]) {
    let to = &mut to[..R * S::LANES];
    for (i, register) in registers.into_iter().enumerate() {
        // SAFETY: there is room for as many values as the registers have, as just checked.
        unsafe { register.store(to.as_mut_ptr().add(i * S::LANES)) };
    }
}
