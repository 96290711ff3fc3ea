//! Files that are damaged at random: an error, never a panic.
//!
//! `SYNFIRE_MUTATIONS=2000000 cargo test --release -p synfire-data --test mutations` tries more of them than a usual run.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use std::path::Path;
use synfire_data::{DataOptions, Dataset, Raw};

/// Damaged files of each format, unless the environment tells another number.
const USUAL: usize = 3000;

fn count(most: usize) -> usize {
    std::env::var("SYNFIRE_MUTATIONS").ok().and_then(|count| count.parse().ok()).unwrap_or(USUAL).min(most)
}

/// One to four changes: a byte, a bit, a large number, a cut, a repeated or removed part.
fn mutated(bytes: &[u8], random: &mut ChaCha8Rng) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..1 + random.next_u32() % 4 {
        let len = bytes.len().max(1);
        let at = random.next_u32() as usize % len;
        let end = (at + 1 + random.next_u32() as usize % 8).min(bytes.len());
        match random.next_u32() % 7 {
            _ if bytes.is_empty() => bytes.push(random.next_u32() as u8),
            0 => bytes[at] = random.next_u32() as u8,
            1 => bytes[at] ^= 1 << (random.next_u32() % 8),
            2 => bytes[at..end].fill(0xff),
            3 => bytes.truncate(at),
            4 => drop(bytes.drain(at..end)),
            5 => bytes.extend_from_within(at..end),
            // a digit of text
            _ => bytes[at] = b"0123456789,-'(\n"[random.next_u32() as usize % 15],
        }
    }
    bytes
}

fn events(header: &str, words: &[u32]) -> Vec<u8> {
    [header.as_bytes(), &words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<_>>()].concat()
}

fn wav() -> Vec<u8> {
    let spec =
        hound::WavSpec { channels: 2, sample_rate: 8000, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let mut file = std::io::Cursor::new(vec![]);
    let mut writer = hound::WavWriter::new(&mut file, spec).unwrap();
    (0..40).for_each(|i| writer.write_sample(i * 99i16).unwrap());
    writer.finalize().unwrap();
    file.into_inner()
}

fn picture(format: image::ImageFormat) -> Vec<u8> {
    let mut file = std::io::Cursor::new(vec![]);
    let pixels = image::RgbImage::from_fn(9, 7, |x, y| image::Rgb([x as u8 * 20, y as u8 * 30, 7]));
    pixels.write_to(&mut file, format).unwrap();
    file.into_inner()
}

fn npy(descr: &str, shape: &str, elements: &[u8]) -> Vec<u8> {
    let text = format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n");
    [b"\x93NUMPY\x01\x00", &(text.len() as u16).to_le_bytes()[..], text.as_bytes(), elements].concat()
}

#[test]
fn samples() {
    let packet = [1, 8, 4, 0, 2, 2, 2, 0x0002_0003, 5, 0x0004_0005, 9];
    let seeds = [
        ("a.bin", vec![1, 2, 0x80, 0, 3, 4, 5, 0, 1, 2, 9, 240, 0, 0, 1]),
        ("a.bs1", vec![1, 2, 0x80, 0, 3, 4, 5, 0, 1, 2]),
        ("a.aedat", events("#!AER-DAT2.0\r\n# x\r\n", &[0x0105_0000, 0x0500_0000, 0x0305_0000, 0x0900_0000])),
        ("b.aedat", events("#!AER-DAT3.1\r\n#!END-HEADER\r\n", &packet)),
        ("a.dat", events("% Data file\n% Height 240\n% Width 304\n\x0c\x08", &[7, 0x1000_4001, 9, 0x0000_8002])),
        ("a.raw", events("% evt 2.0\n% geometry 640x480\n", &[0x8000_0005, 0x10c0_1801, 0x0100_0802])),
        ("b.raw", events("% evt 3.0\n% format EVT3;height=72;width=128\n", &[0x6005_8fff, 0x2803_0007, 0x4801_3010])),
        ("a.csv", b"t,x,y,p\n1,2,3,1\n5,6,7,0\n".to_vec()),
        ("a.wav", wav()),
        ("a.png", picture(image::ImageFormat::Png)),
        ("a.jpg", picture(image::ImageFormat::Jpeg)),
        ("a.bmp", picture(image::ImageFormat::Bmp)),
        ("a.ppm", picture(image::ImageFormat::Pnm)),
        ("a.npy", npy("'<f4'", "(2, 3)", &[0; 24])),
        ("b.npy", npy("[('t', '<i8'), ('x', '<i2'), ('p', '|b1')]", "(2,)", &[1; 22])),
    ];
    for (name, whole) in seeds {
        let parse = |bytes: &[u8]| Raw::parse(bytes, Path::new(name), &DataOptions::default());
        parse(&whole).unwrap_or_else(|error| panic!("{name}: {error}"));
        let mut random = ChaCha8Rng::seed_from_u64(whole.len() as u64);
        let mut refused = 0;
        for _ in 0..count(usize::MAX) {
            let bytes = mutated(&whole, &mut random);
            refused += usize::from(parse(&bytes).is_err());
        }
        assert!(refused > 0, "{name}");
    }
}

/// Data sets in a single file, which are opened from disk.
#[test]
fn data_sets() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    Dataset::digits()
        .train
        .subset((0..20).collect())
        .and_then(|split| Dataset::new("d", split.clone(), split))
        .unwrap()
        .write_npz(&path)
        .unwrap();
    let npz = std::fs::read(&path).unwrap();
    let csv = b"a,b,class\n1,2,0\n3,4,1\n5,6,0\n7,8,1\n1,2,0\n3,4,1\n5,6,0\n7,8,1\n".to_vec();
    let table = (0..30).map(|i| format!("{i};{}.5;{}\n", i * i, i % 3)).collect::<String>().into_bytes();
    for whole in [npz, csv, table] {
        std::fs::write(&path, &whole).unwrap();
        Dataset::open(&path).unwrap();
        let mut random = ChaCha8Rng::seed_from_u64(whole.len() as u64);
        for _ in 0..count(usize::MAX) / 10 {
            std::fs::write(&path, mutated(&whole, &mut random)).unwrap();
            if let Ok(data) = Dataset::open(&path) {
                let _ = data.train.batch(&[0]);
            }
        }
    }
}
