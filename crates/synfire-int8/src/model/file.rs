//! Files of models: safetensors, whose metadata hold the layers as JSON.

use super::{Input, Layer, Model};
use crate::Error;
use safetensors::tensor::{Dtype, Metadata, SafeTensors, TensorView};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::path::Path;

/// Key of the layers in the metadata.
const KEY: &str = "synfire-int8";

/// Version of the format that is written and read.
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Head {
    version: u32,
    input: Input,
    layers: Vec<Layer>,
}

impl Model {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or holds no model.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let path = path.as_ref();
        let bytes = std::fs::read(path).map_err(|cause| Error::Io { path: path.to_path_buf(), cause })?;
        Self::parse(&bytes).map_err(|error| error.within(path))
    }

    /// Whether bytes are those of a model, by their metadata.
    #[must_use]
    pub fn recognises(bytes: &[u8]) -> bool {
        metadata(bytes).is_ok_and(|metadata| metadata.contains_key(KEY))
    }

    /// Reads the bytes of a file.
    ///
    /// # Errors
    ///
    /// If they are no model: no safetensors, of another version, without a tensor or with one of another type.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let mut metadata = metadata(bytes)?;
        let head = metadata.remove(KEY).ok_or_else(|| Error::damaged("is a safetensors file of another program"))?;
        let version = serde_json::from_str::<serde_json::Value>(&head).map_err(Error::damaged)?;
        if version.get("version").and_then(serde_json::Value::as_u64) != Some(u64::from(VERSION)) {
            let found = version.get("version").map_or_else(|| "none".to_string(), ToString::to_string);
            return Err(Error::damaged(format!("is of version {found}, and this program reads version {VERSION}")));
        }
        let Head { input, mut layers, .. } = serde_json::from_str(&head).map_err(Error::damaged)?;
        let tensors = SafeTensors::deserialize(bytes).map_err(Error::damaged)?;
        for (i, layer) in layers.iter_mut().enumerate() {
            let path = format!("layers.{i}");
            let tensor = |name: &'static str, dtype: Dtype| {
                let view = tensors.tensor(&format!("{path}.{name}"));
                let view = view.map_err(|_| Error::field(&path, name, "is missing", "a tensor of that name"))?;
                match view.dtype() == dtype {
                    true => Ok(view.data().to_vec()),
                    false => {
                        Err(Error::field(&path, name, format!("is of type {:?}", view.dtype()), format!("{dtype:?}")))
                    }
                }
            };
            let bytes = |name| Ok::<_, Error>(tensor(name, Dtype::I8)?.into_iter().map(u8::cast_signed).collect());
            let words = |name| Ok::<_, Error>(words(&tensor(name, Dtype::I32)?).map(i32::from_le_bytes).collect());
            match layer {
                Layer::Linear(layer) => layer.weight = bytes("weight")?,
                Layer::Conv2d(layer) => layer.weight = bytes("weight")?,
                Layer::Pool2d(_) => {}
                Layer::Neurons(layer) => {
                    layer.leak = words("leak")?;
                    layer.threshold = words("threshold")?;
                    layer.v_reset = words("v_reset")?;
                    layer.bias = words("bias")?;
                    layer.unit = self::words(&tensor("unit", Dtype::F32)?).map(f32::from_le_bytes).collect();
                }
            }
        }
        Ok(Model { input, layers, metadata })
    }

    /// The bytes of a file.
    ///
    /// # Errors
    ///
    /// If the sizes of a layer are not those of its weights.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        let mut tensors: Vec<(String, Dtype, Vec<usize>, Vec<u8>)> = vec![];
        for (i, layer) in self.layers.iter().enumerate() {
            let mut put = |name: &str, dtype, shape: Vec<usize>, bytes: Vec<u8>| {
                tensors.push((format!("layers.{i}.{name}"), dtype, shape, bytes));
            };
            let bytes = |weight: &[i8]| weight.iter().map(|&w| w.cast_unsigned()).collect::<Vec<u8>>();
            match layer {
                Layer::Linear(layer) => {
                    let inputs = layer.weight.len() / layer.outputs.max(1);
                    put("weight", Dtype::I8, vec![layer.outputs, inputs], bytes(&layer.weight));
                }
                Layer::Conv2d(layer) => {
                    let [height, width] = layer.kernel;
                    let inputs = layer.weight.len() / (layer.channels * height * width).max(1);
                    put("weight", Dtype::I8, vec![layer.channels, inputs, height, width], bytes(&layer.weight));
                }
                Layer::Pool2d(_) => {}
                Layer::Neurons(layer) => {
                    for (name, values) in [
                        ("leak", &layer.leak),
                        ("threshold", &layer.threshold),
                        ("v_reset", &layer.v_reset),
                        ("bias", &layer.bias),
                    ] {
                        let bytes = values.iter().flat_map(|value| value.to_le_bytes()).collect();
                        put(name, Dtype::I32, vec![values.len()], bytes);
                    }
                    let bytes = layer.unit.iter().flat_map(|value| value.to_le_bytes()).collect();
                    put("unit", Dtype::F32, vec![layer.unit.len()], bytes);
                }
            }
        }
        let views: Vec<(String, TensorView<'_>)> = tensors
            .iter()
            .map(|(name, dtype, shape, bytes)| {
                let view = TensorView::new(*dtype, shape.clone(), bytes);
                Ok((name.clone(), view.map_err(|error| Error::damaged(format!("`{name}`: {error}")))?))
            })
            .collect::<Result<_, Error>>()?;
        let head = Head { version: VERSION, input: self.input.clone(), layers: self.layers.clone() };
        let mut metadata = self.metadata.clone();
        metadata.insert(KEY.to_string(), serde_json::to_string(&head).map_err(Error::damaged)?);
        safetensors::serialize(views, Some(metadata)).map_err(Error::damaged)
    }
}

fn metadata(bytes: &[u8]) -> Result<HashMap<String, String>, Error> {
    let (_, metadata): (usize, Metadata) = SafeTensors::read_metadata(bytes).map_err(Error::damaged)?;
    Ok(metadata.metadata().clone().unwrap_or_default())
}

fn words(bytes: &[u8]) -> impl Iterator<Item = [u8; 4]> {
    bytes.chunks_exact(4).map(|word| [word[0], word[1], word[2], word[3]])
}
