//! Pooling by the sum.

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
    Sum, "sum",
    SumPool1d = "sum_pool1d", "The sum of each window of series `[C, L]`: `sum_pool1d = 2`.";
    SumPool2d = "sum_pool2d", "The sum of each window of pictures `[C, H, W]`: `sum_pool2d = 2`.";
    GlobalSumPool = "global_sum_pool", "The sum of each channel, `[C, L]` or `[C, H, W]` to `[C]`: `global_sum_pool = true`.";
}
