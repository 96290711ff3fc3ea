//! State dicts: tensors by name, as other frameworks save the parameters of a module.

use super::{pytorch, safetensors};
use crate::Error;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// A tensor in a [`StateDict`].
#[derive(Clone, Debug, PartialEq)]
pub struct StateTensor {
    /// Name in the file, `fc1.weight`.
    pub key: String,
    /// Its shape; empty for a single number.
    pub shape: Vec<usize>,
    /// Its values, the last axis the fastest.
    pub values: Vec<f64>,
}

/// Tensors by name, as PyTorch's `module.state_dict()` or a safetensors file holds them.
///
/// ```
/// use synfire::exchange::{StateDict, StateTensor};
///
/// let bias = StateTensor { key: "fc1.bias".to_string(), shape: vec![2], values: vec![0.5, -1.0] };
/// let bytes = StateDict::new([bias.clone()]).to_safetensors().unwrap();
/// let read = StateDict::decode(&bytes, "net.safetensors".as_ref())?;
/// assert_eq!(read.tensors(), [bias]);
/// # Ok::<(), synfire::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct StateDict {
    tensors: Vec<StateTensor>,
    /// Places of the tensors by name.
    places: HashMap<String, usize>,
    /// Whether the tensors are in the order in which the module has them.
    ordered: bool,
    /// Where it was read from, for messages.
    origin: PathBuf,
}

impl StateDict {
    /// Tensors in the order of the module.
    #[must_use]
    pub fn new(tensors: impl IntoIterator<Item = StateTensor>) -> Self {
        Self::of(tensors.into_iter().collect(), true, Path::new("state dict"))
    }

    /// Reads a file that `torch.save(module.state_dict(), path)` wrote, or a safetensors file, told by the content.
    ///
    /// No code in the file is run. A `.pt` file is a pickle, a program; of that program only the making of tensors and
    /// of their containers is understood. Files of a whole training, such as `{"model": state_dict, "epoch": 3}`, are
    /// read if one state dict is in them.
    ///
    /// # Errors
    ///
    /// [`Error::File`] if the file is neither, cut short, or damaged; the message names the tensor that it is about.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|error| {
            Error::file(path, format!("could not be read: {error}; expected a state dict (.pt, .pth or .safetensors)"))
        })?;
        Self::decode(&bytes, path)
    }

    /// As [`read`](Self::read), from memory; `origin` is the file's name in messages.
    ///
    /// # Errors
    ///
    /// As [`read`](Self::read).
    pub fn decode(bytes: &[u8], origin: &Path) -> Result<Self, Error> {
        let (ordered, tensors) = match bytes {
            _ if pytorch::recognises(bytes) => (true, pytorch::decode(bytes)),
            _ if safetensors::recognises(bytes) => (false, safetensors::decode(bytes)),
            _ => (false, Err(format!("is no state dict{}; expected {EXPECTED}", looks_like(bytes)))),
        };
        let tensors = tensors.map_err(|problem| Error::file(origin, problem))?;
        Ok(Self::of(tensors, ordered, origin))
    }

    fn of(tensors: Vec<StateTensor>, ordered: bool, origin: &Path) -> Self {
        let places = tensors.iter().enumerate().map(|(i, tensor)| (tensor.key.clone(), i)).collect();
        StateDict { tensors, places, ordered, origin: origin.to_path_buf() }
    }

    /// The tensors, in the order of the file.
    #[must_use]
    pub fn tensors(&self) -> &[StateTensor] {
        &self.tensors
    }

    /// The tensor of this name.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&StateTensor> {
        self.places.get(key).map(|&place| &self.tensors[place])
    }

    /// Whether the tensors are in the order in which the module has them; safetensors files are sorted.
    #[must_use]
    pub fn is_ordered(&self) -> bool {
        self.ordered
    }

    /// The tensors as a safetensors file, in single precision; `None` if a name is there twice or a tensor does not have
    /// the values of its shape.
    #[must_use]
    pub fn to_safetensors(&self) -> Option<Vec<u8>> {
        safetensors::encode(&self.tensors)
    }

    /// Where it was read from, for messages.
    #[must_use]
    pub fn origin(&self) -> &Path {
        &self.origin
    }

    pub(super) fn refuse(&self, problem: impl Into<String>) -> Error {
        Error::file(&self.origin, problem)
    }
}

const EXPECTED: &str =
    "a file that `torch.save(module.state_dict(), \"net.pt\")` or `safetensors.torch.save_file` wrote";

/// The first bytes of files that `torch.save` wrote before they were zip archives: a pickle of a number.
const BEFORE_ZIP: &[u8] = b"\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.";

/// ` but a burnpack checkpoint`, of contents that people confuse with state dicts.
fn looks_like(bytes: &[u8]) -> &'static str {
    match bytes {
        [] => ": it is empty",
        _ if bytes.starts_with(BEFORE_ZIP) => {
            ", but a file of PyTorch before 1.6, or of `_use_new_zipfile_serialization=False`; save it again by \
             `torch.save(torch.load(\"net.pt\"), \"net.pt\", _use_new_zipfile_serialization=True)`"
        }
        [0x80, 2..=5, ..] => ", but a bare pickle, as old versions of PyTorch or `pickle.dump` write them",
        [0x1f, 0x8b, ..] => ", but compressed by gzip",
        [0x89, b'H', b'D', b'F', ..] => ", but an HDF5 file (a NIR graph has its own import)",
        _ => "",
    }
}
