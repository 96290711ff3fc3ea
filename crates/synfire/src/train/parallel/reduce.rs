//! Sums over the ranks in the order of the tree.

use super::{Communicator, ExchangePrecision, Tree};
use crate::Error;

/// Identity of floating-point addition: unlike 0.0 it keeps the sign of -0.0.
const NOTHING: f32 = -0.0;

/// Replaces the sum of a rank's subtree, `None` where it is empty, by that of the whole tree, the same bits on all ranks; their
/// number is a power of two.
///
/// Ranks halve the values with their neighbour, then with the one at distance 2, 4, ..: each of them has the sum of a part,
/// and hands it back the same way (Rabenseifner 2004, Optimization of collective reduction operations). Of n values
/// a rank sends `2 n (ranks - 1) / ranks`, in `2 log2(ranks)` messages, in this precision: each summand is rounded to it, and
/// so is the sum.
pub(in crate::train) fn all_reduce(
    ranks: &dyn Communicator,
    own: Option<Vec<f32>>,
    len: usize,
    precision: ExchangePrecision,
) -> Result<Vec<f32>, Error> {
    let mut values = own.unwrap_or_else(|| vec![NOTHING; len]);
    precision.round(&mut values);
    let mut received = vec![0.0; len.div_ceil(2)];
    let mut exchanged = vec![];
    let mut range = 0..len;
    let mut distance = 1;
    while distance < ranks.size() {
        let (peer, is_left) = (ranks.rank() ^ distance, ranks.rank() & distance == 0);
        let middle = range.start + range.len() / 2;
        let (left, right) = (range.start..middle, middle..range.end);
        let (kept, given) = if is_left { (left, right) } else { (right, left) };
        let received = &mut received[..kept.len()];
        precision.exchange(ranks, peer, &values[given.clone()], received)?;
        let values = &mut values[kept.clone()];
        values.iter_mut().zip(received).for_each(|(value, other)| *value += *other);
        precision.round(values);
        exchanged.push((peer, kept.clone(), given));
        range = kept;
        distance *= 2;
    }
    for (peer, kept, given) in exchanged.into_iter().rev() {
        let received = &mut received[..given.len()];
        precision.exchange(ranks, peer, &values[kept], received)?;
        values[given].copy_from_slice(received);
    }
    Ok(values)
}

/// As [`all_reduce`], of few numbers in double precision: every rank sends its own to all.
pub(in crate::train) fn gathered_sum(ranks: &dyn Communicator, own: Option<Vec<f64>>) -> Result<Vec<f64>, Error> {
    let bytes: Vec<u8> = own.into_iter().flatten().flat_map(f64::to_le_bytes).collect();
    let mut tree = Tree::default();
    for bytes in ranks.gather(&bytes)? {
        let numbers = bytes.chunks_exact(8).map(|bytes| bytes.try_into().map_or(f64::NAN, f64::from_le_bytes));
        let numbers: Vec<f64> = numbers.collect();
        tree.push((!numbers.is_empty()).then_some(numbers));
    }
    Ok(tree.sum().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::parallel::HostGradients;
    use crate::train::parallel::devices::tests::run;

    /// Value `i` of a leaf; the order of addition changes the sum.
    fn value(leaf: usize, i: usize) -> f32 {
        [1e2, -0.0, 3.3e-5, -1e2, 1e-9][(leaf + i) % 5] * (1.0 + (leaf * 7 + i) as f32 / 9.0)
    }

    /// The sum of 8 leaves, some of them empty, over this many ranks: the bits that each of them has.
    fn sums(size: usize, len: usize, precision: ExchangePrecision) -> Vec<Vec<u32>> {
        run(size, |ranks| {
            let mut tree = Tree::default();
            let own = 8 / size;
            for leaf in ranks.rank() * own..(ranks.rank() + 1) * own {
                let leaf = (leaf % 8 < 5).then(|| (0..len).map(|i| value(leaf, i)).collect());
                tree.push(leaf.map(|leaf| HostGradients::new(vec![Some(leaf)], precision)));
            }
            let own = tree.sum().map(|values| values.joined(&[len]));
            all_reduce(&*ranks, own, len, precision).unwrap().into_iter().map(f32::to_bits).collect()
        })
    }

    #[test]
    fn any_number_of_ranks_has_the_same_bits() {
        for precision in [ExchangePrecision::F32, ExchangePrecision::F16] {
            for len in [0, 1, 2, 3, 7, 64, 1001] {
                let one = sums(1, len, precision).remove(0);
                assert_eq!(one.len(), len);
                assert!(one.iter().all(|bits| f32::from_bits(*bits).is_finite()));
                for size in [2, 4, 8] {
                    for (rank, sum) in sums(size, len, precision).into_iter().enumerate() {
                        assert_eq!(sum, one, "rank {rank} of {size}, {len} values of {precision:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn half_precision_differs_by_rounding() {
        let leaves = [0.1_f32, 0.7, -0.3, 1.3];
        let sum = |precision: ExchangePrecision| {
            let sums = run(4, |ranks| {
                all_reduce(&*ranks, Some(vec![leaves[ranks.rank()]; 5]), 5, precision).unwrap()[ranks.rank()]
            });
            assert!(sums.iter().all(|sum| *sum == sums[0]));
            sums[0]
        };
        let [single, half] = [ExchangePrecision::F32, ExchangePrecision::F16].map(sum);
        assert_eq!(single, (0.1 + 0.7) + (-0.3 + 1.3));
        assert!(single != half && (single - half).abs() < 2e-3, "{single} {half}");
    }

    #[test]
    fn double_sums_are_in_the_order_of_the_tree() {
        let own = |rank: usize| (rank != 2).then(|| vec![[1e16, 1.0, 7.0, -1e16][rank], 1.0]);
        let sums = run(4, |ranks| gathered_sum(&*ranks, own(ranks.rank())).unwrap());
        assert_eq!(sums, vec![vec![(1e16 + 1.0) - 1e16, 3.0]; 4]);
    }
}
