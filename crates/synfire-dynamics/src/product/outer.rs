//! The outer product of two vectors: the gradient of the weights from a single row.

use crate::memory::Uninit;
use core::mem::MaybeUninit;
use rayon::prelude::*;

/// Rows of the result that one task writes.
const ROWS: usize = 64;

/// `xᵀ g`, `[inputs, outputs]`: each value is written once, rows of zeros without a product.
pub(super) fn product(x: &[f32], g: &[f32]) -> Vec<f32> {
    let mut result = Uninit::new(x.len() * g.len());
    let tasks = result.unwritten().par_chunks_mut(ROWS * g.len()).zip(x.par_chunks(ROWS));
    tasks.for_each(|(rows, x)| {
        for (row, &x) in rows.chunks_exact_mut(g.len()).zip(x) {
            match x {
                0.0 => row.fill(MaybeUninit::new(0.0)),
                // a sum that begins with 0, as those over several rows do: no negative zeros
                _ => row.iter_mut().zip(g).for_each(|(to, g)| _ = to.write(0.0 + x * g)),
            }
        }
    });
    result.into_written()
}
