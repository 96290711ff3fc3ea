//! The lock of a run folder: one training at a time.

use crate::Error;
use std::fs::{File, TryLockError};
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The lock of a folder, shared by the clones of its `RunFolder`. The system lets it go when the process ends, however it
/// does.
#[derive(Clone, Debug, Default)]
pub(super) struct FolderLock(Arc<Mutex<Option<Arc<File>>>>);

/// Keeps other processes from training in a run folder until it and all others of this folder are dropped.
#[derive(Debug)]
pub struct RunLock {
    folder: FolderLock,
    /// None on file systems without locks.
    file: Option<Arc<File>>,
}

impl Drop for RunLock {
    fn drop(&mut self) {
        drop(self.file.take());
        let mut held = self.folder.held();
        // one is left: the folder's own
        if held.as_ref().is_some_and(|file| Arc::strong_count(file) == 1) {
            held.take();
        }
    }
}

impl RunLock {
    /// The lock of a folder that is not written.
    pub(super) fn none() -> Self {
        RunLock { folder: FolderLock::default(), file: None }
    }
}

impl FolderLock {
    /// Whether a process holds the lock of a folder.
    pub(super) fn is_held(folder: &Path) -> bool {
        let held = |file: File| matches!(file.try_lock(), Err(TryLockError::WouldBlock));
        folder.is_dir() && handle(folder).is_ok_and(held)
    }

    fn held(&self) -> MutexGuard<'_, Option<Arc<File>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the lock, unless it is held already, until what is returned is dropped.
    pub(super) fn guard(&self, folder: &Path) -> Result<RunLock, Error> {
        self.take(folder)?;
        let file = self.held().clone();
        Ok(RunLock { folder: self.clone(), file })
    }

    /// Takes the lock, unless it is held already.
    pub(super) fn take(&self, folder: &Path) -> Result<(), Error> {
        let mut held = self.held();
        if held.is_some() {
            return Ok(());
        }
        // file systems without locks are no reason not to train
        let Ok(file) = handle(folder) else { return Ok(()) };
        if let Err(TryLockError::WouldBlock) = try_again(&file) {
            let problem = "another training is at work in this run folder; wait until it has ended, or stop it";
            return Err(Error::file(folder, problem));
        }
        *held = Some(Arc::new(file));
        Ok(())
    }
}

/// Takes the lock. Who asks whether a folder is held has it for a moment, so it is tried a few times.
fn try_again(file: &File) -> Result<(), TryLockError> {
    for _ in 0..4 {
        match file.try_lock() {
            Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(5)),
            other => return other,
        }
    }
    file.try_lock()
}

/// The file that is locked: the folder itself, so that none is left behind.
#[cfg(unix)]
fn handle(folder: &Path) -> std::io::Result<File> {
    File::open(folder)
}

/// The file that is locked: one of its own, where folders cannot be.
#[cfg(not(unix))]
fn handle(folder: &Path) -> std::io::Result<File> {
    File::options().create(true).truncate(false).write(true).open(folder.join(".lock"))
}

#[cfg(test)]
mod tests {
    use crate::train::RunFolder;

    #[test]
    fn a_folder_is_open_once_and_again_after_the_training() {
        let parent = tempfile::tempdir().unwrap();
        let path = parent.path().join("run");
        let folder = RunFolder::create(&path).unwrap();
        folder.write("config.toml", "").unwrap();
        let refused = || RunFolder::open(&path).unwrap_err().to_string();
        assert!(refused().contains("another training is at work in this run folder; wait"), "{}", refused());
        let lock = folder.clone().lock().unwrap();
        assert!(RunFolder::is_busy(&path));
        assert!(refused().contains("another training"));
        drop(folder.lock().unwrap());
        assert!(refused().contains("another training"), "one of two guards was dropped");
        drop(lock);
        assert!(!RunFolder::is_busy(&path) && !RunFolder::is_busy(&parent.path().join("none")));
        assert!(RunFolder::open(&path).is_ok());
        let names: Vec<_> = std::fs::read_dir(&path).unwrap().flatten().map(|entry| entry.file_name()).collect();
        assert_eq!(names.len(), if cfg!(unix) { 2 } else { 3 }, "{names:?}");
    }

    #[test]
    fn numbers_are_taken_once() {
        let parent = tempfile::tempdir().unwrap();
        let runs = parent.path().join("runs");
        let take = || RunFolder::numbered(&runs, "a").unwrap().path().to_path_buf();
        let folders: Vec<_> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(take)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let distinct: std::collections::BTreeSet<_> = folders.iter().collect();
        assert_eq!(distinct.len(), 4, "{folders:?}");
    }
}
