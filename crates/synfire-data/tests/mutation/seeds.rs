//! Small files of each format that are as they should be.

use std::io::{Cursor, Write};
use synfire_data::{Dataset, Elements, IdxArray};

/// A header and words, little-endian.
fn words(header: &str, words: &[u32]) -> Vec<u8> {
    [header.as_bytes(), &words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<_>>()].concat()
}

pub(crate) fn aedat2() -> Vec<u8> {
    words("#!AER-DAT2.0\r\n# x\r\n", &[0x0105_0000, 0x0500_0000, 0x0305_0000, 0x0900_0000])
}

pub(crate) fn aedat3() -> Vec<u8> {
    words("#!AER-DAT3.1\r\n#!END-HEADER\r\n", &[1, 8, 4, 0, 2, 2, 2, 0x0002_0003, 5, 0x0004_0005, 9])
}

pub(crate) fn dat() -> Vec<u8> {
    words("% Data file\n% Height 240\n% Width 304\n\x0c\x08", &[7, 0x1000_4001, 9, 0x0000_8002])
}

pub(crate) fn evt2() -> Vec<u8> {
    words("% evt 2.0\n% geometry 640x480\n", &[0x8000_0005, 0x10c0_1801, 0x0100_0802])
}

pub(crate) fn evt3() -> Vec<u8> {
    words("% evt 3.0\n% format EVT3;height=72;width=128\n", &[0x6005_8fff, 0x2803_0007, 0x4801_3010])
}

pub(crate) fn wav() -> Vec<u8> {
    let spec =
        hound::WavSpec { channels: 2, sample_rate: 8000, bits_per_sample: 16, sample_format: hound::SampleFormat::Int };
    let mut file = Cursor::new(vec![]);
    let mut writer = hound::WavWriter::new(&mut file, spec).unwrap();
    (0..40).for_each(|i| writer.write_sample(i * 99i16).unwrap());
    writer.finalize().unwrap();
    file.into_inner()
}

pub(crate) fn picture(format: image::ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(vec![]);
    let pixels = image::RgbImage::from_fn(9, 7, |x, y| image::Rgb([x as u8 * 20, y as u8 * 30, 7]));
    pixels.write_to(&mut file, format).unwrap();
    file.into_inner()
}

pub(crate) fn npy(descr: &str, shape: &str, elements: &[u8]) -> Vec<u8> {
    let text = format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n");
    [b"\x93NUMPY\x01\x00", &(text.len() as u16).to_le_bytes()[..], text.as_bytes(), elements].concat()
}

/// A recording of three events.
pub(crate) fn npz() -> Vec<u8> {
    let mut file = zip::ZipWriter::new(Cursor::new(vec![]));
    for name in ["t", "x", "p"] {
        file.start_file(format!("{name}.npy"), zip::write::SimpleFileOptions::default()).unwrap();
        file.write_all(&npy("'|u1'", "(3,)", &[1, 2, 3])).unwrap();
    }
    file.finish().unwrap().into_inner()
}

/// Twenty of the digits as an archive.
pub(crate) fn digits() -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("digits.npz");
    let few = Dataset::digits().train.subset((0..20).collect()).unwrap();
    Dataset::new("digits", few.clone(), few).unwrap().write_npz(&path).unwrap();
    std::fs::read(path).unwrap()
}

/// Four pictures of 2 x 2 pixels, for training and for testing.
pub(crate) fn idx() -> [(&'static str, Vec<u8>); 4] {
    let images = IdxArray::new(vec![4, 2, 2], Elements::U8((0..16).collect())).unwrap().to_bytes();
    let labels = IdxArray::new(vec![4], Elements::U8(vec![0, 1, 2, 0])).unwrap().to_bytes();
    [
        ("train-images-idx3-ubyte", images.clone()),
        ("train-labels-idx1-ubyte", labels.clone()),
        ("t10k-images-idx3-ubyte", images),
        ("t10k-labels-idx1-ubyte", labels),
    ]
}

/// A recording with two parts, for training and for testing.
pub(crate) fn gestures() -> [(&'static str, Vec<u8>); 6] {
    let table = b"class,startTime_usec,endTime_usec\n1,0,7\n2,7,20\n".to_vec();
    [
        ("a.aedat", aedat3()),
        ("a_labels.csv", table.clone()),
        ("b.aedat", aedat3()),
        ("b_labels.csv", table),
        ("trials_to_train.txt", b"a.aedat\n".to_vec()),
        ("trials_to_test.txt", b"b.aedat\n".to_vec()),
    ]
}
