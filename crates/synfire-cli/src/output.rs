//! Results go to stdout, for people or for machines; everything else goes to stderr.

use serde::Serialize;
use std::fmt::Display;
use std::io::Write;

/// In which form results are printed.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(crate) struct Output {
    /// Print the result, or the error, as one line of JSON
    #[arg(long, global = true)]
    json: bool,
}

impl Output {
    /// Whether results and errors are for machines.
    pub(crate) fn is_json(self) -> bool {
        self.json
    }

    /// Prints a result: its text, or with `--json` its fields.
    pub(crate) fn print(self, result: &(impl Display + Serialize)) -> anyhow::Result<()> {
        if self.json { print(&serde_json::to_string(result)?) } else { print(&result.to_string()) }
    }
}

/// Prints to stdout, ending with one newline. Unlike `println!` it does not panic on a closed pipe.
pub(crate) fn print(text: &str) -> anyhow::Result<()> {
    let mut stdout = std::io::stdout().lock();
    writeln!(stdout, "{}", text.trim_end_matches('\n'))?;
    stdout.flush()?;
    Ok(())
}

/// Prints a line to stderr. Unlike `eprintln!` it does not panic if nobody listens.
macro_rules! note {
    ($($text:tt)*) => {{
        use ::std::io::Write as _;
        let _ = ::std::writeln!(::std::io::stderr().lock(), $($text)*);
    }};
}
pub(crate) use note;
