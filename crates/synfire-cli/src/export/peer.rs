//! State dicts and modules of other frameworks.

use super::format::{Exported, Format};
use super::subject::Subject;
use anyhow::Context;
use std::path::{Path, PathBuf};
use synfire::exchange::{Peer, PeerModule};
use synfire::train::write_whole;

pub(super) struct PeerFormat {
    peer: Peer,
    about: &'static str,
}

pub(super) const SNNTORCH: PeerFormat =
    PeerFormat { peer: Peer::Snntorch, about: "A state dict and a module of snnTorch" };
pub(super) const SPIKINGJELLY: PeerFormat =
    PeerFormat { peer: Peer::Spikingjelly, about: "A state dict and a module of SpikingJelly" };

impl Format for PeerFormat {
    fn name(&self) -> &'static str {
        self.peer.name()
    }

    fn about(&self) -> &'static str {
        self.about
    }

    fn files(&self, out: &Path) -> Vec<PathBuf> {
        vec![out.to_path_buf(), out.with_extension("py")]
    }

    fn export(&self, subject: &Subject<'_>, out: &Path) -> anyhow::Result<Exported> {
        let PeerModule { state, python, notes } = PeerModule::of(&subject.checkpoint, self.peer)?;
        let files = self.files(out);
        anyhow::ensure!(
            files[0] != files[1],
            "{}: the module is written beside it as .py; choose another ending, such as .safetensors",
            out.display()
        );
        let bytes = state.to_safetensors().context("the state dict has no form in a file")?;
        write_whole(&files[0], &bytes)?;
        write_whole(&files[1], python.as_bytes())?;
        Ok(Exported { files, notes, text: Some(python), cost: None })
    }
}
