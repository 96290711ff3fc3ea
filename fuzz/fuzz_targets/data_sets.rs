//! Files with a data set: .npz, HDF5, CSV.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::io::Write;
use synfire_data::Dataset;

fuzz_target!(|bytes: &[u8]| {
    let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
    file.write_all(bytes).expect("a temporary file");
    if let Ok(data) = Dataset::open(file.path()) {
        let _ = data.train.batch(&[0]);
    }
});
