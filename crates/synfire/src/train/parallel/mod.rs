//! Training by several processes, each of which computes some shards of every batch: with the same numbers for any number
//! of processes.
//!
//! A batch is divided into shards, a power of two of them, whatever the number of processes. Gradients are added in the
//! binary tree over the shards: within a process those of the shards that are its own, a subtree, and between processes by
//! exchanges with the neighbour at distance 1, 2, 4, .. of the tree. Floating-point addition is commutative, so that both
//! sides of an exchange have the same sum, and its order is that of the tree whoever computes which part of it.

mod agreement;
mod buffers;
mod communicator;
pub(super) mod devices;
mod division;
mod exchange_precision;
mod host_gradients;
mod reduce;
mod shard_count;
mod tree;

pub(super) use agreement::{Fact, check as check_agreement};
pub(super) use buffers::Buffers;
pub use communicator::{Alone, Communicator};
pub(crate) use communicator::{any, broadcast};
pub use devices::on_devices;
pub(super) use division::{Division, Part};
pub use exchange_precision::ExchangePrecision;
pub(super) use host_gradients::HostGradients;
pub(super) use reduce::{all_reduce, gathered_sum};
pub use shard_count::ShardCount;
pub(super) use tree::Tree;
