//! PyTorch's `.pt` and `.pth` files: a zip archive with a pickle, which describes tensors, and their values.

mod archive;
mod callee;
mod machine;
mod opcode;
mod state;
mod tensor;
mod value;

use super::StateTensor;
use archive::Archive;
use tensor::Budget;

/// Bytes of the largest pickle that is read: about a hundred for each tensor, whose values are not in it.
const LARGEST_PICKLE: usize = 1 << 24;

pub(super) fn recognises(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// The tensors of the state dict in a file.
pub(super) fn decode(bytes: &[u8]) -> Result<Vec<StateTensor>, String> {
    let mut archive = Archive::open(bytes)?;
    let pickle = archive.pickle()?;
    if pickle.len() > LARGEST_PICKLE {
        return Err(format!("has a `data.pkl` of {} bytes; expected at most {LARGEST_PICKLE}", pickle.len()));
    }
    let program = machine::run(&pickle).map_err(|problem| format!("`data.pkl` {problem}"))?;
    let entries = state::entries(&program)?;
    let mut budget = Budget::of(bytes);
    entries
        .into_iter()
        .map(|(key, description)| {
            let values = tensor::values(&description, &program.heap, &mut archive, &mut budget);
            let values = values.map_err(|problem| format!("`{key}` {problem}"))?;
            Ok(StateTensor { key, shape: description.shape, values })
        })
        .collect()
}

#[cfg(test)]
mod tests;
