//! From what files hold to a data set.

use crate::cache::Cached;
use crate::classes::Classes;
use crate::in_memory::InMemory;
use crate::pipeline::Pipeline;
use crate::prepared::Prepared;
use crate::raw::{Collection, Found, RawSamples, Source};
use crate::{Batch, DataError, DataOptions, Dataset, Split, Targets};
use std::sync::Arc;

/// Makes a data set: labels become classes, samples values of one shape.
pub(crate) fn dataset(name: String, found: Found, options: &DataOptions) -> Result<Dataset, DataError> {
    let Found { train, test, names } = found;
    if train.len() == 0 {
        return Err(DataError::EmptyPart { part: "training" });
    }
    let classes = Classes::of(&train.labels, &names, options)?;
    let mut options = options.clone();
    let targets = classes.targets(train.labels, &names, "training")?;
    let train = split(train.source, targets, &mut options)?;
    let test = match test {
        Some(Collection { source, labels }) => {
            if labels.len() == 0 {
                return Err(DataError::EmptyPart { part: "test" });
            }
            let targets = classes.targets(labels, &names, "test")?;
            Some(split(source, targets, &mut options)?)
        }
        None => None,
    };
    options.classes = classes.names();
    let data = match test {
        Some(test) => Dataset::new(name, train, test)?,
        None => Dataset::from_split(name, train)?,
    };
    let data = match options.classes.as_ref().map(Vec::len) {
        Some(classes) if data.classes > 0 => data.with_classes(classes)?,
        _ => data,
    };
    Ok(Dataset { options, ..data })
}

/// Samples with their targets; options are told what was found in the first of them.
fn split(source: Source, targets: Targets, options: &mut DataOptions) -> Result<Split, DataError> {
    let raw: Arc<dyn RawSamples> = match source {
        Source::Memory(batch) if options.transforms.is_empty() && !options.transpose => {
            // these are of other samples
            (options.events, options.sound) = Default::default();
            if !batch.lengths.is_empty() {
                options.steps = batch.shape.first().copied();
            }
            return Split::from_batch(Batch { targets, ..batch });
        }
        Source::Memory(batch) => {
            Split::from_batch(Batch { targets: targets.clone(), ..batch.clone() })?;
            Arc::new(InMemory(batch))
        }
        Source::Files(files) => match &options.cache {
            // what files are decoded to depends on these
            Some(folder) => Arc::new(Cached::new(files, folder, format!("{:?} {:?}", options.resize, options.color))?),
            None => files,
        },
    };
    let pipeline = Pipeline::resolve(options, &*raw)?;
    *options = pipeline.options().clone();
    Split::new(Prepared { raw, targets, pipeline })
}
