//! A factor for each value.

use super::{AnyLayer, LayerKind, NetworkInfo, PerStep, Site};
use crate::Error;
use crate::network::Shape;
use crate::neuron::Per;
use crate::registry::{BadSetting, Named};
use burn::module::{Module, Param};
use burn::tensor::{Tensor, TensorData};
use serde::{Deserialize, Serialize};

/// Multiplies by learned factors, `y = weight x`: `scale = 0.5`, one for the layer, for each channel or for each value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    /// Factors to start from.
    pub factor: f32,
    /// Values that share a factor: all of the `"layer"`, those of a `"channel"`, or none, `"neuron"`.
    pub per: Per,
}

impl Default for Scale {
    fn default() -> Self {
        Scale { factor: 1.0, per: Per::Layer }
    }
}

impl Named for Scale {
    const NAME: &'static str = "scale";
    const ABOUT: &'static str = "multiplies by learned factors";
    const PRINCIPAL: Option<&'static str> = Some("factor");
}

impl LayerKind for Scale {
    fn check(&self) -> Result<(), BadSetting> {
        BadSetting::unless(self.factor.is_finite(), "factor", self.factor, "a finite number")
    }

    fn output_shape(&self, input: &Shape, _: NetworkInfo) -> Result<Shape, String> {
        Ok(input.clone())
    }

    fn weights(&self, input: &Shape, _: &Shape) -> Vec<(&'static str, Vec<usize>)> {
        vec![("weight", vec![self.per.count(input.dims())])]
    }

    fn build(&self, site: &mut Site<'_>) -> Result<AnyLayer, Error> {
        let count = self.per.count(site.input.dims());
        let weight = Tensor::from_data(TensorData::new(vec![self.factor; count], [count]), site.device);
        let module = Factors { weight: Param::from_tensor(weight) };
        let about = format!("{} {count}", Self::NAME);
        PerStep::layer(module, site.input, &about, |module: &Factors, x: Tensor<2>| {
            let ([frames, values], factors) = (x.dims(), module.weight.val());
            let [count] = factors.dims();
            let scaled: Tensor<3> = x.reshape([frames, count, values / count]) * factors.reshape([1, count, 1]);
            scaled.reshape([frames, values])
        })
    }
}

#[derive(Module, Debug)]
struct Factors {
    /// `[1]`, `[C]` or `[N]`
    weight: Param<Tensor<1>>,
}
