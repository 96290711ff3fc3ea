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
    assert_eq!(mnist.train.labels()[..5], [5, 0, 4, 1, 9]);
    assert_eq!(mnist.test.labels()[..5], [7, 2, 1, 0, 4]);

    // The mean pixel of the training images that everyone normalises by.
    let mut sum = 0.0;
    let mut pixels = vec![0.0; 784];
    for index in 0..mnist.train.len() {
        mnist.train.pixels_into(index, &mut pixels);
        sum += pixels.iter().map(|&pixel| f64::from(pixel)).sum::<f64>();
    }
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
