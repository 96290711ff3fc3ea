//! Distribution of a parameter's values, before the training and after.

use crate::Error;
use crate::figure::Figure;
use crate::histogram::{Sample, histogram};
use crate::trained::Trained;
use synfire::host::floats;
use synfire::network::Network;
use synfire::parameters::values;

/// A histogram of a parameter, with its first values where the seed of the training is known.
///
/// A training that began from another network's weights began elsewhere; its folder does not tell.
pub(crate) fn distribution(trained: &Trained, name: &str) -> Result<Figure, Error> {
    let description = &trained.checkpoint.description;
    let first = |seed: u64| description.model.init(&description.input, description.outputs, seed, &trained.device);
    let first = trained.seed.map(first).transpose()?;
    let mut samples = vec![];
    for (network, when) in [(first.as_ref(), "drawn from the seed"), (Some(&trained.network), "after the training")] {
        if let Some(network) = network {
            samples.push(Sample { name: when.to_string(), values: find(network, name)? });
        }
    }
    let unit = synfire::parameters::parameters(&trained.network).into_iter().find(|p| p.name == name);
    let unit = unit.map_or("", |p| p.unit);
    let x = if unit.is_empty() { "value".to_string() } else { format!("value ({unit})") };
    Ok(histogram(&format!("{name} of {}", trained.id), &x, &samples))
}

fn find(network: &Network, name: &str) -> Result<Vec<f32>, Error> {
    let found = values(network).into_iter().find(|(p, _)| p.name == name);
    let missing = || Error::NotFound("the network has no parameter of this name".to_string());
    Ok(floats(&found.ok_or_else(missing)?.1))
}
