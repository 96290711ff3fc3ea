//! Samples of any shape as flat ones.

use super::{AnyLayer, Layer, LayerKind, NetworkInfo, Pass, Site, transparent_module};
use crate::Error;
use crate::coding::Activations;
use crate::network::Shape;
use crate::registry::Named;
use serde::{Deserialize, Serialize};

/// Samples `[C, H, W]` as `[F]`, channels first as in PyTorch: `flatten = true`. `linear` layers flatten by themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Flatten {}

impl Named for Flatten {
    const NAME: &'static str = "flatten";
    const ABOUT: &'static str = "samples of any shape as flat ones";
}

impl LayerKind for Flatten {
    fn output_shape(&self, input: &Shape, _: NetworkInfo) -> Result<Shape, String> {
        Ok([input.size()].into())
    }

    fn build(&self, _: &mut Site<'_>) -> Result<AnyLayer, Error> {
        Ok(FlattenLayer.into())
    }

    fn passes_spike_times(&self) -> bool {
        true
    }
}

/// Activations are flat already: only the shape that the next layer is told changes.
#[derive(Clone, Debug)]
struct FlattenLayer;

transparent_module!(FlattenLayer { inner: [], named: [], plain: [] });

impl Layer for FlattenLayer {
    fn forward(&self, input: Activations, _: &mut Pass) -> Result<Activations, Error> {
        Ok(Activations { potential: None, ..input })
    }

    fn describe(&self) -> String {
        "flatten".to_string()
    }
}
