//! Sums over the ranks in the order of the tree.

use super::{Communicator, Tree};
use crate::Error;

/// Identity of floating-point addition: unlike 0.0 it keeps the sign of -0.0.
const NOTHING: f32 = -0.0;

/// Replaces the sum of a rank's subtree, `None` where it is empty, by that of the whole tree, the same bits on all ranks; their
/// number is a power of two.
///
/// Ranks halve the values with their neighbour, then with the one at distance 2, 4, ..: each of them has the sum of a part,
/// and hands it back the same way (Rabenseifner 2004, Optimization of collective reduction operations). Of n values
/// a rank sends `2 n (ranks - 1) / ranks`, in `2 log2(ranks)` messages.
pub(in crate::train) fn all_reduce(
    ranks: &dyn Communicator,
    own: Option<Vec<f32>>,
    len: usize,
) -> Result<Vec<f32>, Error> {
    let mut values = own.unwrap_or_else(|| vec![NOTHING; len]);
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
        ranks.exchange(peer, &values[given.clone()], received)?;
        values[kept.clone()].iter_mut().zip(received).for_each(|(value, other)| *value += *other);
        exchanged.push((peer, kept.clone(), given));
        range = kept;
        distance *= 2;
    }
    for (peer, kept, given) in exchanged.into_iter().rev() {
        let received = &mut received[..given.len()];
        ranks.exchange(peer, &values[kept], received)?;
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
    use crate::train::parallel::threads::Threads;

    /// Value `i` of a leaf; the order of addition changes the sum.
    fn value(leaf: usize, i: usize) -> f32 {
        [1e7, -0.0, 3.3, -1e7, 1e-4][(leaf + i) % 5] * (1.0 + (leaf * 7 + i) as f32 / 9.0)
    }

    /// The sum of 8 leaves, some of them empty, over this many ranks: the bits that each of them has.
    fn sums(size: usize, len: usize) -> Vec<Vec<u32>> {
        Threads::run(size, |ranks| {
            let mut tree = Tree::default();
            let own = 8 / size;
            for leaf in ranks.rank() * own..(ranks.rank() + 1) * own {
                tree.push((leaf % 8 < 5).then(|| (0..len).map(|i| value(leaf, i)).collect::<Vec<f32>>()));
            }
            all_reduce(ranks, tree.sum(), len).unwrap().into_iter().map(f32::to_bits).collect()
        })
    }

    #[test]
    fn any_number_of_ranks_has_the_same_bits() {
        for len in [0, 1, 2, 3, 7, 64, 1001] {
            let one = sums(1, len).remove(0);
            assert_eq!(one.len(), len);
            for size in [2, 4, 8] {
                for (rank, sum) in sums(size, len).into_iter().enumerate() {
                    assert_eq!(sum, one, "rank {rank} of {size}, {len} values");
                }
            }
        }
    }

    #[test]
    fn double_sums_are_in_the_order_of_the_tree() {
        let own = |rank: usize| (rank != 2).then(|| vec![[1e16, 1.0, 7.0, -1e16][rank], 1.0]);
        let sums = Threads::run(4, |ranks| gathered_sum(ranks, own(ranks.rank())).unwrap());
        assert_eq!(sums, vec![vec![(1e16 + 1.0) - 1e16, 3.0]; 4]);
    }
}
