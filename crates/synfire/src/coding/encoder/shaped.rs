//! Samples of any rank.

use super::{Encoder, TimeGrid};
use crate::Error;
use burn::tensor::Tensor;

impl Encoder {
    /// Encodes samples of any rank `D`, `[B, ..]`, as activations of rank `E`, `[T, B, ..]`.
    ///
    /// ```
    /// use burn::tensor::{Device, Tensor};
    /// use synfire::coding::{Encoder, TimeGrid};
    ///
    /// let grid = TimeGrid { steps: 5, dt: 1.0 };
    /// let images = Tensor::<4>::ones([2, 3, 8, 8], &Device::default()); // [B, C, H, W]
    /// let spikes: Tensor<5> = Encoder::named("poisson")?.encode_shaped(images, grid, 0)?;
    /// assert_eq!(spikes.dims(), [5, 2, 3, 8, 8]);
    /// # Ok::<(), synfire::Error>(())
    /// ```
    ///
    /// # Shapes
    ///
    /// After time and batch activations have the [shape](super::Encode::shape) that the encoder makes of a sample's: mostly
    /// the same; one axis less for encoders of samples over time, one more for `population`.
    ///
    /// # Errors
    ///
    /// [`Error::Source`] for samples that it cannot encode, and where `E` is not the rank of the activations.
    pub fn encode_shaped<const D: usize, const E: usize>(
        &self,
        samples: Tensor<D>,
        grid: TimeGrid,
        seed: u64,
    ) -> Result<Tensor<E>, Error> {
        let refuse = |problem| Error::Source { encoder: self.name(), problem };
        let dims = samples.dims();
        if dims.contains(&0) {
            return Err(refuse(format!("was given samples of shape {dims:?}; expected at least one of each")));
        }
        let [batch, sample @ ..] = dims.as_slice() else { return Err(refuse("was given a tensor of rank 0".into())) };
        let shape = self.shape(sample, grid).map_err(refuse)?;
        let signal = [&[grid.steps, *batch], shape.as_slice()].concat();
        let Ok(signal) = <[usize; E]>::try_from(signal.as_slice()) else {
            return Err(refuse(format!("makes {signal:?} of samples {dims:?}; expected a tensor of rank {E}")));
        };
        let flat = samples.reshape([*batch, sample.iter().product()]);
        let values = self.encode(flat.into(), grid, seed)?.values;
        Ok(values.expand([grid.steps, *batch, shape.iter().product()]).reshape(signal))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coding::Population;
    use burn::tensor::Device;

    #[test]
    fn shapes_follow_the_encoder() {
        let device = Device::default();
        let grid = TimeGrid { steps: 4, dt: 1.0 };
        let images = || Tensor::<4>::ones([2, 4, 3, 5], &device);
        let series: Tensor<4> = Encoder::named("series").unwrap().encode_shaped(images(), grid, 0).unwrap();
        assert_eq!(series.dims(), [4, 2, 3, 5]);
        let fields: Tensor<6> = Encoder::from(Population::default()).encode_shaped(images(), grid, 0).unwrap();
        assert_eq!(fields.dims(), [4, 2, 4, 3, 5, 10]);
        let wrong: Result<Tensor<4>, Error> = Encoder::default().encode_shaped(images(), grid, 0);
        assert!(wrong.unwrap_err().to_string().contains("rank 4"));
    }
}
