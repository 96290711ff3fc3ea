//! IDX files: what is written is read back, and no damage goes unnoticed.

use flate2::{Compression, write::GzEncoder};
use std::{fs, io::Write};
use synfire_data::{DataError, Elements, IdxArray};

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Three labels, as a file.
const LABELS: [u8; 11] = [0, 0, 8, 1, 0, 0, 0, 3, 7, 2, 1];

fn one_of_each_type() -> [IdxArray; 6] {
    let array = |elements| IdxArray::new(vec![1, 2], elements).unwrap();
    [
        array(Elements::U8(vec![0, 255])),
        array(Elements::I8(vec![-128, 127])),
        array(Elements::I16(vec![-2, 258])),
        array(Elements::I32(vec![i32::MIN, 16_909_060])),
        array(Elements::F32(vec![-0.5, f32::INFINITY])),
        array(Elements::F64(vec![1.0, f64::MIN_POSITIVE])),
    ]
}

#[test]
fn every_type_survives_a_round_trip() {
    let folder = tempfile::tempdir().unwrap();
    for (array, size) in one_of_each_type().into_iter().zip([1, 1, 2, 4, 4, 8]) {
        assert_eq!(array.to_bytes().len(), 12 + 2 * size);
        for name in ["plain", "compressed.gz"] {
            let path = folder.path().join(name);
            array.write(&path).unwrap();
            assert_eq!(IdxArray::read(&path).unwrap(), array, "{name}");
        }
        let is_gzip = |name| fs::read(folder.path().join(name)).unwrap()[..2] == [0x1f, 0x8b];
        assert!(is_gzip("compressed.gz") && !is_gzip("plain"));
    }
}

#[test]
fn elements_are_big_endian() {
    for (code, bytes, elements) in [
        (0x08, vec![200], Elements::U8(vec![200])),
        (0x09, vec![0xfe], Elements::I8(vec![-2])),
        (0x0b, vec![0x01, 0x02], Elements::I16(vec![258])),
        (0x0c, vec![0xff, 0xff, 0xff, 0x00], Elements::I32(vec![-256])),
        (0x0d, vec![0x3f, 0x80, 0, 0], Elements::F32(vec![1.0])),
        (0x0e, vec![0xc0, 0, 0, 0, 0, 0, 0, 0], Elements::F64(vec![-2.0])),
    ] {
        let file = [vec![0, 0, code, 1, 0, 0, 0, 1], bytes].concat();
        assert_eq!(*IdxArray::parse(&file).unwrap().elements(), elements);
    }
}

#[test]
fn compression_is_recognised_by_content_not_by_name() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [("plain.gz", LABELS.to_vec()), ("compressed", gzip(&LABELS))] {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        assert_eq!(IdxArray::read(&path).unwrap().shape(), [3], "{name}");
    }
}

#[test]
fn gzip_in_several_members_is_one_stream() {
    let members = [gzip(&LABELS[..5]), gzip(&LABELS[5..])].concat();
    assert_eq!(IdxArray::parse(&members).unwrap(), IdxArray::parse(&LABELS).unwrap());
}

/// `(what, bytes, part of the message)`
fn damaged() -> Vec<(&'static str, Vec<u8>, &'static str)> {
    let huge = |dims: u8| [vec![0, 0, 8, dims], vec![0xff; 4 * usize::from(dims)]].concat();
    let mut flipped = gzip(&LABELS);
    let crc = flipped.len() - 8;
    flipped[crc] ^= 1;
    vec![
        ("nothing", vec![], "byte 0: the file is empty"),
        ("compressed nothing", gzip(&[]), "byte 0: the file is empty"),
        ("a web page", b"<html>".to_vec(), "byte 0: [3c, 68, 74, 6d]"),
        ("one byte", vec![9], "byte 0: [09]"),
        ("half a magic", vec![0, 0, 8], "byte 3: the file ends inside its header"),
        ("half the sizes", vec![0, 0, 8, 2, 0, 0, 0, 1, 0], "byte 9: the file ends inside its header"),
        ("unknown type", vec![0, 0, 0x0a, 1, 0, 0, 0, 0], "byte 2: the element type 0x0a; expected 0x08 (u8)"),
        ("no dimension", vec![0, 0, 8, 0, 1], "byte 3: 0 dimensions; expected 1 to 8"),
        ("nine dimensions", [vec![0, 0, 8, 9], vec![0; 36]].concat(), "byte 3: 9 dimensions"),
        ("a product beyond 2^64", huge(8), "byte 4: the shape [4294967295, "),
        ("a product beyond the limit", huge(2), "byte 4: the shape [4294967295, "),
        ("4 GiB claimed, none there", vec![0, 0, 8, 2, 0, 1, 0, 0, 0, 1, 0, 0], "byte 12: the file ends after 0 of"),
        (
            "elements cut",
            LABELS[..9].to_vec(),
            "byte 9: the file ends after 1 of its elements' bytes; expected 3 bytes",
        ),
        ("compressed elements cut", gzip(&LABELS[..9]), "byte 9: the file ends after 1 of"),
        (
            "a wide element cut",
            vec![0, 0, 0x0e, 1, 0, 0, 0, 1, 0, 0, 0],
            "byte 11: the file ends after 3 of its elements' bytes; expected 8",
        ),
        ("a byte too many", [&LABELS[..], &[0]].concat(), "byte 11: the file goes on; expected its end after 3 bytes"),
        (
            "empty with a byte",
            vec![0, 0, 8, 1, 0, 0, 0, 0, 5],
            "byte 8: the file goes on; expected its end after 0 bytes",
        ),
        ("a compressed byte too many", gzip(&[&LABELS[..], &[0]].concat()), "byte 11: the file goes on"),
        ("a bomb", gzip(&[&LABELS[..], &[0; 1 << 20]].concat()), "byte 11: the file goes on"),
        ("garbage after gzip", [gzip(&LABELS), vec![1, 2, 3]].concat(), "gzip stream is damaged"),
        ("a wrong gzip checksum", flipped, "gzip stream is damaged"),
    ]
}

#[test]
fn damage_is_named() {
    let folder = tempfile::tempdir().unwrap();
    for (what, bytes, message) in damaged() {
        let error = IdxArray::parse(&bytes).unwrap_err().to_string();
        assert!(error.contains(message), "{what}: {error}");

        let path = folder.path().join("damaged");
        fs::write(&path, bytes).unwrap();
        let error = IdxArray::read(&path).unwrap_err().to_string();
        assert!(error.starts_with(&*path.to_string_lossy()), "{what}: {error}");
        assert!(error.contains(message), "{what}: {error}");
    }
}

#[test]
fn a_file_cut_anywhere_is_an_error() {
    for whole in [LABELS.to_vec(), gzip(&LABELS)] {
        assert!(IdxArray::parse(&whole).is_ok());
        for end in 0..whole.len() {
            assert!(IdxArray::parse(&whole[..end]).is_err(), "cut at {end} of {}", whole.len());
        }
    }
}

/// No byte of a plain file can be changed without an error or a changed array.
#[test]
fn no_changed_byte_goes_unnoticed() {
    let original = IdxArray::parse(&LABELS).unwrap();
    for at in 0..LABELS.len() {
        for value in 0..=255 {
            let mut bytes = LABELS;
            bytes[at] = value;
            if bytes != LABELS {
                assert_ne!(IdxArray::parse(&bytes).ok().as_ref(), Some(&original));
            }
        }
    }
}

#[test]
fn an_array_without_elements_is_one() {
    let array = IdxArray::parse(&[0, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0, 28]).unwrap();
    assert_eq!(array.shape(), [0, 28]);
    assert!(array.elements().is_empty());
}

#[test]
fn shapes_must_fit_the_elements() {
    for (shape, elements) in
        [(vec![], 1), (vec![2], 3), (vec![2, 2], 2), (vec![1; 9], 1), (vec![usize::MAX, 2], 2), (vec![1 << 33, 0], 0)]
    {
        let error = IdxArray::new(shape.clone(), Elements::U8(vec![0; elements])).unwrap_err();
        assert!(matches!(error, DataError::IdxShape { .. }), "{shape:?}");
    }
}

#[test]
fn what_is_no_file_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let error = IdxArray::read(folder.path()).unwrap_err();
    assert!(matches!(error.root(), DataError::NotAFile), "{error}");
    let error = IdxArray::read(folder.path().join("absent")).unwrap_err();
    assert!(matches!(error.root(), DataError::Io { action: "open", .. }), "{error}");
    let error = IdxArray::parse(&LABELS).unwrap().write(folder.path()).unwrap_err();
    assert!(matches!(error.root(), DataError::Io { action: "write", .. }), "{error}");
}
