//! The recorded files: an index in JSON, arrays as safetensors.

use burn::tensor::Device;
use safetensors::{Dtype, SafeTensors};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where the recorded files are: `SYNFIRE_GOLDEN`, or its `cases`; `tests/golden` of the repository if that is not set.
#[must_use]
pub fn folder() -> PathBuf {
    let default = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("golden");
    let folder = std::env::var_os("SYNFIRE_GOLDEN").map_or_else(default, PathBuf::from);
    let cases = folder.join("cases");
    if cases.is_dir() { cases } else { folder }
}

/// The backends to run on.
pub(super) fn devices() -> Vec<(&'static str, Device)> {
    let mut devices = crate::devices();
    if let Ok(only) = std::env::var("SYNFIRE_DEVICE") {
        let known: Vec<&str> = devices.iter().map(|(name, _)| *name).collect();
        assert!(known.contains(&only.as_str()), "SYNFIRE_DEVICE is `{only}`; expected one of {known:?}");
        devices.retain(|(name, _)| *name == only);
    }
    devices
}

/// Index of the recorded files.
#[derive(Deserialize)]
pub(super) struct Index {
    /// By kind and name, `neuron/lif`; each is [`Recorded`].
    files: BTreeMap<String, serde_json::Value>,
    #[serde(skip)]
    folder: PathBuf,
}

/// One file: all that was recorded of one class.
#[derive(Deserialize)]
pub(super) struct Recorded<C = Case> {
    /// SPAIC's name of it.
    pub(super) name: String,
    file: String,
    /// By tag.
    pub(super) cases: BTreeMap<String, C>,
    /// By tag and array.
    pub(super) tolerance_atol: BTreeMap<String, f64>,
    #[serde(skip)]
    folder: PathBuf,
}

/// One run in it.
#[derive(Clone, Deserialize)]
pub(super) struct Case {
    pub(super) params: BTreeMap<String, Given>,
    /// Not given where the model does not know time.
    pub(super) dt: Option<f32>,
    #[serde(rename = "T")]
    pub(super) steps: usize,
    #[serde(rename = "B")]
    pub(super) batch: usize,
    pub(super) n: usize,
    /// Equations of a user's model.
    pub(super) equation: Option<String>,
}

/// One number for the layer or one per neuron.
#[derive(Clone, Deserialize)]
#[serde(untagged)]
pub(super) enum Given {
    One(serde_json::Number),
    Each(Vec<f32>),
}

impl Index {
    /// Reads `index.json` of a folder.
    pub(super) fn read(folder: &Path) -> Result<Self, String> {
        let path = folder.join("index.json");
        let read = || -> Result<Self, Box<dyn std::error::Error>> {
            let index: Index = serde_json::from_slice(&std::fs::read(&path)?)?;
            Ok(Index { folder: folder.to_path_buf(), ..index })
        };
        let cure = "expected the recorded values of tests/golden, or those of the folder that SYNFIRE_GOLDEN names";
        read().map_err(|error| format!("{}: {error}; {cure}", path.display()))
    }

    /// All files of a kind, `neuron` or `decoder`.
    pub(super) fn of_kind<C: DeserializeOwned>(&self, kind: &str) -> Result<Vec<Recorded<C>>, String> {
        let files = self.files.iter().filter(|(key, _)| key.split('/').next() == Some(kind));
        let files = files.map(|(key, value)| match serde_json::from_value::<Recorded<C>>(value.clone()) {
            Ok(recorded) => Ok(Recorded { folder: self.folder.clone(), ..recorded }),
            Err(error) => Err(format!("index.json, {key}: {error}")),
        });
        match files.collect::<Result<Vec<_>, String>>() {
            Ok(none) if none.is_empty() => Err(format!("index.json has no {kind}s")),
            files => files,
        }
    }
}

impl<C> Recorded<C> {
    /// All arrays of the file, by tag and name.
    pub(super) fn arrays(&self) -> Result<File, String> {
        let read = || -> Result<File, Box<dyn std::error::Error>> {
            let bytes = std::fs::read(self.folder.join(&self.file))?;
            let file = SafeTensors::deserialize(&bytes)?;
            let arrays = file.iter().map(|(name, view)| Ok((name.to_string(), Array::read(&view)?)));
            Ok(File(arrays.collect::<Result<_, String>>()?))
        };
        read().map_err(|error| format!("{}: {error}", self.file))
    }
}

/// The arrays of a file.
pub(super) struct File(pub(super) BTreeMap<String, Array>);

impl File {
    pub(super) fn of_case<'a>(&'a self, tag: &str, tolerances: &'a BTreeMap<String, f64>) -> Arrays<'a> {
        Arrays { file: self, tolerances, tag: tag.to_string() }
    }
}

/// The arrays of a case.
pub(super) struct Arrays<'a> {
    file: &'a File,
    tolerances: &'a BTreeMap<String, f64>,
    tag: String,
}

impl Arrays<'_> {
    /// Their names.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.file.0.keys().filter_map(|name| name.strip_prefix(&self.tag)?.strip_prefix('/'))
    }

    /// The numbers of an array; those of one channel if the name ends in its number, `O2.1`, or their sum
    /// over the channels if it ends so, `PSP.sum`.
    pub(super) fn find(&self, name: &str) -> Option<Vec<f32>> {
        let (base, channel) = split(name);
        let array = self.file.0.get(&format!("{}/{base}", self.tag))?;
        Some(channel.map_or_else(|| array.numbers.clone(), |channel| array.channel(channel)))
    }

    pub(super) fn get(&self, name: &str) -> Result<Vec<f32>, String> {
        self.find(name).ok_or_else(|| format!("no array `{name}`"))
    }

    /// Whether an array is `[T, B, C, N]`.
    pub(super) fn has_channels(&self, name: &str) -> bool {
        self.file.0.get(&format!("{}/{name}", self.tag)).is_some_and(|array| array.shape.len() == 4)
    }

    /// The largest error that an array may have.
    pub(super) fn tolerance(&self, name: &str) -> Result<f64, String> {
        let key = format!("{}/{}", self.tag, split(name).0);
        self.tolerances.get(&key).copied().ok_or_else(|| format!("index.json has no tolerance for `{key}`"))
    }
}

/// The name of an array, and which of its channels.
pub(super) fn split(name: &str) -> (&str, Option<&str>) {
    name.split_once('.').map_or((name, None), |(base, channel)| (base, Some(channel)))
}

/// Numbers of any type that single precision holds.
#[derive(Clone)]
pub(super) struct Array {
    pub(super) numbers: Vec<f32>,
    /// In double precision, where they were recorded so.
    pub(super) doubles: Vec<f64>,
    pub(super) shape: Vec<usize>,
}

impl Array {
    fn read(view: &safetensors::tensor::TensorView<'_>) -> Result<Self, String> {
        let bytes = view.data();
        let double = |b: &[u8]| f64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]);
        let doubles: Vec<f64> = match view.dtype() {
            Dtype::F64 => bytes.chunks_exact(8).map(double).collect(),
            _ => vec![],
        };
        let numbers = match view.dtype() {
            Dtype::F32 => bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect(),
            Dtype::I32 => bytes.chunks_exact(4).map(|b| i32::from_le_bytes([b[0], b[1], b[2], b[3]]) as f32).collect(),
            Dtype::F64 => doubles.iter().map(|&x| x as f32).collect(),
            other => return Err(format!("an array of type {other:?}; expected F32, F64 or I32")),
        };
        Ok(Array { numbers, doubles, shape: view.shape().to_vec() })
    }

    /// One channel of `[T, B, C, N]`, or their sum. What has no channels is the first, and the others are zero.
    fn channel(&self, channel: &str) -> Vec<f32> {
        let &[_, _, channels, neurons] = self.shape.as_slice() else {
            let zero = if channel == "0" { 1.0 } else { 0.0 };
            return self.numbers.iter().map(|x| x * zero).collect();
        };
        let rows = self.numbers.chunks_exact(channels * neurons);
        let number = |row: &[f32], n: usize| match channel.parse::<usize>() {
            Ok(channel) => row[channel * neurons + n],
            Err(_) => (0..channels).map(|c| row[c * neurons + n]).sum(),
        };
        rows.flat_map(|row| (0..neurons).map(|n| number(row, n)).collect::<Vec<_>>()).collect()
    }
}
