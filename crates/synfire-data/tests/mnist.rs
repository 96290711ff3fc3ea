//! The real MNIST, where it is at hand.
//!
//! Looked for in the folder `SYNFIRE_MNIST` names, else beside the project;
//! skipped with a visible line (`cargo test -- --nocapture`) if it is absent.

use std::{env, path::PathBuf};
use synfire_data::Dataset;

fn mnist_folder() -> Option<PathBuf> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/datasets/mnist");
    let folder = env::var_os("SYNFIRE_MNIST").map_or_else(|| beside.into(), PathBuf::from);
    if !folder.is_dir() {
        eprintln!("skipped: no MNIST in {}; set SYNFIRE_MNIST to its folder", folder.display());
        return None;
    }
    Some(folder)
}

#[test]
fn mnist_opens_with_its_known_statistics() {
    let Some(folder) = mnist_folder() else { return };
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

/// The catalog's checksums are those of the real files.
#[cfg(feature = "download")]
#[test]
fn real_files_pass_for_fetched_ones() {
    use synfire_data::download::{Progress, catalog};
    let Some(folder) = mnist_folder() else { return };
    let mut mnist = catalog().remove(0);
    // Without mirrors a file that is not accepted is an error.
    mnist.mirrors.clear();
    let mut kept = 0;
    let files =
        mnist.fetch(folder, &mut |progress| kept += usize::from(matches!(progress, Progress::Kept { .. }))).unwrap();
    assert_eq!((kept, files.len()), (4, 4));
}
