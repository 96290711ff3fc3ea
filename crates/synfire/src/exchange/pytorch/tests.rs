//! Files as PyTorch writes them, and hostile ones.

use super::decode;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// A `.pt` file with this pickle and one storage of these floats.
fn file(pickle: &[u8], floats: &[f32], method: CompressionMethod) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(vec![]));
    let storage: Vec<u8> = floats.iter().flat_map(|x| x.to_le_bytes()).collect();
    for (name, bytes) in [("data.pkl", pickle), ("byteorder", b"little"), ("data/0", &storage)] {
        archive.start_file(format!("net/{name}"), SimpleFileOptions::default().compression_method(method)).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// The pickle of `{"fc.weight": tensor}` as protocol 2 has it, of the storage 0 with these numbers.
fn pickle(offset: u8, shape: [u8; 2], strides: [u8; 2]) -> Vec<u8> {
    let mut bytes = b"\x80\x02ccollections\nOrderedDict\nq\x00)Rq\x01X\x09\x00\x00\x00fc.weightq\x02".to_vec();
    bytes.extend(b"ctorch._utils\n_rebuild_tensor_v2\nq\x03((X\x07\x00\x00\x00storagectorch\nFloatStorage\n");
    bytes.extend(b"X\x01\x00\x00\x000X\x03\x00\x00\x00cpuK\x06tQ");
    bytes.extend([b'K', offset, b'K', shape[0], b'K', shape[1], 0x86, b'K', strides[0], b'K', strides[1], 0x86]);
    bytes.extend(b"\x89h\x00)RtRs.");
    bytes
}

const SIX: [f32; 6] = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0];

#[track_caller]
fn refused(bytes: &[u8], words: &str) {
    let problem = decode(bytes).unwrap_err();
    assert!(problem.contains(words), "{problem}");
}

#[test]
fn tensors_are_read_by_offset_shape_and_strides() {
    let read = |offset, shape, strides| {
        let tensors = decode(&file(&pickle(offset, shape, strides), &SIX, CompressionMethod::Stored)).unwrap();
        assert_eq!((tensors.len(), tensors[0].key.as_str()), (1, "fc.weight"));
        tensors[0].values.clone()
    };
    assert_eq!(read(0, [2, 3], [3, 1]), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
    assert_eq!(read(0, [3, 2], [1, 3]), [0.0, 3.0, 1.0, 4.0, 2.0, 5.0]);
    assert_eq!(read(4, [1, 2], [2, 1]), [4.0, 5.0]);
    assert_eq!(read(9, [0, 2], [2, 1]), [] as [f64; 0]);
}

#[test]
fn tensors_beyond_their_storage_are_refused_by_name() {
    for (offset, shape, strides) in [(1, [2, 3], [3, 1]), (0, [2, 3], [4, 1]), (0, [255, 255], [255, 255])] {
        let bytes = file(&pickle(offset, shape, strides), &SIX, CompressionMethod::Stored);
        refused(&bytes, "`fc.weight`");
    }
    // 65025 values of one number
    refused(
        &file(&pickle(0, [255, 255], [0, 0]), &SIX, CompressionMethod::Stored),
        "needs more values than the file has",
    );
}

#[test]
fn compressed_entries_are_refused_before_they_are_unpacked() {
    refused(&file(&pickle(0, [2, 3], [3, 1]), &[0.0; 100_000], CompressionMethod::Deflated), "has a compressed entry");
}

#[test]
fn code_is_not_run() {
    let call = b"\x80\x02cos\nsystem\nX\x04\x00\x00\x00trueq\x00\x85R.";
    refused(&file(call, &SIX, CompressionMethod::Stored), "holds a whole module");
    // beside tensors it is an object of no interest
    let mut beside = b"\x80\x02}(X\x01\x00\x00\x00acos\nsystem\nX\x04\x00\x00\x00true\x85RX\x01\x00\x00\x00b".to_vec();
    let inner = pickle(0, [2, 3], [3, 1]);
    beside.extend(&inner[2..inner.len() - 1]);
    beside.extend(b"u.");
    assert_eq!(decode(&file(&beside, &SIX, CompressionMethod::Stored)).unwrap()[0].key, "fc.weight");
}

#[test]
fn programs_that_make_no_state_dict_are_refused() {
    let refuse = |pickle: &[u8], words: &str| refused(&file(pickle, &SIX, CompressionMethod::Stored), words);
    refuse(b"", "`data.pkl` is cut short");
    refuse(b"\x80\x02", "is cut short (at byte 2)");
    refuse(b"}.", "holds no tensors by name");
    refuse(b"t.", "takes a value that it has not made");
    refuse(b"h\x05.", "uses value 5, which it has not kept");
    refuse(b"X\xff\xff\xff\xffab.", "is cut short");
    refuse(b"I1\n.", "has an instruction 0x49");
    // dicts in each other
    refuse(b"}q\x00X\x01\x00\x00\x00ah\x00s.", "holds no tensors by name");
    // a million tuples in each other
    let mut deep = b")".to_vec();
    deep.resize(1_000_000, 0x85);
    deep.push(b'.');
    refuse(&deep, "holds no tensors by name");
}

#[test]
fn every_cut_and_every_changed_byte_is_safe() {
    let whole = file(&pickle(0, [2, 3], [3, 1]), &SIX, CompressionMethod::Stored);
    for end in 0..whole.len() {
        assert!(decode(&whole[..end]).is_err());
    }
    for at in 0..whole.len() {
        for value in [0, 1, 0x7f, 0xff, whole[at] ^ 0x10] {
            let mut changed = whole.clone();
            changed[at] = value;
            let _ = decode(&changed);
        }
    }
}

/// A million damaged files; takes a minute or two.
#[test]
#[ignore = "slow: a million files"]
fn a_million_damaged_files_are_safe() {
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::{Rng, SeedableRng};
    let mut random = ChaCha8Rng::seed_from_u64(0);
    let mut below = |end: usize| random.next_u32() as usize % end.max(1);
    let whole = file(&pickle(0, [2, 3], [3, 1]), &SIX, CompressionMethod::Stored);
    let at = whole.windows(2).position(|bytes| bytes == b"\x80\x02").unwrap();
    let mut read = 0;
    for _ in 0..1_000_000 {
        let mut damaged = whole.clone();
        for _ in 0..1 + below(6) {
            let place = match below(3) {
                // in the pickle
                0 => at + below(200),
                _ => below(damaged.len()),
            };
            damaged[place] = match below(4) {
                0 => 0xff,
                1 => 0,
                2 => damaged[below(whole.len())],
                _ => below(256) as u8,
            };
        }
        if below(8) == 0 {
            damaged.truncate(below(whole.len()));
        }
        read += usize::from(decode(&damaged).is_ok());
    }
    println!("{read} were read all the same");
}

#[test]
fn files_from_before_the_zip_archives_are_told_how_to_become_one() {
    let old = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.\x80\x02M\xe9\x03.";
    let error = crate::exchange::StateDict::decode(old, "net.pt".as_ref()).unwrap_err().to_string();
    assert!(error.starts_with("net.pt: is no state dict, but a file of PyTorch before 1.6"), "{error}");
    assert!(error.contains("_use_new_zipfile_serialization=True"), "{error}");
}
