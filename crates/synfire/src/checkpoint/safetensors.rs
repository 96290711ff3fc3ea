//! Safetensors: for other programs.

use super::checksum::seal;
use super::description::Checksum;
use super::{Checkpoint, Description, KEY, StoredParameter};
use crate::Error;
use crate::train::BuildModel;
use safetensors::tensor::{Dtype, SafeTensors, TensorView};
use std::collections::HashMap;
use std::path::Path;

/// Key in the metadata of networks that were exported as integers.
const INTEGERS: &str = "synfire-int8";

pub(super) fn encode<C: BuildModel>(checkpoint: &Checkpoint<C>, path: &Path) -> Result<Vec<u8>, Error> {
    let refuse = |error: String| Error::file(path, format!("could not be written: {error}"));
    let bytes: Vec<Vec<u8>> =
        checkpoint.parameters.iter().map(|p| p.values.iter().flat_map(|x| x.to_le_bytes()).collect()).collect();
    let views: Vec<(String, TensorView<'_>)> = checkpoint
        .parameters
        .iter()
        .zip(&bytes)
        .map(|(p, bytes)| {
            Ok((
                p.name.clone(),
                TensorView::new(Dtype::F32, p.shape.clone(), bytes).map_err(|e| refuse(e.to_string()))?,
            ))
        })
        .collect::<Result<_, Error>>()?;
    let description = checkpoint.description.to_json().map_err(&refuse)?;
    let metadata = HashMap::from([(KEY.to_string(), description)]);
    let bytes = safetensors::serialize(views, Some(metadata)).map_err(|error| refuse(error.to_string()))?;
    seal(bytes).ok_or_else(|| refuse("there is no place for its checksum".to_string()))
}

pub(super) fn decode<C: BuildModel>(bytes: &[u8], origin: &Path) -> Result<Checkpoint<C>, Error> {
    let unknown = |error: String| {
        Error::file(
            origin,
            format!(
                "is neither a burnpack nor a safetensors file ({error}); expected a checkpoint that `synfire train` or `synfire export` wrote"
            ),
        )
    };
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|error| unknown(error.to_string()))?;
    let tensors = SafeTensors::deserialize(bytes).map_err(|error| unknown(error.to_string()))?;
    let description = metadata.metadata().as_ref().and_then(|metadata| metadata.get(KEY));
    if metadata.metadata().as_ref().is_some_and(|metadata| metadata.contains_key(INTEGERS)) {
        let problem =
            "is a network in integers, which `synfire eval` and `predict` run; give the checkpoint that it was made of";
        return Err(Error::file(origin, problem));
    }
    let Some(description) = description else {
        return Err(Error::file(
            origin,
            "is a safetensors file, but not one of Synfire's: it has no description of a model",
        ));
    };
    let (description, transposed) = Description::parse(description, bytes, Checksum::Optional, origin)?;
    let mut parameters: Vec<_> = tensors
        .iter()
        .map(|(name, view)| {
            if view.dtype() != Dtype::F32 {
                return Err(Error::file(origin, format!("`{name}` is of type {:?}; expected f32", view.dtype())));
            }
            let values = view.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
            Ok(StoredParameter { name: name.to_string(), shape: view.shape().to_vec(), values, raw: None, id: None })
        })
        .collect::<Result<_, Error>>()?;
    if transposed {
        parameters.iter_mut().for_each(StoredParameter::transpose);
    }
    Ok(Checkpoint { description, parameters, training: None, origin: origin.to_path_buf() })
}

#[cfg(test)]
mod tests {
    use super::super::burnpack;
    use super::*;
    use crate::network::NetworkConfig;
    use burn::tensor::Device;

    /// Files of schema 2 hold the weights of linear layers as `[inputs, outputs]`.
    #[test]
    fn weights_of_old_files_are_brought_into_pytorchs_order() {
        let network = NetworkConfig::two_layers("plif", 5, 3).init(&[7], 4, 0, &Device::flex()).unwrap();
        let today = Checkpoint::of(&network);
        let find = |checkpoint: &Checkpoint| {
            checkpoint
                .parameters
                .iter()
                .find(|p| p.name == "layers.0.weight")
                .map(|p| (p.shape.clone(), p.values.clone()))
        };
        assert_eq!(find(&today).unwrap().0, [5, 7]);
        let mut old = today.clone();
        old.description.schema = 2;
        old.parameters.iter_mut().for_each(StoredParameter::transpose);
        assert_eq!(find(&old).unwrap().0, [7, 5]);
        let path = Path::new("a");
        for bytes in [encode(&old, path).unwrap(), burnpack::encode(&old, path).unwrap()] {
            let read = Checkpoint::parse(&bytes, path).unwrap();
            assert_eq!(find(&read), find(&today));
            assert_eq!(read.description, today.description);
            read.network(&Device::flex()).unwrap();
        }
    }
}
