//! Targets of a batch on a device.

use burn::tensor::{Device, Int, Tensor, TensorData};
use synfire_data::{Batch, Targets};

/// Targets of a batch on a device, for losses: the answers that a network should give.
#[derive(Clone, Debug)]
pub enum Expected {
    /// The class of each sample, `[B]`.
    Class(Tensor<1, Int>),
    /// A vector of real values for each sample, `[B, len]`.
    Vector(Tensor<2>),
    /// A class at each step of each series.
    ClassPerStep(Box<StepClasses>),
}

/// Classes at each step of series.
#[derive(Clone, Debug)]
pub struct StepClasses {
    /// The classes, `[T, B]`; those after the end of a series mean nothing.
    pub classes: Tensor<2, Int>,
    /// 1 at the steps of each series, 0 after its end, `[T, B]`.
    pub valid: Tensor<2>,
}

impl From<Tensor<1, Int>> for Expected {
    fn from(classes: Tensor<1, Int>) -> Self {
        Expected::Class(classes)
    }
}

impl From<Tensor<2>> for Expected {
    fn from(vectors: Tensor<2>) -> Self {
        Expected::Vector(vectors)
    }
}

impl Expected {
    /// The targets of a batch.
    #[must_use]
    pub fn of(batch: &Batch, device: &Device) -> Self {
        let samples = batch.len();
        match &batch.targets {
            Targets::Classes(classes) => {
                Expected::Class(Tensor::from_data(TensorData::new(classes.clone(), [samples]), device))
            }
            Targets::Vectors { values, len } => {
                Expected::Vector(Tensor::from_data(TensorData::new(values.clone(), [samples, *len]), device))
            }
            Targets::ClassPerStep { classes, steps } => {
                let valid = (0..samples).flat_map(|b| {
                    let length = batch.lengths.get(b).copied().unwrap_or(*steps);
                    (0..*steps).map(move |t| f32::from(u8::from(t < length)))
                });
                let valid = TensorData::new(valid.collect::<Vec<_>>(), [samples, *steps]);
                let classes = TensorData::new(classes.clone(), [samples, *steps]);
                Expected::ClassPerStep(Box::new(StepClasses {
                    classes: Tensor::<2, Int>::from_data(classes, device).swap_dims(0, 1),
                    valid: Tensor::<2>::from_data(valid, device).swap_dims(0, 1),
                }))
            }
        }
    }

    /// Class of each sample, `[B]`.
    ///
    /// # Panics
    ///
    /// If there is none: losses that need it [refuse](super::Criterion::suits) data without.
    #[must_use]
    pub fn classes(&self) -> Tensor<1, Int> {
        match self {
            Expected::Class(classes) => classes.clone(),
            other => panic!("the loss needs a class of each sample; there is {other:?}"),
        }
    }

    /// Mean over samples and steps of the values, `[S, B, C]`, of the right class, a share `smoothing` of it spread over
    /// all classes. Steps after the end of a series do not count.
    pub(super) fn mean_over_classes(&self, values: Tensor<3>, smoothing: f32) -> Tensor<1> {
        let [steps, batch, classes] = values.dims();
        let right = match self {
            Expected::Class(labels) => labels.clone().reshape([1, batch, 1]).expand([steps, batch, 1]),
            Expected::ClassPerStep(steps) => steps.classes.clone().unsqueeze_dim(2),
            Expected::Vector(_) => panic!("the loss needs classes; there are vectors"),
        };
        let mut of_step: Tensor<3> = values.clone().gather(2, right);
        if smoothing > 0.0 {
            of_step = of_step * (1.0 - smoothing) + values.sum_dim(2) * (smoothing / classes as f32);
        }
        match self {
            Expected::ClassPerStep(steps) => {
                let valid = steps.valid.clone().cast(of_step.dtype());
                (of_step * valid.clone().unsqueeze_dim(2)).sum() / valid.sum()
            }
            _ => of_step.mean(),
        }
    }

    /// 1 for the class that is right, 0 for the others, `[1, B, C]` or `[T, B, C]`; or the vectors, `[1, B, len]`.
    pub(super) fn scores(&self, classes: usize) -> Tensor<3> {
        match self {
            Expected::Class(labels) => labels.clone().one_hot::<2>(classes).float().unsqueeze_dim(0),
            Expected::ClassPerStep(steps) => steps.classes.clone().one_hot::<3>(classes).float(),
            Expected::Vector(vectors) => vectors.clone().unsqueeze_dim(0),
        }
    }
}
