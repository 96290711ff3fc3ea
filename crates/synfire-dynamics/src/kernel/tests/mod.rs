//! Every instruction set, layout and number of threads must give the same bits, and the results of a single neuron
//! in plain `f32`.

mod backward;
mod data;
mod forward;

use super::isa::Isa;
use crate::scan::{Operands, Results};
use data::{ALL, Data, LEARNABLE, PER, Per, SHAPES, STEPS};

fn bits(results: Results<Vec<f32>>) -> [Vec<u32>; 3] {
    results.into_array().map(|x| x.iter().map(|x| x.to_bits()).collect())
}

fn gradient_bits(gradients: Operands<Vec<f32>>) -> [Vec<u32>; 3] {
    gradients.into_array().map(|x| x.iter().map(|x| x.to_bits()).collect())
}

/// Largest difference, relative to the largest magnitude of `expected`.
fn worst(actual: &[f32], expected: &[f64]) -> f64 {
    assert_eq!(actual.len(), expected.len());
    let scale = expected.iter().fold(1e-3, |most: f64, x| most.max(x.abs()));
    actual.iter().zip(expected).fold(0.0, |most: f64, (a, e)| most.max((f64::from(*a) - e).abs())) / scale
}

fn wide(x: &[f32]) -> Vec<f64> {
    x.iter().map(|&x| f64::from(x)).collect()
}

#[test]
fn every_instruction_set_gives_the_same_bits() {
    let sets = Isa::available();
    println!("instruction sets: {sets:?}");
    for shape in SHAPES {
        for (per, input_rows) in PER.into_iter().flat_map(|per| [(per, STEPS), (per, 1)]) {
            let data = Data::new(shape, per, input_rows);
            let expected = bits(data.forward(Isa::Baseline));
            for &isa in &sets {
                assert!(bits(data.forward(isa)) == expected, "forward {isa:?} {shape:?} {per:?}");
            }
            for learnable in LEARNABLE {
                let gradients = gradient_bits(data.backward(Isa::Baseline, learnable, ALL));
                for &isa in &sets {
                    let same = gradient_bits(data.backward(isa, learnable, ALL)) == gradients;
                    assert!(same, "backward {isa:?} {shape:?} {per:?} {learnable:?}");
                }
            }
        }
    }
}

#[test]
fn the_number_of_threads_does_not_matter() {
    for shape in [(1, 7, 7), (2, 550, 50), (9, 600, 6)] {
        let data = Data::new(shape, Per::Channel, STEPS);
        let results = [1, 2, 5].map(|threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                (bits(data.forward(Isa::best())), gradient_bits(data.backward(Isa::best(), &[0, 1, 2], ALL)))
            })
        });
        assert!(results[0] == results[1], "{shape:?}: 2 threads");
        assert!(results[0] == results[2], "{shape:?}: 5 threads");
    }
}
