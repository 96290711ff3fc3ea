//! Progress that is shown while a training runs.

use super::interrupt::{Stop, happened};
use crate::output::note;
use crate::ranks;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::ops::ControlFlow;
use std::time::Instant;
use synfire::train::{EpochRecord, Progress};

/// Bar over the batches of an epoch; the loss is its message.
const BAR: &str = "{prefix}  {wide_bar:.cyan/dim}  {pos}/{len}  train loss {msg}  {eta} left";

/// Shows a bar in a terminal, and a line per epoch everywhere.
pub(super) struct Watch {
    epochs: usize,
    /// The epoch after which it stops.
    until: usize,
    stop: Stop,
    bar: ProgressBar,
    /// When the epoch began.
    begun: Instant,
    /// Layers that were warned about.
    warned: BTreeSet<String>,
}

impl Watch {
    pub(super) fn new(epochs: usize, until: Option<usize>, stop: Stop) -> Self {
        let bar = if ranks::is_first() && std::io::stderr().is_terminal() {
            let style = ProgressStyle::with_template(BAR).unwrap_or_else(|_| ProgressStyle::default_bar());
            ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()).with_style(style.progress_chars("━━─"))
        } else {
            ProgressBar::hidden()
        };
        Watch { epochs, until: until.unwrap_or(epochs), stop, bar, begun: Instant::now(), warned: BTreeSet::new() }
    }

    /// Shows a step or an epoch, and says whether to go on.
    pub(super) fn observe(&mut self, progress: Progress<'_>) -> ControlFlow<()> {
        let mut reached = false;
        match progress {
            Progress::Step { epoch, batch, batches, loss } => self.step(epoch, batch, batches, loss),
            Progress::Epoch(record) => {
                self.epoch(record);
                // after the last epoch there is nothing to stop
                reached = (self.until..self.epochs).contains(&record.epoch);
            }
            _ => {}
        }
        if reached || happened(self.stop) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn step(&self, epoch: usize, batch: usize, batches: usize, loss: f32) {
        tracing::debug!(epoch, batch, batches, loss, "step");
        if self.bar.is_hidden() {
            return;
        }
        if batch == 1 {
            self.bar.reset();
        }
        self.bar.set_length(batches as u64);
        self.bar.set_prefix(self.number(epoch));
        self.bar.set_message(format!("{loss:.4}"));
        self.bar.set_position(batch as u64);
    }

    fn epoch(&mut self, record: &EpochRecord) {
        if !ranks::is_first() {
            return;
        }
        let seconds = self.begun.elapsed().as_secs_f64();
        self.begun = Instant::now();
        let line = format!("{}{}  {seconds:.1} s", self.number(record.epoch), measured(record));
        let warnings: Vec<String> = record.warnings().into_iter().filter(|warning| self.is_new(warning)).collect();
        self.bar.suspend(|| {
            note!("{line}");
            for warning in warnings {
                note!("warning: {warning}");
            }
        });
    }

    /// `epoch  3/30`
    fn number(&self, epoch: usize) -> String {
        let width = self.epochs.to_string().len();
        format!("epoch {epoch:>width$}/{}", self.epochs)
    }

    /// Whether it is the first warning about its layer, which it begins with.
    fn is_new(&mut self, warning: &str) -> bool {
        self.warned.insert(warning.split(' ').next().unwrap_or_default().to_string())
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// `  train loss 0.1234  train accuracy 96.40 %  validation loss 0.1456  validation accuracy 95.10 %  learning rate 0.00198`
fn measured(record: &EpochRecord) -> String {
    let percent = |share: f64| format!("{:5.2} %", share * 100.0);
    let mut text = format!("  train loss {:.4}", record.train_loss);
    if let Some(accuracy) = record.train_accuracy {
        text += &format!("  train accuracy {}", percent(accuracy));
    }
    if let Some(loss) = record.validation_loss {
        text += &format!("  validation loss {loss:.4}");
    }
    if let Some(accuracy) = record.validation_accuracy {
        text += &format!("  validation accuracy {}", percent(accuracy));
    }
    match record.learning_rate {
        rate @ 1e-4..1e4 => text + &format!("  learning rate {rate:.5}"),
        rate => text + &format!("  learning rate {rate:.2e}"),
    }
}
