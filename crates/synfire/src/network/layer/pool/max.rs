//! Pooling by the largest value.

use super::kinds::pool_kinds;
use super::{Moving, PoolLayer, Reduction, as_picture, over_all};
use crate::Error;
use crate::network::Shape;
use crate::network::layer::conv::PerAxis;
use crate::network::layer::{AnyLayer, LayerKind, NetworkInfo, Site};
use crate::registry::{BadSetting, Named};
use serde::{Deserialize, Serialize};
use synfire_dynamics::Window2d;

pool_kinds! {
    Max, "largest value",
    MaxPool1d = "max_pool1d", "The largest value of each window of series `[C, L]`: `max_pool1d = 2`.";
    MaxPool2d = "max_pool2d", "The largest value of each window of pictures `[C, H, W]`: `max_pool2d = 2`.";
    GlobalMaxPool = "global_max_pool", "The largest value of each channel, `[C, L]` or `[C, H, W]` to `[C]`: `global_max_pool = true`.";
}
