//! The power spectrum of real values: a radix-2 transform, whose results are the same bits on every machine.

use std::f64::consts::PI;

/// A transform of a given size.
pub(super) struct Fft {
    /// `exp(-2 pi i k / size)`, cosine and sine.
    roots: Vec<[f32; 2]>,
}

impl Fft {
    /// A transform of this size, a power of two.
    pub(super) fn new(size: usize) -> Self {
        let root = |k: usize| {
            let (sin, cos) = (-2.0 * PI * k as f64 / size as f64).sin_cos();
            [cos as f32, sin as f32]
        };
        Fft { roots: (0..size / 2).map(root).collect() }
    }

    /// `|X_k|^2` of these values for `k` from 0 to half their number.
    pub(super) fn powers(&self, values: &[f32]) -> Vec<f32> {
        let size = values.len();
        let bits = size.trailing_zeros();
        let reversed = |i: usize| if bits == 0 { 0 } else { i.reverse_bits() >> (usize::BITS - bits) };
        let mut all: Vec<[f32; 2]> = (0..size).map(|i| [values[reversed(i)], 0.0]).collect();
        let mut half = 1;
        while half < size {
            let stride = size / (2 * half);
            for block in all.chunks_exact_mut(2 * half) {
                let (low, high) = block.split_at_mut(half);
                for (k, (a, b)) in low.iter_mut().zip(high).enumerate() {
                    let [cos, sin] = self.roots[k * stride];
                    let turned = [b[0] * cos - b[1] * sin, b[0] * sin + b[1] * cos];
                    *b = [a[0] - turned[0], a[1] - turned[1]];
                    *a = [a[0] + turned[0], a[1] + turned[1]];
                }
            }
            half *= 2;
        }
        all[..=size / 2].iter().map(|[re, im]| re * re + im * im).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_those_of_the_definition() {
        let values: Vec<f32> = (0..32).map(|i| ((i * i * 7 % 23) as f32 - 11.0) / 5.0).collect();
        let powers = Fft::new(32).powers(&values);
        for (k, &power) in powers.iter().enumerate() {
            let sum = |part: fn(f64) -> f64| -> f64 {
                (0..32).map(|i| f64::from(values[i]) * part(2.0 * PI * (i * k) as f64 / 32.0)).sum()
            };
            let exact = sum(f64::cos).powi(2) + sum(f64::sin).powi(2);
            assert!((f64::from(power) - exact).abs() < 1e-4 * exact.max(1.0), "{k}: {power} {exact}");
        }
        assert_eq!(powers.len(), 17);
    }
}
