//! Options of `synfire train`.

use crate::number::whole;
use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Options override what the configuration file says, --set last: `--set network.layers.1.tau_m.value=4`,
`--set training.schedule=cosine`. Patterns name parameters: `layers.0.*`, `*.bias`,
`*.tau` (every time constant); `synfire info FILE` lists the names.

Ctrl-C (or SIGTERM) saves and stops after the current batch; a second one stops at once.
The last two lines printed are `test accuracy 97.22 %` and `run folder DIR`.

Examples:
  synfire train                                           built-in digits, two layers of PLIF neurons
  synfire train --neuron lif --epochs 10 --seed 1         another neuron model
  synfire train --encoder '{ name = \"poisson\", unit_conversion = 0.5 }'
  synfire train --config my.toml --data datasets/mnist    a network of your own
  synfire train --resume runs/001-plif-digits             go on where it stopped
  synfire train --resume runs/001-plif-digits --epochs 60 train longer
  synfire train --init best.bpk --train-only '*.tau'      fine-tune the time constants alone
  synfire train --init best.bpk --init-skip 'layers.2.*' --data DIR  other classes: the last layer starts anew")]
pub(crate) struct Args {
    #[command(flatten)]
    pub(super) anew: Anew,
    /// Data set: folder of IDX files, of CIFAR-10 or of samples by class; .npz, .csv; the built-in digits if not given
    #[arg(long, value_name = "PATH")]
    pub(super) data: Option<PathBuf>,
    /// Device, as `synfire devices` lists them; GPUs that share every batch as `cuda:0,cuda:1`
    #[arg(long, value_name = "NAME")]
    pub(super) device: Option<String>,
    /// Passes over the training data
    #[arg(long, value_name = "N", value_parser = whole::<usize>, allow_negative_numbers = true, help_heading = "Training")]
    pub(super) epochs: Option<usize>,
    /// Stop after so many epochs without a better validation loss
    #[arg(long, value_name = "N", value_parser = whole::<usize>, allow_negative_numbers = true, help_heading = "Training")]
    pub(super) patience: Option<usize>,
    /// Stop after this epoch, as Ctrl-C would: --resume goes on
    #[arg(long, value_name = "N", value_parser = whole::<usize>, allow_negative_numbers = true, help_heading = "Training")]
    pub(super) until: Option<usize>,
    /// Continue the training in this run folder
    #[arg(long, value_name = "DIR", help_heading = "Starting point")]
    pub(super) resume: Option<PathBuf>,
}

/// Options of a new training. Those of `Args` itself may change when a training is continued, these may not.
#[derive(Debug, clap::Args)]
pub(crate) struct Anew {
    /// Network and training, as TOML or JSON
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Run folder to write; a new one in runs/ if not given
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,
    /// Any key of the configuration; may be given again
    #[arg(long, value_name = "KEY=VALUE")]
    pub(super) set: Vec<String>,

    /// Decides initial weights, data order and random encoders
    #[arg(long, value_name = "N", value_parser = whole::<u64>, allow_negative_numbers = true, help_heading = "Training")]
    pub(super) seed: Option<u64>,
    /// Samples per step
    #[arg(long, value_name = "N", value_parser = whole::<usize>, allow_negative_numbers = true, help_heading = "Training")]
    pub(super) batch_size: Option<usize>,
    /// Share of the training data held out for validation, such as 0.1
    #[arg(long, value_name = "X", allow_negative_numbers = true, help_heading = "Training")]
    pub(super) validation: Option<f64>,
    /// Optimiser: adam, adam_w, sgd, or a table `{ name = "sgd", momentum = 0.9 }`
    #[arg(long, value_name = "NAME|TABLE", help_heading = "Training")]
    pub(super) optimizer: Option<String>,
    /// Learning rate
    #[arg(long, value_name = "X", allow_negative_numbers = true, help_heading = "Training")]
    pub(super) learning_rate: Option<f64>,
    /// Learning rate of the neurons' parameters; the general one if not given
    #[arg(long, value_name = "X", allow_negative_numbers = true, help_heading = "Training")]
    pub(super) neuron_learning_rate: Option<f64>,
    /// Loss: a name, or a table with settings; `synfire coding losses` lists them
    #[arg(long, value_name = "NAME|TABLE", help_heading = "Training")]
    pub(super) loss: Option<String>,
    /// Parameters that do not learn, by pattern; may be given again
    #[arg(long, value_name = "PATTERN", help_heading = "Training")]
    pub(super) freeze: Vec<String>,
    /// Only these parameters learn, by pattern; may be given again
    #[arg(long, value_name = "PATTERN", help_heading = "Training")]
    pub(super) train_only: Vec<String>,

    /// Neuron model of both layers, as `synfire models` lists them (without --config)
    #[arg(long, value_name = "NAME", help_heading = "Network")]
    pub(super) neuron: Option<String>,
    /// Encoder: a name, or a table `{ name = "..", .. }` with settings; `synfire coding encoders` lists them
    #[arg(long, value_name = "NAME|TABLE", help_heading = "Network")]
    pub(super) encoder: Option<String>,
    /// Decoder, likewise; `synfire coding decoders` lists them
    #[arg(long, value_name = "NAME|TABLE", help_heading = "Network")]
    pub(super) decoder: Option<String>,
    /// Neurons of the hidden layer (without --config)
    #[arg(long, value_name = "N", value_parser = whole::<usize>, allow_negative_numbers = true, help_heading = "Network")]
    pub(super) hidden: Option<usize>,
    /// Number of time steps
    #[arg(long, value_name = "T", value_parser = whole::<usize>, allow_negative_numbers = true, help_heading = "Network")]
    pub(super) steps: Option<usize>,
    /// f32, or f16 or bf16 between the layers where the device has it
    #[arg(long, value_name = "NAME", help_heading = "Network")]
    pub(super) precision: Option<String>,

    /// Start from the weights in this checkpoint: fine-tuning
    #[arg(long, value_name = "FILE", help_heading = "Starting point")]
    pub(super) init: Option<PathBuf>,
    /// Parameters of that checkpoint to leave out, by pattern: they start anew; may be given again
    #[arg(long, value_name = "PATTERN", requires = "init", help_heading = "Starting point")]
    pub(super) init_skip: Vec<String>,
}
