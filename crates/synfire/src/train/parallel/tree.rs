//! Sums in a fixed binary tree.

use std::ops::AddAssign;

/// Leaf or sum of a [`Tree`].
pub(in crate::train) trait Summand {
    /// Adds the sum of the neighbouring subtree to this one.
    fn add(&mut self, right: Self);
}

impl<T: Copy + AddAssign> Summand for Vec<T> {
    fn add(&mut self, right: Self) {
        self.iter_mut().zip(&right).for_each(|(left, right)| *left += *right);
    }
}

/// The sum of leaves in the order of a binary tree over them, `((a + b) + (c + d)) + ..`. It keeps one sum for each level
/// of the tree.
#[derive(Debug)]
pub(in crate::train) struct Tree<T> {
    /// Sum of a complete subtree of `2^level` leaves that waits for the one beside it; `Some(None)` of nothing but empty
    /// leaves.
    levels: Vec<Option<Option<T>>>,
}

impl<T> Default for Tree<T> {
    fn default() -> Self {
        Tree { levels: vec![] }
    }
}

impl<T: Summand> Tree<T> {
    /// Adds the next leaf. An empty one counts as a place in the tree, and changes no bit of the sum.
    pub(in crate::train) fn push(&mut self, leaf: Option<T>) {
        let mut sum = leaf;
        for level in &mut self.levels {
            match level.take() {
                Some(left) => sum = added(left, sum),
                None => {
                    *level = Some(sum);
                    return;
                }
            }
        }
        self.levels.push(Some(sum));
    }

    /// The sum of all leaves; `None` if there are none but empty ones.
    pub(in crate::train) fn sum(self) -> Option<T> {
        self.levels.into_iter().flatten().fold(None, |right, left| added(left, right))
    }
}

/// The sum of neighbours; an empty one changes nothing.
pub(super) fn added<T: Summand>(left: Option<T>, right: Option<T>) -> Option<T> {
    match (left, right) {
        (Some(mut left), Some(right)) => {
            left.add(right);
            Some(left)
        }
        (left, right) => left.or(right),
    }
}

#[cfg(test)]
mod tests {
    use super::Tree;

    fn sum(leaves: &[Option<f32>]) -> Option<f32> {
        let mut tree = Tree::default();
        leaves.iter().for_each(|leaf| tree.push(leaf.map(|leaf| vec![leaf])));
        tree.sum().map(|sum| sum[0])
    }

    /// Values whose sum depends on the order of addition.
    fn value(i: usize) -> f32 {
        [1e8, 1.0, -1e8, 3.0, 0.1, 7e7, -0.3, 1e-3][i % 8] * (1.0 + i as f32 / 3.0)
    }

    #[test]
    fn the_order_is_that_of_a_binary_tree() {
        let x: Vec<f32> = (0..8).map(value).collect();
        let leaves: Vec<Option<f32>> = x.iter().copied().map(Some).collect();
        let tree = ((x[0] + x[1]) + (x[2] + x[3])) + ((x[4] + x[5]) + (x[6] + x[7]));
        assert_eq!(sum(&leaves), Some(tree));
        assert_ne!(Some(x.iter().sum::<f32>()), Some(tree), "one after the other it is another sum");
        assert_eq!(sum(&leaves[..5]), Some(((x[0] + x[1]) + (x[2] + x[3])) + x[4]));
        let holes = [leaves[0], None, None, None, leaves[4], None, leaves[6], None];
        assert_eq!(sum(&holes), Some(x[0] + (x[4] + x[6])));
        assert_eq!([sum(&[]), sum(&[None, None, None])], [None, None]);
    }

    #[test]
    fn sums_of_subtrees_are_the_sum_of_the_tree() {
        for empty in 0..16 {
            let leaves: Vec<Option<f32>> = (0..16).map(|i| (i % 5 != empty % 5).then(|| value(i))).collect();
            let whole = sum(&leaves).map(f32::to_bits);
            for ranks in [1, 2, 4, 8, 16] {
                let parts: Vec<Option<f32>> = leaves.chunks(16 / ranks).map(sum).collect();
                assert_eq!(sum(&parts).map(f32::to_bits), whole, "{ranks} ranks");
            }
        }
    }
}
