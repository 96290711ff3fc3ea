//! The folder that is shown, and the runs in it.

use crate::Error;
use std::path::{Component, Path, PathBuf};

/// The folder that is shown: nothing outside it is read for a request.
#[derive(Clone, Debug)]
pub(crate) struct Folder {
    /// Canonical; none where there is nothing to show but the neurons.
    root: Option<PathBuf>,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Runs,
    Run,
    Checkpoint,
}

/// A run folder, or a checkpoint on its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RunPath {
    /// Path in the folder that is shown, with `/` between names.
    pub(crate) id: String,
    /// Canonical.
    pub(crate) path: PathBuf,
}

/// Files of a run that are read.
const FILES: [&str; 6] =
    ["config.toml", "metrics.jsonl", "result.json", "data.toml", "checkpoints/best.bpk", "checkpoints/last.bpk"];
/// Folders in folders that are searched: `runs`, and in it the folder of a sweep.
const DEPTH: usize = 3;
/// Runs that are listed at most.
const MOST_RUNS: usize = 10_000;
/// Folder that is shown where none is given.
const RUNS: &str = "runs";

impl Folder {
    /// Opens a folder of runs, a run folder or a checkpoint; the folder `runs`, if there is one, where none is given.
    pub(crate) fn open(path: Option<&Path>) -> Result<Self, Error> {
        let Some(path) = path.or_else(|| Some(Path::new(RUNS)).filter(|runs| runs.is_dir())) else {
            return Ok(Folder { root: None, kind: Kind::Runs });
        };
        let refuse = |problem: String| Error::Path { path: path.to_path_buf(), problem };
        let root = path.canonicalize().map_err(|error| {
            refuse(format!("cannot be opened: {error}; expected a folder of runs, a run folder or a checkpoint"))
        })?;
        let kind = match (root.is_dir(), is_run(&root)) {
            (true, true) => Kind::Run,
            (true, false) => Kind::Runs,
            (false, _) => Kind::Checkpoint,
        };
        if kind == Kind::Checkpoint {
            synfire::checkpoint::Checkpoint::read(&root)?;
        }
        Ok(Folder { root: Some(root), kind })
    }

    /// Its name, for the title of the page.
    pub(crate) fn name(&self) -> String {
        self.root.as_deref().map_or_else(|| "neurons".to_string(), name_of)
    }

    /// The runs in it, in the order of their names.
    pub(crate) fn runs(&self) -> Vec<RunPath> {
        let Some(root) = &self.root else { return vec![] };
        if self.kind != Kind::Runs {
            return vec![RunPath { id: name_of(root), path: root.clone() }];
        }
        let mut found = vec![];
        self.search(root, &mut vec![], &mut found);
        found.sort_by(|a, b| a.id.cmp(&b.id));
        found
    }

    fn search(&self, folder: &Path, names: &mut Vec<String>, found: &mut Vec<RunPath>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            let Ok(name) = entry.file_name().into_string() else { continue };
            // links are not followed: they could lead anywhere
            let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
            if !is_folder || name.starts_with('.') || found.len() >= MOST_RUNS {
                continue;
            }
            let path = entry.path();
            names.push(name);
            if is_run(&path) {
                if self.holds_files_of(&path) {
                    found.push(RunPath { id: names.join("/"), path });
                }
            } else if names.len() < DEPTH {
                self.search(&path, names, found);
            }
            names.pop();
        }
    }

    /// The run of this name.
    pub(crate) fn run(&self, id: &str) -> Result<RunPath, Error> {
        let missing = || Error::no_run(id);
        let root = self.root.as_ref().ok_or_else(missing)?;
        if self.kind != Kind::Runs {
            return if name_of(root) == id {
                Ok(RunPath { id: id.to_string(), path: root.clone() })
            } else {
                Err(missing())
            };
        }
        let relative = Path::new(id);
        let is_plain = relative.components().all(|part| matches!(part, Component::Normal(_)));
        if id.is_empty() || id.contains('\0') || !is_plain || relative.components().count() > DEPTH {
            return Err(missing());
        }
        let path = root.join(relative).canonicalize().map_err(|_| missing())?;
        match path.starts_with(root) && is_run(&path) && self.holds_files_of(&path) {
            true => Ok(RunPath { id: id.to_string(), path }),
            false => Err(missing()),
        }
    }

    /// Whether the files of a run lie in the folder: a link could name any file of this machine.
    fn holds_files_of(&self, run: &Path) -> bool {
        FILES.iter().map(|file| run.join(file)).all(|file| match std::fs::symlink_metadata(&file) {
            Ok(found) if found.is_file() => true,
            Ok(_) => {
                file.canonicalize().is_ok_and(|file| self.root.as_ref().is_some_and(|root| file.starts_with(root)))
            }
            Err(_) => true,
        })
    }
}

impl RunPath {
    /// Whether it is a run folder, and no checkpoint on its own.
    pub(crate) fn is_folder(&self) -> bool {
        self.path.is_dir()
    }
}

fn is_run(path: &Path) -> bool {
    path.join("config.toml").is_file()
}

fn name_of(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_found_and_nothing_else_is() {
        let parent = tempfile::tempdir().unwrap();
        let root = parent.path().join("runs");
        for run in ["001-a", "sweep/b", "sweep/deep/c", "x/y/z/too-deep", ".hidden"] {
            std::fs::create_dir_all(root.join(run)).unwrap();
            std::fs::write(root.join(run).join("config.toml"), "").unwrap();
        }
        std::fs::create_dir_all(parent.path().join("outside")).unwrap();
        std::fs::write(parent.path().join("outside/config.toml"), "").unwrap();
        let folder = Folder::open(Some(&root)).unwrap();
        let ids: Vec<String> = folder.runs().into_iter().map(|run| run.id).collect();
        assert_eq!(ids, ["001-a", "sweep/b", "sweep/deep/c"]);
        assert!(ids.iter().all(|id| folder.run(id).is_ok_and(|run| run.is_folder())));
        let absolute = parent.path().join("outside").display().to_string();
        let encoded = "001-a/../001-a";
        for id in
            ["", ".", "..", "../outside", "001-a/../../outside", "/etc", &absolute, "sweep", "none", encoded, "a\0b"]
        {
            assert!(matches!(folder.run(id), Err(Error::NotFound(_))), "{id}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn links_to_the_outside_are_not_followed() {
        use std::os::unix::fs::symlink;
        let parent = tempfile::tempdir().unwrap();
        let root = parent.path().join("runs");
        for run in ["outside", "runs/a", "runs/b"] {
            std::fs::create_dir_all(parent.path().join(run)).unwrap();
            std::fs::write(parent.path().join(run).join("config.toml"), "").unwrap();
        }
        symlink(parent.path().join("outside"), root.join("link")).unwrap();
        symlink("/etc/hostname", root.join("b/metrics.jsonl")).unwrap();
        let folder = Folder::open(Some(&root)).unwrap();
        assert_eq!(folder.runs().len(), 1);
        assert!(folder.run("a").is_ok() && folder.run("link").is_err() && folder.run("b").is_err());
    }
}
