//! Normalisation of each channel over batch, time and space.

use super::{AnyLayer, Layer, LayerKind, NetworkInfo, Pass, Site};
use crate::Error;
use crate::coding::Activations;
use crate::network::Shape;
use crate::network::cast;
use crate::registry::{BadSetting, Named};
use burn::module::{Content, Module, ModuleDisplay, Param, RunningState};
use burn::tensor::{DType, Tensor};
use serde::{Deserialize, Serialize};
use synfire_dynamics::{batch_norm, batch_norm_by};

/// Normalises each channel, or each value of a flat sample, by its mean and variance over batch, time and space while the
/// network trains, and by running ones after: `batch_norm = true` (Ioffe and Szegedy 2015, Batch normalization).
///
/// ```text
/// y = p[t] (gamma (x - mean) / sqrt(variance + epsilon) + beta)
/// ```
///
/// - `threshold = true`, threshold-dependent (tdBN; Zheng et al. 2021, Going deeper with directly-trained larger spiking
///   neural networks): gamma starts at `alpha` times the firing threshold of the neurons that listen to the layer.
/// - `per_step = true`, temporal effective (TEBN; Duan et al. 2022, Temporal effective batch normalization in spiking
///   neural networks): a learned weight `p[t]` for each step, from 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct BatchNorm {
    /// Added to the variance, above 0.
    pub epsilon: f32,
    /// Share of the newest batch in the running mean and variance, 0 to 1.
    pub momentum: f32,
    /// Whether gamma starts at `alpha` times the threshold of the neurons after it.
    pub threshold: bool,
    /// Factor of the threshold, above 0: 1 for a chain of layers, 1 / sqrt(2) for each branch that is added up.
    pub alpha: f32,
    /// Whether each step has a weight.
    pub per_step: bool,
}

impl Default for BatchNorm {
    fn default() -> Self {
        BatchNorm { epsilon: 1e-5, momentum: 0.1, threshold: false, alpha: 1.0, per_step: false }
    }
}

impl Named for BatchNorm {
    const NAME: &'static str = "batch_norm";
    const ALIASES: &'static [&'static str] = &["batch_norm1d", "batch_norm2d"];
    const ABOUT: &'static str = "normalises each channel over batch, time and space";
}

impl LayerKind for BatchNorm {
    fn check(&self) -> Result<(), BadSetting> {
        BadSetting::unless_above_zero("epsilon", self.epsilon, "a variance")?;
        BadSetting::unless_above_zero("alpha", self.alpha, "a factor")?;
        BadSetting::unless((0.0..=1.0).contains(&self.momentum), "momentum", self.momentum, "0 to 1")
    }

    fn output_shape(&self, input: &Shape, _: NetworkInfo) -> Result<Shape, String> {
        Ok(input.clone())
    }

    fn divides_over_time(&self) -> bool {
        false
    }

    fn build(&self, site: &mut Site<'_>) -> Result<AnyLayer, Error> {
        let (channels, device) = (site.input.channels(), site.device);
        let gamma = match (self.threshold, site.threshold) {
            (false, _) => 1.0,
            (true, Some(threshold)) => self.alpha * threshold,
            (true, None) => {
                let problem =
                    "needs neurons with a firing threshold `v_th` that listen to the layer; put them after it";
                return Err(site.refuse(BadSetting::of("threshold", problem)));
            }
        };
        Ok(BatchNormLayer {
            gamma: Param::from_tensor(Tensor::full([channels], gamma, device)),
            beta: Param::from_tensor(Tensor::zeros([channels], device)),
            step_weight: self.per_step.then(|| Param::from_tensor(Tensor::ones([site.network.steps], device))),
            running_mean: RunningState::new(Tensor::zeros([channels], device)),
            running_var: RunningState::new(Tensor::ones([channels], device)),
            settings: *self,
        }
        .into())
    }
}

#[derive(Module, Debug)]
#[module(custom_display)]
struct BatchNormLayer {
    /// `[C]`
    gamma: Param<Tensor<1>>,
    /// `[C]`
    beta: Param<Tensor<1>>,
    /// `[T]`
    step_weight: Option<Param<Tensor<1>>>,
    /// `[C]`
    running_mean: RunningState<Tensor<1>>,
    /// `[C]`, without bias.
    running_var: RunningState<Tensor<1>>,
    #[module(skip)]
    settings: BatchNorm,
}

impl ModuleDisplay for BatchNormLayer {
    fn custom_content(&self, content: Content) -> Option<Content> {
        content.add("channels", &self.gamma.dims()[0]).add_debug_attribute("settings", &self.settings).optional()
    }
}

impl BatchNormLayer {
    /// `x` is `[T * B, C, S]`; `repeats` is how many equal steps each frame stands for.
    fn normalise(&self, x: Tensor<3>, repeats: usize) -> Tensor<3> {
        let epsilon = self.settings.epsilon;
        let (gamma, beta) = (self.gamma.val(), self.beta.val());
        if !x.device().is_autodiff() {
            let statistics = [self.running_mean.value(), self.running_var.value()];
            return batch_norm_by(x, [gamma, beta], statistics, epsilon);
        }
        let [frames, _, positions] = x.dims();
        let count = (frames * positions * repeats) as f32;
        let (output, mean, variance) = batch_norm(x, gamma, beta, epsilon);
        let share = self.settings.momentum;
        let blend = |old: Tensor<1>, new: Tensor<1>| (old * (1.0 - share) + new.detach() * share).detach();
        // as PyTorch: the running variance is without bias
        let variance = variance * (count / (count - 1.0).max(1.0));
        self.running_mean.update(blend(self.running_mean.value_sync(), mean));
        self.running_var.update(blend(self.running_var.value_sync(), variance));
        output
    }
}

impl Layer for BatchNormLayer {
    fn forward(&self, input: Activations, pass: &mut Pass) -> Result<Activations, Error> {
        let ([steps, batch, values], dtype) = (input.values.dims(), input.values.dtype());
        let channels = self.gamma.dims()[0];
        let per_channel = steps * batch * (values / channels.max(1));
        if per_channel < 2 && self.gamma.device().is_autodiff() {
            let problem = "a single value per channel has no variance: it trains to chance";
            let cure = "raise `training.batch_size`, or take `layer_norm` in place of `batch_norm`";
            return Err(Error::config("training.batch_size", format!("{problem}; {cure}")));
        }
        let frames = cast(input.values, DType::F32).reshape([steps * batch, channels, values / channels]);
        let last = pass.rng.first_step + pass.steps;
        if let Some(steps) = self.step_weight.as_ref().map(|weight| weight.dims()[0]).filter(|&steps| steps < last) {
            let problem = format!("`per_step` has weights for {steps} steps; step {} has none", last - 1);
            return Err(Error::config("batch_norm", problem));
        }
        let normed = self.normalise(frames, pass.steps / steps).reshape([steps, batch, values]);
        let values = match &self.step_weight {
            Some(weight) => {
                normed * weight.val().narrow(0, pass.rng.first_step, pass.steps).reshape([pass.steps, 1, 1])
            }
            None => normed,
        };
        Ok(Activations { values: cast(values, dtype), spike_times: None, potential: None, dt: input.dt })
    }

    fn describe(&self) -> String {
        format!("batch_norm {}", self.gamma.dims()[0])
    }
}
