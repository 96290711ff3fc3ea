//! The prelude beside Burn's: a name that both had would be ambiguous, and this file would not compile.

#![allow(unused_imports)] // that the names are found is what is tested

use burn::nn::conv::*;
use burn::nn::pool::*;
use burn::nn::*;
use burn::prelude::*;
use synfire::prelude::*;

use self::{
    Activations as _, Batch as _, Checkpoint as _, Dataset as _, Decoder as _, Derivative as _, Dynamics as _,
    Encoder as _, Evaluation as _, EventConv1d as _, EventConv1dConfig as _, EventConv2d as _, EventConv2dConfig as _,
    EventLinear as _, EventLinearConfig as _, Integrator as _, LayerConfig as _, LifConfig as _, Loss as _, Model as _,
    ModelConfig as _, ModelInfo as _, NamedParameter as _, Network as _, NetworkConfig as _, Neuron as _,
    NeuronConfig as _, NeuronInput as _, NeuronOutput as _, NeuronState as _, Neurons as _, Notation as _,
    OperatingPoint as _, OutputKind as _, OverTime as _, Parameter as _, ParameterConfig as _, ParameterInfo as _,
    ParameterKind as _, ParameterValue as _, Per as _, PlifConfig as _, Real as _, Reset as _, Run as _, Samples as _,
    Settings as _, ShardContext as _, ShardOutput as _, Split as _, Surrogate as _, Targets as _, TimeGrid as _,
    TrainConfig as _, Trainable as _, Trainer as _, Training as _, TrainingConfig as _, WithDt as _, exprel as _,
    fold_time as _, parameters as _, record as _,
};

#[test]
fn a_program_of_both_preludes_runs() {
    let _alone = synfire_tests::alone();
    let device: Device = Device::flex();
    let (linear, spike) = (LinearConfig::new(6, 4).init(&device), PlifConfig::new().init(&[4], &device));
    let current = fold_time(Tensor::<3>::ones([5, 2, 6], &device), |x: Tensor<2>| linear.forward(x));
    assert_eq!(spike.forward(current).dims(), [5, 2, 4]);
}
