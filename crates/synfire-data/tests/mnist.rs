//! The real MNIST, where it is at hand.

mod common;

use synfire_data::Dataset;

#[test]
fn mnist_opens_with_its_known_statistics() {
    let Some(folder) = common::mnist_folder() else { return };
    let mnist = Dataset::open(folder).unwrap();
    assert_eq!((mnist.name.as_str(), mnist.classes), ("mnist", 10));
    assert_eq!((mnist.train.len(), mnist.test.len()), (60_000, 10_000));
    assert_eq!(mnist.train.sample_shape(), [28, 28]);
    assert_eq!(mnist.train.labels().unwrap()[..5], [5, 0, 4, 1, 9]);
    assert_eq!(mnist.test.labels().unwrap()[..5], [7, 2, 1, 0, 4]);

    // The mean pixel of the training images that everyone normalises by.
    let all: Vec<usize> = (0..mnist.train.len()).collect();
    let sum_of = |indices: &[usize]| -> f64 {
        mnist.train.batch(indices).unwrap().values.to_floats().iter().map(|&pixel| f64::from(pixel)).sum()
    };
    let sum: f64 = all.chunks(1000).map(sum_of).sum();
    let mean = sum / (60_000.0 * 784.0);
    assert!((mean - 0.1307).abs() < 5e-5, "{mean}");
}
