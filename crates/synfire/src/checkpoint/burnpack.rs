//! Burnpack: Burn's own format, for checkpoints.

use super::checksum::seal;
use super::description::Checksum;
use super::{Checkpoint, Description, KEY, StoredParameter, TrainingState};
use crate::Error;
use crate::train::BuildModel;
use burn_pack::{Bytes, DType, MAGIC_NUMBER, Reader, Tensor, Writer};
use std::path::Path;

const TRAINING: &str = "synfire.training";
const OPTIMIZERS: [&str; 2] = ["optimizer.connections", "optimizer.neurons"];
/// Ends the name of the exact values of a parameter.
const RAW: &str = ".raw";

pub(super) fn recognises(bytes: &[u8]) -> bool {
    bytes.starts_with(&MAGIC_NUMBER.to_le_bytes())
}

fn tensor(name: &str, shape: &[usize], values: &[f32], id: Option<u64>) -> Tensor {
    let bytes = values.iter().flat_map(|x| x.to_le_bytes()).collect();
    Tensor::new(name.to_string(), DType::F32, shape.to_vec(), id, Bytes::from_bytes_vec(bytes))
}

pub(super) fn encode<C: BuildModel>(checkpoint: &Checkpoint<C>, path: &Path) -> Result<Vec<u8>, Error> {
    let refuse = |error: String| Error::file(path, format!("could not be written: {error}"));
    let mut tensors = Vec::new();
    for p in &checkpoint.parameters {
        tensors.push(tensor(&p.name, &p.shape, &p.values, p.id));
        if let Some(raw) = &p.raw {
            tensors.push(tensor(&format!("{}{RAW}", p.name), &p.shape, raw, None));
        }
    }
    let mut metadata = vec![(KEY, checkpoint.description.to_json().map_err(&refuse)?)];
    if let Some((state, optimizers)) = &checkpoint.training {
        metadata.push((TRAINING, json(state).map_err(&refuse)?));
        for (name, bytes) in OPTIMIZERS.iter().zip(optimizers) {
            let data = Bytes::from_bytes_vec(bytes.clone());
            tensors.push(Tensor::new((*name).to_string(), DType::U8, vec![bytes.len()], None, data));
        }
    }
    let writer = metadata.iter().fold(Writer::new(tensors), |writer, (key, value)| writer.with_metadata(key, value));
    let bytes = writer.into_bytes().map_err(|error| refuse(error.to_string()))?;
    seal(bytes.to_vec()).ok_or_else(|| refuse("there is no place for its checksum".to_string()))
}

fn json(value: &impl serde::Serialize) -> Result<String, String> {
    serde_json::to_string(value).map_err(|error| error.to_string())
}

pub(super) fn decode<C: BuildModel>(bytes: &[u8], origin: &Path) -> Result<Checkpoint<C>, Error> {
    let damaged = |error: String| {
        Error::file(
            origin,
            format!(
                "is not a whole checkpoint ({error}); it may have been cut short: copy it again, or use another one"
            ),
        )
    };
    let reader =
        Reader::from_bytes(Bytes::from_bytes_vec(bytes.to_vec())).map_err(|error| damaged(error.to_string()))?;
    let metadata = reader.metadata().clone();
    let Some(description) = metadata.get(KEY) else {
        return Err(Error::file(
            origin,
            "is a burnpack file, but not one of Synfire's: it has no description of a model",
        ));
    };
    let (description, transposed) = Description::parse(description, bytes, Checksum::Required, origin)?;
    let mut parameters: Vec<StoredParameter> = Vec::new();
    let mut raws = Vec::new();
    let mut optimizers: [Option<Vec<u8>>; 2] = [None, None];
    for tensor in reader.into_tensors().map_err(|error| damaged(error.to_string()))? {
        let (name, dtype, shape, id, data) = tensor.into_parts().map_err(|error| damaged(error.to_string()))?;
        if let Some(i) = OPTIMIZERS.iter().position(|optimizer| *optimizer == name) {
            optimizers[i] = Some(data.to_vec());
            continue;
        }
        let shape = shape.to_vec();
        let count = shape.iter().try_fold(1usize, |product, &n| product.checked_mul(n));
        if dtype != DType::F32 || count.and_then(|n| n.checked_mul(4)) != Some(data.len()) {
            return Err(damaged(format!("`{name}` is not an f32 tensor of shape {shape:?}")));
        }
        let values = data.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        match name.strip_suffix(RAW) {
            Some(parameter) => raws.push((parameter.to_string(), values)),
            None => parameters.push(StoredParameter { name, shape, values, raw: None, id }),
        }
    }
    for (name, raw) in raws {
        match parameters.iter_mut().find(|p| p.name == name) {
            Some(parameter) if parameter.values.len() == raw.len() => parameter.raw = Some(raw),
            _ => return Err(damaged(format!("`{name}{RAW}` belongs to no parameter"))),
        }
    }
    let training = match (metadata.get(TRAINING), optimizers) {
        (None, _) => None,
        (Some(state), [Some(connections), Some(neurons)]) => {
            let state: TrainingState = serde_json::from_str(state).map_err(|error| damaged(error.to_string()))?;
            Some((state, [connections, neurons]))
        }
        (Some(_), _) => return Err(damaged("the optimiser's state is missing".to_string())),
    };
    if transposed {
        parameters.iter_mut().for_each(StoredParameter::transpose);
    }
    Ok(Checkpoint { description, parameters, training, origin: origin.to_path_buf() })
}
