//! A sample in a file that a page sends.

use super::recorded::Recorded;
use super::shown;
use crate::Error;
use crate::picture::pixels;
use crate::query::Params;
use crate::trained::Trained;
use axum::response::Response;
use synfire_data::Batch;

/// Bytes of a file at most.
pub(crate) const MOST_BYTES: usize = 1 << 25;

/// Activity for the sample in the bytes of the file `name`: events, a picture, sound, an array, read as the network's samples.
pub(crate) fn sent(trained: &Trained, bytes: &[u8], params: &Params) -> Result<Response, Error> {
    let (name, description) = (params.need("name")?, &trained.checkpoint.description);
    let batch = Batch::from_bytes(bytes, name, &description.data)?;
    if batch.shape != description.input {
        let (found, expected) = (&batch.shape, &description.input);
        let problem = format!(
            "{name} is a sample of {found:?}, the network reads {expected:?}; send one like those it learned from"
        );
        return Err(Error::Request(problem));
    }
    let input = pixels(&batch, description.data.steps.is_some());
    shown(trained, &Recorded::of(trained, &batch)?, (None, None, None), input)
}
