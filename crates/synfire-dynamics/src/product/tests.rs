//! Products over events and dense ones against sums in double precision, whatever the shape, the
//! instruction set and the number of threads.

use super::lanes::{Block, Events, LINE};
use super::*;
use crate::kernel::Isa;

/// Rows, inputs, outputs: one of each, sizes that fill no register, several tasks and blocks of each.
const SHAPES: [[usize; 3]; 8] =
    [[1, 1, 1], [1, 7, 3], [3, 1, 5], [5, 17, 33], [33, 65, 100], [70, 131, 64], [600, 90, 129], [40, 700, 200]];

/// Pseudo-random values in -0.5..0.5.
fn noise(count: usize, mut seed: u64) -> Vec<f32> {
    let mut next = || {
        seed = seed.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(0x1405_7b7e_f767_814f);
        (seed >> 40) as f32 / (1 << 24) as f32 - 0.5
    };
    (0..count).map(|_| next()).collect()
}

/// Values of which one in eight is not zero, and none in the third row.
fn sparse(rows: usize, columns: usize) -> Vec<f32> {
    let keep = noise(rows * columns, 1);
    let values = noise(rows * columns, 2).into_iter().zip(keep).enumerate();
    values.map(|(i, (x, keep))| if keep < -0.375 && i / columns != 2 { x } else { 0.0 }).collect()
}

/// An element of `a b`, and the sum of the magnitudes of its products.
type Sum = (f64, f64);

/// `a b` in double precision, from elements by row and column.
fn exact([m, k, n]: [usize; 3], a: impl Fn(usize, usize) -> f32, b: impl Fn(usize, usize) -> f32) -> Vec<Sum> {
    let sum = |i: usize| {
        let products = (0..k).map(|j| f64::from(a(i / n, j)) * f64::from(b(j, i % n)));
        products.fold((0.0, 0.0), |(sum, magnitude), x| (sum + x, magnitude + x.abs()))
    };
    (0..m * n).map(sum).collect()
}

#[track_caller]
fn assert_close(what: &str, actual: &[f32], expected: &[Sum]) {
    assert_eq!(actual.len(), expected.len(), "{what}");
    for (i, (&actual, &(sum, magnitude))) in actual.iter().zip(expected).enumerate() {
        let error = (f64::from(actual) - sum).abs();
        assert!(error <= 1e-6 * magnitude, "{what}: element {i} is {actual}, expected {sum}");
    }
}

#[test]
fn events_and_dense_products_are_the_same() {
    for [m, k, n] in SHAPES {
        let (x, w, g) = (sparse(m, k), noise(k * n, 3), noise(m * n, 4));
        let case = format!("{m} x {k} x {n}");

        let expected = exact([m, k, n], |i, j| x[i * k + j], |j, l| w[j * n + l]);
        let events = events::product(&x, k, &w, &vec![0.0; n]);
        assert_close(&format!("events, {case}"), &events, &expected);
        assert_close(&case, &dense::product(Matrix::new(&x, k), Matrix::new(&w, n)), &expected);

        let expected = exact([k, m, n], |i, j| x[j * k + i], |j, l| g[j * n + l]);
        let events = events::transposed_product(&x, k, &g, n);
        assert_close(&format!("events transposed, {case}"), &events, &expected);
        let dense = dense::product(Matrix::new(&x, k).transposed(), Matrix::new(&g, n));
        assert_close(&format!("transposed, {case}"), &dense, &expected);

        let expected = exact([m, n, k], |i, j| g[i * n + j], |j, l| w[l * n + j]);
        assert_close(&format!("gradient of the input, {case}"), &input_gradient(&g, &w, n), &expected);
        let expected = exact([1, m, n], |_, _| 1.0, |j, l| g[j * n + l]);
        assert_close(&format!("gradient of the bias, {case}"), &bias_gradient(&g, n), &expected);
    }
}

#[test]
fn the_order_of_a_dense_sum_does_not_depend_on_the_processor() {
    // others multiply and add with a rounding between them
    if Isa::available().len() == 1 {
        return;
    }
    for [m, k, n] in [[48, 300, 64], [48, 513, 64], [33, 1300, 40], [64, 5000, 24]] {
        let (x, w) = (noise(m * k, 1), noise(k * n, 2));
        let part = k.div_ceil(k.div_ceil(512));
        let element = |i: usize| {
            let term = |sum: f32, j: usize| x[i / n * k + j].mul_add(w[j * n + i % n], sum);
            let parts = (0..k).step_by(part).map(|first| (first..k.min(first + part)).fold(0.0, term));
            parts.reduce(|sum, part| sum + part).unwrap()
        };
        let expected: Vec<f32> = (0..m * n).map(element).collect();
        assert!(dense::product(Matrix::new(&x, k), Matrix::new(&w, n)) == expected, "{m} x {k} x {n}");
    }
}

#[test]
fn spikes_have_the_bits_of_their_values() {
    for [m, k, n] in SHAPES {
        let x: Vec<f32> = sparse(m, k).into_iter().map(|x| f32::from(x != 0.0)).collect();
        let bits = SpikeBits::of(Isa::best(), &x, k).unwrap();
        let (w, b, g) = (noise(k * n, 3), noise(n, 5), noise(m * n, 4));
        let case = format!("{m} x {k} x {n}");
        assert_eq!(events::spikes_product(&bits, &w, &b), events::product(&x, k, &w, &b), "{case}");
        let gradient = events::spikes_transposed_product(&bits, &g, n);
        assert_eq!(gradient, events::transposed_product(&x, k, &g, n), "transposed, {case}");
        // and where a dense product is faster
        for x in [x, vec![1.0; m * k]].into_iter().filter(|_| !is_narrow(n)) {
            let bits = SpikeBits::of(Isa::best(), &x, k).unwrap();
            let (bits, dense) = (Input::Spikes(&bits), Input::Dense(&x));
            assert_eq!(forward(bits, &w, &b), forward(dense, &w, &b));
            assert_eq!(weight_gradient(bits, &g, [k, n]), weight_gradient(dense, &g, [k, n]));
        }
    }
}

#[test]
fn spikes_are_multiplied_by_few_weights() {
    let shapes = [[1, 1, 1], [3, 7, 10], [40, 300, 16], [1100, 130, 17], [300, 65, 63]];
    for ([m, k, n], dense) in shapes.into_iter().flat_map(|shape| [(shape, false), (shape, true)]) {
        let x: Vec<f32> = sparse(m, k).into_iter().map(|x| f32::from(dense || x != 0.0)).collect();
        let bits = SpikeBits::of(Isa::best(), &x, k).unwrap();
        let (w, b, g) = (noise(k * n, 3), noise(n, 5), noise(m * n, 4));
        let case = format!("{m} x {k} x {n}");
        let expected = exact([m, k, n], |i, j| x[i * k + j], |j, l| w[j * n + l]);
        let bias = |(i, (sum, size)): (usize, Sum)| (sum + f64::from(b[i % n]), size + f64::from(b[i % n].abs()));
        let expected: Vec<Sum> = expected.into_iter().enumerate().map(bias).collect();
        assert_close(&case, &forward(Input::Spikes(&bits), &w, &b), &expected);
        let expected = exact([k, m, n], |i, j| x[j * k + i], |j, l| g[j * n + l]);
        assert_close(&format!("transposed, {case}"), &weight_gradient(Input::Spikes(&bits), &g, [k, n]), &expected);
    }
}

#[test]
fn the_bias_is_added_on_both_ways() {
    let (w, b) = (noise(9 * 80, 1), noise(80, 2));
    for (x, events) in [(vec![0.0; 4 * 9], true), (noise(4 * 9, 3), false)] {
        assert_eq!(events::pay_off(&x, 80), events);
        let expected = exact([4, 9, 80], |i, j| x[i * 9 + j], |j, l| w[j * 80 + l]);
        let bias = |i: usize| f64::from(b[i % 80]);
        let expected = expected.into_iter().enumerate();
        let expected: Vec<Sum> = expected.map(|(i, (y, size))| (y + bias(i), size + bias(i).abs())).collect();
        assert_close("with bias", &forward(Input::Dense(&x), &w, &b), &expected);
    }
}

#[test]
fn every_instruction_set_finds_and_adds_the_same() {
    for len in [1, 7, 8, 16, 31, 64, 131, 300] {
        let x = sparse(1, len);
        let expected: Vec<(u32, f32)> = (0..).zip(x.iter().copied()).filter(|(_, x)| *x != 0.0).collect();
        let block = noise(len * len.next_multiple_of(LINE), 5);
        let sums: Vec<Vec<u32>> = Isa::available()
            .into_iter()
            .map(|isa| {
                let (mut indices, mut values) = (vec![0; len + LINE], vec![0.0; len + LINE]);
                let count = isa.find(&x, &mut indices, &mut values);
                let (indices, values) = (&indices[..count], &values[..count]);
                let found: Vec<(u32, f32)> = indices.iter().copied().zip(values.iter().copied()).collect();
                assert_eq!(found, expected, "{isa:?} among {len}");
                let mut sum = noise(len, 6);
                let stride = len.next_multiple_of(LINE);
                isa.add(Events::new(indices, values), Block { values: &block, stride }, &mut sum);
                sum.into_iter().map(f32::to_bits).collect()
            })
            .collect();
        assert!(sums.iter().all(|sum| *sum == sums[0]), "{len} columns");
    }
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let [m, k, n] = [700, 300, 200];
    let (w, b, g) = (noise(k * n, 1), noise(n, 2), noise(m * n, 3));
    let spikes: Vec<f32> = sparse(m, k).into_iter().map(|x| f32::from(x != 0.0)).collect();
    let bits = SpikeBits::of(Isa::best(), &spikes, k).unwrap();
    for x in [sparse(m, k), noise(m * k, 4)] {
        let all = || {
            let results = [
                forward(Input::Dense(&x), &w, &b),
                weight_gradient(Input::Dense(&x), &g, [k, n]),
                input_gradient(&g, &w, n),
                bias_gradient(&g, n),
                forward(Input::Spikes(&bits), &w[..k * 10], &b[..10]),
                weight_gradient(Input::Spikes(&bits), &g[..m * 10], [k, 10]),
            ];
            results.concat().into_iter().map(f32::to_bits).collect::<Vec<_>>()
        };
        let on = |threads| rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap().install(all);
        let one = on(1);
        for threads in [2, 3, 5] {
            assert!(on(threads) == one, "{threads} threads");
        }
    }
}

#[test]
fn a_single_row_has_the_bits_of_a_sum_over_rows() {
    for [k, n] in [[1, 1], [7, 3], [131, 64], [700, 129]] {
        let (mut x, g) = (sparse(1, k), noise(n, 4));
        x[0] = -0.0;
        let outer = weight_gradient(Input::Dense(&x), &g, [k, n]);
        let bits = |values: &[f32]| values.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&outer), bits(&events::transposed_product(&x, k, &g, n)), "events, {k} x {n}");
        // but for the signs of zeros
        assert_eq!(outer, dense::product(Matrix::new(&x, k).transposed(), Matrix::new(&g, n)), "{k} x {n}");
    }
}
