//! Inputs passed on as they are.

use super::{AnyLayer, Layer, LayerKind, NetworkInfo, Pass, Site, transparent_module};
use crate::Error;
use crate::coding::Activations;
use crate::network::Shape;
use crate::registry::Named;
use serde::{Deserialize, Serialize};

/// Passes its joined inputs on: `identity = true` with `inputs = ["a", "b"]` and `join = "add"`, where several layers
/// listen to the same sum.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Identity {}

impl Named for Identity {
    const NAME: &'static str = "identity";
    const ABOUT: &'static str = "passes its joined inputs on";
}

impl LayerKind for Identity {
    fn output_shape(&self, input: &Shape, _: NetworkInfo) -> Result<Shape, String> {
        Ok(input.clone())
    }

    fn build(&self, _: &mut Site<'_>) -> Result<AnyLayer, Error> {
        Ok(IdentityLayer.into())
    }

    fn passes_spike_times(&self) -> bool {
        true
    }
}

#[derive(Clone, Debug)]
struct IdentityLayer;

transparent_module!(IdentityLayer { inner: [], named: [], plain: [] });

impl Layer for IdentityLayer {
    fn forward(&self, input: Activations, _: &mut Pass) -> Result<Activations, Error> {
        Ok(Activations { potential: None, ..input })
    }

    fn describe(&self) -> String {
        "identity".to_string()
    }
}
