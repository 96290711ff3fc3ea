//! Parameters of any Burn module by name: listed, frozen, read and replaced.
//!
//! A parameter is called by its path in the module, as Burn's visitors tell it: `conv.weight`, `spike.tau_m`,
//! `layers.0.bias`. Variants of enums are left out of it. Shapes and values are told in PyTorch's order of axes: the
//! weight of a linear layer, Burn's or Synfire's, is `[outputs, inputs]`.

mod buffers;
mod list;
mod named;
mod path;
mod pattern;
mod replace;
mod values;

pub(crate) use buffers::buffers;
pub(crate) use path::{Path, follow_path};

pub use list::{parameters, set_active};
pub use named::{NamedParameter, ParameterKind};
pub use pattern::matches;
pub use replace::{NewValues, Replacement, with_replacements, with_value};
pub use values::{raw_values, values};
