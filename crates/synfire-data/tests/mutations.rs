//! Files that are damaged at random: an error, never a panic, and no more memory than the size of the file allows.
//!
//! `SYNFIRE_MUTATIONS=2000000 cargo test --release -p synfire-data --test mutations` tries more of them than a usual run.

mod mutation;

use mutation::{count, mutated, seeds};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::path::Path;
use synfire_data::{DataOptions, Dataset, Raw};

/// Memory beside that in proportion to the file: tables and buffers of decoders.
const FIXED: u64 = 1 << 20;

/// Damages a file, and compares the memory that reading it takes at once with `factor` times its size.
fn check(name: &str, whole: &[u8], factor: u64) {
    let parse = |bytes: &[u8]| Raw::parse(bytes, Path::new(name), &DataOptions::default()).map(drop);
    parse(whole).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut random = ChaCha8Rng::seed_from_u64(whole.len() as u64);
    let (mut refused, mut most) = (0, 0);
    for _ in 0..count() {
        let bytes = mutated(whole, &mut random);
        let taken = allocation_counter::measure(|| refused += usize::from(parse(&bytes).is_err())).bytes_max;
        most = most.max(taken);
        let allowed = FIXED + factor * bytes.len() as u64;
        assert!(taken <= allowed, "{name}: {taken} bytes for a file of {}: {bytes:?}", bytes.len());
    }
    assert!(refused > 0, "{name}");
    eprintln!("{name}: {} files, {refused} refused, at most {most} bytes for about {}", count(), whole.len());
}

macro_rules! readers {
    ($($test:ident: $name:literal, $bytes:expr, $factor:literal;)*) => {$(
        #[test]
        fn $test() {
            check($name, &$bytes, $factor);
        }
    )*};
}

readers! {
    atis: "a.bin", [1, 2, 0x80, 0, 3, 4, 5, 0, 1, 2, 9, 240, 0, 0, 1], 128;
    slayer: "a.bs1", [1, 2, 0x80, 0, 3, 4, 5, 0, 1, 2], 128;
    aedat2: "a.aedat", seeds::aedat2(), 128;
    aedat3: "b.aedat", seeds::aedat3(), 128;
    dat: "a.dat", seeds::dat(), 128;
    evt2: "a.raw", seeds::evt2(), 128;
    evt3: "b.raw", seeds::evt3(), 128;
    events_in_csv: "a.csv", *b"t,x,y,p\n1,2,3,1\n5,6,7,0\n", 128;
    wav: "a.wav", seeds::wav(), 128;
    png: "a.png", seeds::picture(image::ImageFormat::Png), 65536;
    jpeg: "a.jpg", seeds::picture(image::ImageFormat::Jpeg), 65536;
    bmp: "a.bmp", seeds::picture(image::ImageFormat::Bmp), 65536;
    pnm: "a.ppm", seeds::picture(image::ImageFormat::Pnm), 65536;
    npy: "a.npy", seeds::npy("'<f4'", "(2, 3)", &[0; 24]), 128;
    npy_of_records: "b.npy", seeds::npy("[('t', '<i8'), ('x', '<i2'), ('p', '|b1')]", "(2,)", &[1; 22]), 128;
    npz: "a.npz", seeds::npz(), 65536;
}

/// Data sets in a single file or in files that belong together, which are opened from disk: a tenth as many.
fn check_opened(name: &str, files: &[(&str, Vec<u8>)]) {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    files.iter().for_each(|(name, bytes)| write(name, bytes));
    let path = if let [(only, _)] = files { folder.path().join(only) } else { folder.path().to_path_buf() };
    Dataset::open(&path).unwrap_or_else(|error| panic!("{name}: {error}"));
    let mut refused = 0;
    for (file, whole) in files {
        let mut random = ChaCha8Rng::seed_from_u64(whole.len() as u64);
        for _ in 0..count() / 10 / files.len() {
            write(file, &mutated(whole, &mut random));
            let read = Dataset::open(&path).and_then(|data| data.train.batch(&[0]));
            refused += usize::from(read.is_err());
        }
        write(file, whole);
    }
    assert!(refused > 0, "{name}");
    eprintln!("{name}: {} data sets, {refused} refused", count() / 10);
}

macro_rules! data_sets {
    ($($test:ident: $files:expr;)*) => {$(
        #[test]
        fn $test() {
            check_opened(stringify!($test), &$files);
        }
    )*};
}

data_sets! {
    archive: [("a", seeds::digits())];
    table: [("a", b"a,b,class\n1,2,0\n3,4,1\n5,6,0\n7,8,1\n1,2,0\n3,4,1\n5,6,0\n7,8,1\n".to_vec())];
    table_without_heading:
        [("a", (0..30).map(|i| format!("{i};{}.5;{}\n", i * i, i % 3)).collect::<String>().into_bytes())];
    idx: seeds::idx();
    gestures: seeds::gestures();
}
