//! Spikes of SHD's HDF5 files: `cargo test -p synfire-data --features hdf5 --test shd`.

#[allow(dead_code)] // files of other formats
mod mutation;

use mutation::{count, mutated};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::fs;
use synfire_data::{DataOptions, Dataset, EventOptions, Frames};

/// Two recordings as h5py writes them, times as floats of 16 bits: 1.0 and 0.5 s of units 699 and 3, 0.25 s of unit 5.
const FILE: &[u8] = include_bytes!("shd/two.h5");

#[test]
fn spikes_are_those_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("shd_train.h5"), FILE).unwrap();
    fs::write(folder.path().join("shd_test.h5"), FILE).unwrap();
    let events = EventOptions { frames: Some(Frames::Window(250_000)), ..EventOptions::default() };
    let data = Dataset::open_with(folder.path(), &DataOptions { events, ..DataOptions::default() }).unwrap();
    assert_eq!(data.train.sample_shape(), [3, 700]);
    let batch = data.train.batch(&[0, 1]).unwrap();
    let values = batch.values.to_floats();
    let ones: Vec<usize> = (0..values.len()).filter(|&i| values[i] == 1.0).collect();
    assert_eq!((ones, batch.lengths), (vec![3, 2 * 700 + 699, 3 * 700 + 5], vec![3, 1]));
}

#[test]
fn damaged_files_are_errors() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("shd_train.h5");
    fs::write(folder.path().join("shd_test.h5"), FILE).unwrap();
    let read = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        Dataset::open(folder.path()).and_then(|data| data.train.batch(&[0, 1]))
    };
    read(FILE).unwrap();
    let mut random = ChaCha8Rng::seed_from_u64(0);
    let refused = (0..count()).filter(|_| read(&mutated(FILE, &mut random)).is_err()).count();
    assert!(refused > count() / 6, "{refused} of {} refused", count());
    eprintln!("hdf5: {} files, {refused} refused", count());
}
