//! Spikes of SHD's HDF5 files: `cargo test -p synfire-data --features hdf5 --test shd`.

use hdf5_writer::{ByteOrder, DatasetBuilder, Datatype, Hdf5Builder, WriteOptions};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::fs;
use synfire_data::{DataOptions, Dataset, EventOptions, Frames};

/// A file with these lists of times, floats of 16 bits, and of units.
fn file(times: &[Vec<u16>], units: &[Vec<u16>], labels: &[u16]) -> Vec<u8> {
    let bytes = |lists: &[Vec<u16>]| {
        let list = |list: &Vec<u16>| list.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>();
        lists.iter().map(list).collect::<Vec<_>>()
    };
    let float = Datatype::FloatingPoint { size: 2, byte_order: ByteOrder::LittleEndian };
    let whole = Datatype::FixedPoint { size: 2, signed: false, byte_order: ByteOrder::LittleEndian };
    let shape = vec![labels.len() as u64];
    Hdf5Builder::new()
        .dataset(DatasetBuilder::vlen_sequence_data("spikes/times", float, shape.clone(), bytes(times)).unwrap())
        .dataset(DatasetBuilder::vlen_sequence_data("spikes/units", whole, shape.clone(), bytes(units)).unwrap())
        .dataset(DatasetBuilder::typed_data::<u16>("labels", shape, labels).unwrap())
        .into_plan()
        .unwrap()
        .encode(WriteOptions::default())
        .unwrap()
}

#[test]
fn spikes_are_those_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    // 1.0, 0.5 and 0.25 s
    let bytes = file(&[vec![0x3c00, 0x3800], vec![0x3400]], &[vec![699, 3], vec![5]], &[0, 1]);
    fs::write(folder.path().join("shd_train.h5"), &bytes).unwrap();
    fs::write(folder.path().join("shd_test.h5"), &bytes).unwrap();
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
    let path = folder.path().join("a.h5");
    let lists = |value: u16| vec![vec![value; 3]; 10];
    let whole = file(&lists(0x3800), &lists(9), &[0, 1, 0, 1, 0, 1, 0, 1, 0, 1]);
    let mut random = ChaCha8Rng::seed_from_u64(0);
    let mut refused = 0;
    for i in 0..600 {
        let mut bytes = whole.clone();
        match i % 3 {
            0 => bytes.truncate(random.next_u32() as usize % whole.len()),
            1 => bytes[random.next_u32() as usize % whole.len()] = random.next_u32() as u8,
            _ => bytes[random.next_u32() as usize % (whole.len() - 8)..][..8].fill(0xff),
        }
        fs::write(&path, bytes).unwrap();
        refused += usize::from(Dataset::open(&path).and_then(|data| data.train.batch(&[0])).is_err());
    }
    assert!(refused > 100, "{refused}");
}
