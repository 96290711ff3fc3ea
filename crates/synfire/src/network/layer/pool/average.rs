//! Pooling by the mean.

use super::kinds::pool_kinds;
use super::{Moving, PoolLayer, Reduction, as_picture, over_all};
use crate::Error;
use crate::network::Shape;
use crate::network::layer::conv::PerAxis;
use crate::network::layer::{AnyLayer, LayerKind, NetworkInfo, Site};
use crate::registry::{BadSetting, Named};
use serde::{Deserialize, Serialize};

pool_kinds! {
    Average, "mean",
    AveragePool1d = "average_pool1d", "The mean of each window of series `[C, L]`: `average_pool1d = 2`. Zeros around the sample count.";
    AveragePool2d = "average_pool2d", "The mean of each window of pictures `[C, H, W]`: `average_pool2d = 2`. Zeros around the sample count.";
    GlobalAveragePool = "global_average_pool", "The mean of each channel, `[C, L]` or `[C, H, W]` to `[C]`: `global_average_pool = true`.";
}
