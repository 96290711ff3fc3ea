//! The zip archive of a `.pt` file.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{Cursor, Read};
use std::rc::Rc;
use zip::{CompressionMethod, ZipArchive};

/// The entries of an archive. They are stored as they are: all of them together are no larger than the file.
pub(super) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    /// Folder of all entries, `archive`.
    folder: String,
    /// Bytes that may still be read.
    left: u64,
    storages: HashMap<String, Rc<Vec<u8>>>,
}

impl<'a> Archive<'a> {
    pub(super) fn open(bytes: &'a [u8]) -> Result<Self, String> {
        let damaged = |error| format!("is a damaged zip archive ({error}); download or save it again");
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
        let folder = |name: Cow<'_, str>| name.strip_suffix("/data.pkl").map(str::to_string);
        let Some(folder) = zip.file_names().flatten().find_map(folder) else {
            let first = zip.file_names().flatten().next().unwrap_or("nothing".into());
            return Err(format!(
                "is a zip archive without a `data.pkl` (it has `{first}`); expected a file that `torch.save` wrote"
            ));
        };
        let mut archive = Archive { zip, folder, left: bytes.len() as u64, storages: HashMap::new() };
        let has_order = archive.zip.index_for_name(&archive.path("byteorder")).is_some();
        match has_order.then(|| archive.entry("byteorder")).transpose()?.as_deref() {
            None | Some(b"little") => Ok(archive),
            Some(_) => Err("was not written on a little-endian machine; save it again on one".to_string()),
        }
    }

    /// The program that describes the tensors.
    pub(super) fn pickle(&mut self) -> Result<Vec<u8>, String> {
        self.entry("data.pkl")
    }

    /// The bytes of a storage.
    pub(super) fn storage(&mut self, key: &str) -> Result<Rc<Vec<u8>>, String> {
        if let Some(bytes) = self.storages.get(key) {
            return Ok(bytes.clone());
        }
        let bytes = Rc::new(self.entry(&format!("data/{key}"))?);
        self.storages.insert(key.to_string(), bytes.clone());
        Ok(bytes)
    }

    fn path(&self, name: &str) -> String {
        format!("{}/{name}", self.folder)
    }

    fn entry(&mut self, name: &str) -> Result<Vec<u8>, String> {
        let path = self.path(name);
        let entry =
            self.zip.by_name(&path).map_err(|error| format!("has no readable entry `{name}` ({error}); {AGAIN}"))?;
        if entry.compression() != CompressionMethod::Stored {
            return Err(format!(
                "has a compressed entry `{name}`, which `torch.save` does not write; save it with PyTorch"
            ));
        }
        let size = entry.size();
        if size > self.left {
            return Err(format!("has an entry `{name}` of {size} bytes, more than there are; {AGAIN}"));
        }
        self.left -= size;
        let mut bytes = Vec::new();
        entry
            .take(size)
            .read_to_end(&mut bytes)
            .map_err(|error| format!("has a damaged entry `{name}` ({error}); {AGAIN}"))?;
        match bytes.len() as u64 == size {
            true => Ok(bytes),
            false => Err(format!("has an entry `{name}` that is cut short; {AGAIN}")),
        }
    }
}

const AGAIN: &str = "download or save the file again";
