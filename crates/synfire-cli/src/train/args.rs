//! Options of `synfire train`.

use std::path::PathBuf;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Options override what the configuration file says. Patterns name parameters: `layers.0.*`, `*.bias`,
`*.tau` (every time constant); `synfire info FILE` lists the names.

Ctrl-C saves and stops after the current batch; a second one stops at once.
The last two lines printed are `test accuracy 97.22 %` and `run folder DIR`.

Examples:
  synfire train                                           built-in digits, two layers of PLIF neurons
  synfire train --neuron lif --epochs 10 --seed 1         another neuron model
  synfire train --encoder '{ name = \"poisson\", unit_conversion = 0.5 }'
  synfire train --config my.toml --data datasets/mnist    a network of your own
  synfire train --resume runs/001-plif-digits             go on where it stopped
  synfire train --resume runs/001-plif-digits --epochs 60 train longer
  synfire train --init best.bpk --train-only '*.tau'      fine-tune the time constants alone")]
pub(crate) struct Args {
    /// Network and training, as TOML or JSON
    #[arg(long, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Folder of an MNIST-style data set; the built-in digits if not given
    #[arg(long, value_name = "DIR")]
    pub(super) data: Option<PathBuf>,
    /// Device, as `synfire devices` lists them
    #[arg(long, value_name = "NAME")]
    pub(super) device: Option<String>,
    /// Run folder to write; a new one in runs/ if not given
    #[arg(long, value_name = "DIR")]
    pub(super) out: Option<PathBuf>,

    /// Passes over the training data
    #[arg(long, value_name = "N", help_heading = "Training")]
    pub(super) epochs: Option<usize>,
    /// Decides initial weights, data order and random encoders
    #[arg(long, value_name = "N", help_heading = "Training")]
    pub(super) seed: Option<u64>,
    /// Samples per step
    #[arg(long, value_name = "N", help_heading = "Training")]
    pub(super) batch_size: Option<usize>,
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
    /// Number of time steps
    #[arg(long, value_name = "T", help_heading = "Network")]
    pub(super) steps: Option<usize>,
    /// f32, or f16 or bf16 between the layers where the device has it
    #[arg(long, value_name = "NAME", help_heading = "Network")]
    pub(super) precision: Option<String>,

    /// Start from the weights in this checkpoint: fine-tuning
    #[arg(long, value_name = "FILE", help_heading = "Starting point")]
    pub(super) init: Option<PathBuf>,
    /// Continue the training in this run folder
    #[arg(long, value_name = "DIR", help_heading = "Starting point")]
    pub(super) resume: Option<PathBuf>,
}
