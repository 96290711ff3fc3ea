//! Any bytes may be parsed as IDX; what is accepted survives a round trip.
#![no_main]

use libfuzzer_sys::fuzz_target;
use synfire_data::IdxArray;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(array) = IdxArray::parse(bytes) {
        let written = array.to_bytes();
        // Compared as bytes, since NaN elements are not equal to themselves.
        let again = IdxArray::parse(&written).expect("written arrays are readable");
        assert_eq!(again.to_bytes(), written);
    }
});
