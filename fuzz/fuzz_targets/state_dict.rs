//! No bytes make the readers of state dicts panic, and what they accept has the values of its shapes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::path::Path;
use synfire::exchange::StateDict;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(state) = StateDict::decode(bytes, Path::new("fuzz")) {
        for tensor in state.tensors() {
            assert_eq!(tensor.values.len(), tensor.shape.iter().product());
        }
    }
});
