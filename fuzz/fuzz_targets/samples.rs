//! Files with one sample: pictures, events, sound, arrays. The first byte chooses the extension, which only formats
//! without a header read.

#![no_main]

use libfuzzer_sys::fuzz_target;
use std::path::Path;
use synfire_data::{DataOptions, Raw};

fuzz_target!(|input: &[u8]| {
    if let [first, bytes @ ..] = input {
        let name = ["a.bin", "a.bs1", "a.csv", "a"][usize::from(first % 4)];
        let _ = Raw::parse(bytes, Path::new(name), &DataOptions::default());
    }
});
