//! Sums of two functions of two tensors over batch and places.

use super::Sizes;
use rayon::prelude::*;

/// Values that are summed side by side.
const STRANDS: usize = 4;

/// The sums, for each channel, of what `of` makes of the values of two tensors `[M, C, S]`.
pub(super) fn sums(
    sizes: Sizes,
    tensors: [&[f32]; 2],
    of: impl Fn(usize, [f32; 2]) -> [f64; 2] + Sync,
) -> [Vec<f64>; 2] {
    let [a, b] = tensors.map(|x| x.par_chunks(sizes.part()));
    let parts: Vec<[Vec<f64>; 2]> = a.zip(b).map(|(a, b)| part(sizes, [a, b], &of)).collect();
    let mut total = [vec![0.0; sizes.channels], vec![0.0; sizes.channels]];
    for part in parts {
        for (total, part) in total.iter_mut().zip(part) {
            total.iter_mut().zip(part).for_each(|(total, x)| *total += x);
        }
    }
    total
}

fn part(sizes: Sizes, [a, b]: [&[f32]; 2], of: impl Fn(usize, [f32; 2]) -> [f64; 2]) -> [Vec<f64>; 2] {
    let [mut first, mut second] = [vec![0.0; sizes.channels], vec![0.0; sizes.channels]];
    let samples = a.chunks_exact(sizes.sample()).zip(b.chunks_exact(sizes.sample()));
    for (a, b) in samples {
        let rows = a.chunks_exact(sizes.places).zip(b.chunks_exact(sizes.places));
        let totals = first.iter_mut().zip(&mut second);
        for ((channel, (a, b)), (first, second)) in rows.enumerate().zip(totals) {
            let ((a, a_rest), (b, b_rest)) = (a.as_chunks::<STRANDS>(), b.as_chunks::<STRANDS>());
            let mut strands = [[0.0; STRANDS]; 2];
            for (a, b) in a.iter().zip(b) {
                for i in 0..STRANDS {
                    let [x, y] = of(channel, [a[i], b[i]]);
                    strands[0][i] += x;
                    strands[1][i] += y;
                }
            }
            for (a, b) in a_rest.iter().zip(b_rest) {
                let [x, y] = of(channel, [*a, *b]);
                strands[0][0] += x;
                strands[1][0] += y;
            }
            *first += strands[0].iter().sum::<f64>();
            *second += strands[1].iter().sum::<f64>();
        }
    }
    [first, second]
}
