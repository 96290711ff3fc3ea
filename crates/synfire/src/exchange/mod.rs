//! Networks of other frameworks: state dicts of PyTorch, snnTorch, SpikingJelly and Norse, in and out.

mod element;
mod export;
mod framework;
mod import;
mod leak;
mod pytorch;
mod safetensors;
mod state_dict;

pub use export::{Peer, PeerModule};
pub use framework::Framework;
pub use import::{ImportEntry, ImportReport, ImportStatus, Imported, Importer, Source, SourceAs, StateMap};
pub use leak::Quantity;
pub use state_dict::{StateDict, StateTensor};
