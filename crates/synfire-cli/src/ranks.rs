//! The processes that `mpirun` or `srun` started, which train together.

use std::cell::RefCell;
use std::sync::{Arc, OnceLock};
use std::time::Duration;
use synfire::train::{Alone, Communicator};

/// The processes that train together, from the time that they are joined.
static RANKS: OnceLock<Arc<dyn Communicator>> = OnceLock::new();

thread_local! {
    /// Where the ranks are threads of this process: this one among them.
    static THREAD: RefCell<Option<Arc<dyn Communicator>>> = const { RefCell::new(None) };
}

/// Time that rank 0 has to say what is wrong on all ranks, before another one does.
const FIRST: Duration = Duration::from_millis(1500);

/// The ranks that this process trains with; itself alone if it was started by itself.
pub(crate) fn join() -> anyhow::Result<Option<Arc<dyn Communicator>>> {
    let ranks = backend::join()?;
    Ok(ranks.map(|ranks| RANKS.get_or_init(|| ranks).clone()))
}

/// Runs a function on this thread as one of several that train together. They hear no more of it after that.
pub(crate) fn as_one_of<T>(ranks: Arc<dyn Communicator>, run: impl FnOnce() -> T) -> T {
    struct Leave;

    impl Drop for Leave {
        fn drop(&mut self) {
            THREAD.take();
        }
    }

    THREAD.set(Some(ranks));
    let _leave = Leave;
    run()
}

/// This process, or this thread of it, among those that train together.
pub(crate) fn all() -> Arc<dyn Communicator> {
    let thread = THREAD.with_borrow(Clone::clone);
    thread.or_else(|| RANKS.get().cloned()).unwrap_or_else(|| Arc::new(Alone))
}

/// Whether this is the one that prints and writes.
pub(crate) fn is_first() -> bool {
    all().rank() == 0
}

/// The bytes that rank 0 has, on all ranks.
pub(crate) fn from_first(bytes: impl FnOnce() -> anyhow::Result<Vec<u8>>) -> anyhow::Result<Vec<u8>> {
    let own = if is_first() { bytes()? } else { vec![] };
    Ok(all().gather(&own)?.into_iter().next().unwrap_or_default())
}

/// Before a failure is told: what is wrong on all ranks is told by the first.
pub(crate) fn let_the_first_speak() {
    if !is_first() {
        std::thread::sleep(FIRST);
    }
}

/// `rank 2: ` before what went wrong there, where there are several.
pub(crate) fn prefix(problem: &str) -> String {
    match RANKS.get() {
        Some(ranks) if ranks.size() > 1 && !problem.starts_with("rank ") => format!("rank {}: ", ranks.rank()),
        _ => String::new(),
    }
}

/// After a failure: ends the other ranks too, which would wait for this one.
pub(crate) fn abort() {
    if let Some(ranks) = RANKS.get() {
        ranks.abort(1);
    }
}

/// Leaves the ranks, when all of them are done.
pub(crate) fn leave() {
    backend::leave();
}

/// Variables that launchers set: `mpirun` of OpenMPI and of MPICH, `srun`.
pub(crate) const LAUNCHED: [&str; 4] = ["OMPI_COMM_WORLD_SIZE", "MPI_LOCALNRANKS", "PMI_RANK", "PMIX_RANK"];

/// Whether one of these variables is set.
fn is_set(variables: &[&str]) -> bool {
    variables.iter().any(|name| std::env::var_os(name).is_some())
}

#[cfg(feature = "mpi")]
mod backend {
    use super::{Arc, Communicator, LAUNCHED, is_set};
    use std::sync::Mutex;
    use synfire_mpi::World;

    /// MPI, which a failure does not end: it would wait for the other ranks.
    static WORLD: Mutex<Option<World>> = Mutex::new(None);

    pub(super) fn join() -> anyhow::Result<Option<Arc<dyn Communicator>>> {
        if !is_set(&LAUNCHED) {
            return Ok(None);
        }
        let world = World::initialize()?;
        let ranks = world.communicator();
        if let Ok(mut kept) = WORLD.lock() {
            *kept = Some(world);
        }
        Ok(Some(ranks))
    }

    pub(super) fn leave() {
        drop(WORLD.lock().ok().and_then(|mut world| world.take()));
    }
}

#[cfg(not(feature = "mpi"))]
mod backend {
    use super::{Arc, Communicator, LAUNCHED, is_set};
    use anyhow::bail;

    /// Refuses processes of `mpirun`, which would not know of each other.
    pub(super) fn join() -> anyhow::Result<Option<Arc<dyn Communicator>>> {
        let size = std::env::var(LAUNCHED[0]).or_else(|_| std::env::var(LAUNCHED[1])).unwrap_or_default();
        if is_set(&LAUNCHED[..2]) && size != "1" {
            bail!(
                "this build has no MPI: the {size} processes would train the same network {size} times; build it with \
                 `--features mpi`, or start it without mpirun"
            );
        }
        Ok(None)
    }

    pub(super) fn leave() {}
}
