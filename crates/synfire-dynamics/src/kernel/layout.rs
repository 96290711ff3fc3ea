//! Where the numbers lie.

/// Sizes of a scan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Layout {
    pub(crate) steps: usize,
    pub(crate) batch: usize,
    pub(crate) neurons: usize,
}

impl Layout {
    pub(crate) fn plane(&self) -> usize {
        self.batch * self.neurons
    }

    /// The tiles of the plane: neurons that one task walks through time with, few enough that their
    /// `states` at every step stay in the second-level cache. Never depends on the thread count.
    pub(super) fn tiles(&self, states: usize) -> Vec<Tile> {
        const BUDGET: usize = 64 * 1024; // numbers, a quarter of a MiB
        let fit = BUDGET / (self.steps.max(1) * states.max(1));
        let (size, plane) = ((fit / 64 * 64).clamp(64, 256), self.plane());
        (0..plane).step_by(size).map(|start| Tile { start, len: size.min(plane - start) }).collect()
    }

    /// Index of the value of a parameter of `len` values that belongs to this place of the plane: the parameter
    /// has one value for the layer, one per channel or one per neuron.
    pub(super) fn param_index(&self, len: usize, place: usize) -> usize {
        place % self.neurons / (self.neurons / len)
    }
}

/// Neighbouring places of the plane.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tile {
    pub(super) start: usize,
    pub(super) len: usize,
}

/// The range of parameter `index` among the packed values.
pub(super) fn param_range(lengths: &[usize], index: usize) -> std::ops::Range<usize> {
    let start: usize = lengths[..index].iter().sum();
    start..start + lengths[index]
}

/// Adds up what each place of the plane contributes to each value of a parameter of `len` values.
///
/// In double precision and in a fixed order: the sum does not depend on who computed the parts.
pub(super) fn reduce(plane: &[f32], len: usize, layout: &Layout) -> Vec<f32> {
    let share = layout.neurons / len;
    let mut sums = vec![0f64; len];
    for row in plane.chunks_exact(layout.neurons) {
        for (sum, group) in sums.iter_mut().zip(row.chunks_exact(share)) {
            *sum += group.iter().map(|&x| f64::from(x)).sum::<f64>();
        }
    }
    sums.into_iter().map(|sum| sum as f32).collect()
}
