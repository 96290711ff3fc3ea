//! Random tensors and comparisons for the engine's own tests.

use burn::tensor::{Device, Tensor, TensorData};

/// Random integers and values, the same for the same seed.
#[derive(Debug)]
pub(crate) struct Noise(u64);

impl Noise {
    pub(crate) fn new(seed: u64) -> Self {
        Noise(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        self.0 >> 40
    }

    /// An integer from `low` to `high`, both included.
    pub(crate) fn integer(&mut self, low: usize, high: usize) -> usize {
        low + self.next() as usize % (high - low + 1)
    }

    /// Values in -0.5..0.5.
    pub(crate) fn values(&mut self, count: usize) -> Vec<f32> {
        (0..count).map(|_| self.next() as f32 / (1 << 24) as f32 - 0.5).collect()
    }

    pub(crate) fn tensor<const N: usize>(&mut self, shape: [usize; N], device: &Device) -> Tensor<N> {
        tensor(self.values(shape.iter().product()), shape, device)
    }
}

pub(crate) fn tensor<const N: usize>(values: Vec<f32>, shape: [usize; N], device: &Device) -> Tensor<N> {
    Tensor::from_data(TensorData::new(values, shape), device)
}

pub(crate) fn values<const N: usize>(tensor: &Tensor<N>) -> Vec<f32> {
    tensor.to_data().try_into_vec().expect("f32")
}

/// The CPU backends with autodiff.
pub(crate) fn devices() -> [Device; 2] {
    #[allow(deprecated)] // Burn 0.22 names flex as ndarray's successor; both are supported here
    [Device::flex().autodiff(), Device::ndarray().autodiff()]
}

/// Fails if values differ by more than this share of the largest expected one.
#[track_caller]
pub(crate) fn assert_close(what: &str, actual: &[f32], expected: &[f32], tolerance: f32) {
    assert_eq!(actual.len(), expected.len(), "{what}");
    let largest = expected.iter().fold(1e-3, |most: f32, x| most.max(x.abs()));
    for (i, (a, e)) in actual.iter().zip(expected).enumerate() {
        let close = a == e || (a - e).abs() <= tolerance * largest;
        assert!(close, "{what}: value {i} is {a}, expected {e}");
    }
}

/// The bits of what `run` returns on one thread, which must be those on several.
#[track_caller]
pub(crate) fn assert_independent_of_threads(what: &str, run: impl Fn() -> Vec<f32> + Send + Sync) {
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("threads");
        pool.install(&run).into_iter().map(f32::to_bits).collect::<Vec<_>>()
    };
    let one = on(1);
    assert!(!one.is_empty() && [2, 3].into_iter().all(|threads| on(threads) == one), "{what}");
}
