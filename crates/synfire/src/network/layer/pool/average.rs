//! Pooling by the mean.

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
    Average, "mean",
    AveragePool1d = "average_pool1d" | "avg_pool1d", "The mean of each window of series `[C, L]`: `average_pool1d = 2`. Zeros around the sample count.";
    AveragePool2d = "average_pool2d" | "avg_pool2d", "The mean of each window of pictures `[C, H, W]`: `average_pool2d = 2`. Zeros around the sample count.";
    GlobalAveragePool = "global_average_pool", "The mean of each channel, `[C, L]` or `[C, H, W]` to `[C]`: `global_average_pool = true`.";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::registry::Component;
    use serde_json::json;

    #[test]
    fn the_names_of_pytorch_are_known() {
        for (name, ours) in
            [("avg_pool1d", "average_pool1d"), ("avg_pool2d", "average_pool2d"), ("batch_norm2d", "batch_norm")]
        {
            let keys = [(name.to_string(), json!(true))].into_iter().collect();
            assert_eq!(Component::<dyn LayerKind>::from_keys(keys).unwrap().name(), ours);
        }
    }
}
