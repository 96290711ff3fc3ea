//! Ranks of MPI as the processes that train a model together.
//!
#![cfg_attr(feature = "mpi", doc = "```no_run")]
#![cfg_attr(not(feature = "mpi"), doc = "```ignore")]
//! use synfire::network::NetworkConfig;
//! use synfire::train::Trainer;
//! use synfire_mpi::World;
//!
//! let world = World::initialize()?; // all ranks run this program: mpirun -n 4 PROGRAM
//! let data = synfire::data::Dataset::digits();
//! let network = NetworkConfig::two_layers("plif", 128, 10);
//! let run = Trainer::new(network, data)?.ranks(world.communicator()).fit("runs/digits")?;
//! # Ok::<(), synfire::Error>(())
//! ```
#![cfg(feature = "mpi")] // what it links is not there on every machine that builds the workspace

use mpi::Threading;
use mpi::collective::SystemOperation;
use mpi::datatype::PartitionMut;
use mpi::environment::Universe;
use mpi::point_to_point::send_receive_into;
use mpi::topology::SimpleCommunicator;
use mpi::traits::{Communicator as _, CommunicatorCollectives as _};
use std::sync::Arc;
use synfire::Error;
use synfire::train::Communicator;

/// MPI from its beginning to its end: it is finalised when this is dropped, for which all ranks wait.
pub struct World {
    _universe: Universe,
    ranks: Arc<Ranks>,
}

impl World {
    /// Initialises MPI. Messages are sent by one thread at a time.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] if it was initialised before, or cannot be used by threads.
    pub fn initialize() -> Result<Self, Error> {
        let refuse = |problem: &str| Error::Config { place: "MPI".to_string(), problem: problem.to_string() };
        let Some((universe, threading)) = mpi::initialize_with_threading(Threading::Serialized) else {
            return Err(refuse("was initialised before in this process; initialise it once"));
        };
        if threading < Threading::Serialized {
            let problem = "is built for programs of a single thread; take one with MPI_THREAD_SERIALIZED";
            return Err(refuse(problem));
        }
        let world = universe.world();
        let number = |n: i32| usize::try_from(n).unwrap_or(0);
        let ranks = Ranks { rank: number(world.rank()), size: number(world.size()).max(1) };
        Ok(World { _universe: universe, ranks: Arc::new(ranks) })
    }

    /// All ranks of the program.
    #[must_use]
    pub fn communicator(&self) -> Arc<dyn Communicator> {
        self.ranks.clone()
    }
}

/// All ranks of `MPI_COMM_WORLD`. Errors of MPI end all of them, with a message of MPI.
#[derive(Debug)]
struct Ranks {
    rank: usize,
    size: usize,
}

impl Ranks {
    fn world() -> SimpleCommunicator {
        SimpleCommunicator::world()
    }
}

/// Bytes of a message at most: their number is an `int` of C.
const MESSAGE: usize = 1 << 30;

impl Communicator for Ranks {
    fn rank(&self) -> usize {
        self.rank
    }

    fn size(&self) -> usize {
        self.size
    }

    fn exchange(&self, peer: usize, send: &[u8], receive: &mut [u8]) -> Result<(), Error> {
        let number = i32::try_from(peer).ok().filter(|_| peer < self.size);
        let Some(number) = number else {
            return Err(Error::Rank { rank: peer, problem: format!("does not exist; there are {}", self.size) });
        };
        let (world, mut sent) = (Self::world(), send.chunks(MESSAGE));
        let peer = world.process_at_rank(number);
        // of halves one may be longer by a value, and so by a message
        let messages = send.len().max(receive.len()).div_ceil(MESSAGE);
        let mut received = receive.chunks_mut(MESSAGE);
        for _ in 0..messages {
            let send = sent.next().unwrap_or_default();
            send_receive_into(send, &peer, received.next().unwrap_or_default(), &peer);
        }
        Ok(())
    }

    fn sum(&self, values: &mut [f32]) -> Result<(), Error> {
        let world = Self::world();
        for values in values.chunks_mut(MESSAGE / size_of::<f32>()) {
            let own = values.to_vec();
            world.all_reduce_into(&own[..], values, SystemOperation::sum());
        }
        Ok(())
    }

    fn gather(&self, bytes: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
        let world = Self::world();
        // a byte more than there are: the pointer of an empty vector is that of MPI_IN_PLACE
        let sent: Vec<u8> = bytes.iter().copied().chain([0]).collect();
        let mut lengths = vec![0_u64; self.size];
        world.all_gather_into(&(sent.len() as u64), &mut lengths[..]);
        let total: u64 = lengths.iter().sum();
        if i32::try_from(total).is_err() {
            let problem = format!("takes part in a message of {total} bytes; MPI sends at most 2 GiB at once");
            return Err(Error::Rank { rank: self.rank, problem });
        }
        let counts: Vec<i32> = lengths.iter().map(|&length| length as i32).collect();
        let starts: Vec<i32> = counts.iter().scan(0, |end, count| Some(std::mem::replace(end, *end + count))).collect();
        let mut all = vec![0_u8; total as usize];
        world.all_gather_varcount_into(&sent[..], &mut PartitionMut::new(&mut all[..], &counts[..], &starts[..]));
        let part = |(start, count): (&i32, &i32)| all[*start as usize..(start + count - 1) as usize].to_vec();
        Ok(starts.iter().zip(&counts).map(part).collect())
    }

    fn abort(&self, code: i32) -> ! {
        Self::world().abort(code)
    }
}
