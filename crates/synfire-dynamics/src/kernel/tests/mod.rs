//! The kernels against themselves: every instruction set, layout and number of threads must give the
//! same bits, and what comes out must be what one neuron in plain `f32` gives.

mod backward;
mod data;
mod forward;

use super::machine::Isa;
use super::{Gradients, Scanned};
use data::{ACTIVE, Data, PER, Per, SHAPES, STEPS};

fn bits(scanned: &Scanned) -> [Vec<u32>; 3] {
    [&scanned.output, &scanned.traces, &scanned.finals].map(|x| x.iter().map(|x| x.to_bits()).collect())
}

fn gradient_bits(gradients: &Gradients) -> [Vec<u32>; 3] {
    [&gradients.inputs, &gradients.params, &gradients.initial].map(|x| x.iter().map(|x| x.to_bits()).collect())
}

/// Largest difference, relative to the largest number of `expected`.
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
            let scanned = bits(&data.forward(Isa::Baseline));
            for &isa in &sets {
                assert!(bits(&data.forward(isa)) == scanned, "forward {isa:?} {shape:?} {per:?}");
            }
            for active in ACTIVE {
                let gradients = gradient_bits(&data.backward(Isa::Baseline, active, [true; 3]));
                for &isa in &sets {
                    let same = gradient_bits(&data.backward(isa, active, [true; 3])) == gradients;
                    assert!(same, "backward {isa:?} {shape:?} {per:?} {active:?}");
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
                (bits(&data.forward(Isa::best())), gradient_bits(&data.backward(Isa::best(), &[0, 1, 2], [true; 3])))
            })
        });
        assert!(results[0] == results[1], "{shape:?}: 2 threads");
        assert!(results[0] == results[2], "{shape:?}: 5 threads");
    }
}
