//! The description of a module that was put in from Rust.

use super::{AnyLayer, LayerKind, NetworkInfo, Site};
use crate::Error;
use crate::network::Shape;
use crate::registry::Component;
use std::sync::Arc;

/// A module that was put in from Rust: it stands in no file, and nothing but
/// [`Network::insert`](crate::network::Network::insert) makes it.
#[derive(Debug)]
pub(in crate::network) struct Opaque;

impl Opaque {
    pub(in crate::network) fn component() -> Component<dyn LayerKind> {
        Component::opaque("module", Arc::new(Opaque))
    }
}

impl LayerKind for Opaque {
    fn output_shape(&self, input: &Shape, _: NetworkInfo) -> Result<Shape, String> {
        Ok(input.clone())
    }

    fn build(&self, site: &mut Site<'_>) -> Result<AnyLayer, Error> {
        let problem = "is a module put in from Rust; build the network without it, and `insert` it again";
        Err(Error::config(site.path, problem))
    }
}
