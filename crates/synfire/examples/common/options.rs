//! Command-line options of the examples.

use std::path::PathBuf;

/// `--fast` learns little, in seconds; `--svg PATH` writes the learning curve there.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Options {
    pub(crate) fast: bool,
    pub(crate) svg: Option<PathBuf>,
}

impl Options {
    pub(crate) fn read(arguments: impl IntoIterator<Item = String>) -> Result<Self, String> {
        let (mut options, mut arguments) = (Options::default(), arguments.into_iter());
        while let Some(argument) = arguments.next() {
            match argument.as_str() {
                "--fast" => options.fast = true,
                "--svg" => options.svg = Some(arguments.next().ok_or("`--svg` needs the path of a picture")?.into()),
                other => return Err(format!("unknown argument `{other}`; known: --fast, --svg PATH")),
            }
        }
        Ok(options)
    }

    /// Writes the picture where one was asked for.
    pub(crate) fn draw(&self, picture: &str) -> std::io::Result<()> {
        self.svg.as_ref().map_or(Ok(()), |path| std::fs::write(path, picture))
    }
}
