//! Ranks that are threads of one process, for tests.

use super::Communicator;
use crate::Error;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};

/// A rank; messages travel through channels.
pub(in crate::train) struct Threads {
    rank: usize,
    to: Vec<Sender<Vec<u8>>>,
    from: Vec<Mutex<Receiver<Vec<u8>>>>,
}

impl Threads {
    /// Runs a function on so many ranks at once; its results, in the order of ranks.
    pub(in crate::train) fn run<T: Send>(size: usize, function: impl Fn(&dyn Communicator) -> T + Sync) -> Vec<T> {
        let ranks = Self::connected(size);
        std::thread::scope(|scope| {
            let threads: Vec<_> = ranks.iter().map(|rank| scope.spawn(|| function(rank))).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        })
    }

    /// Ranks that hear each other.
    pub(in crate::train) fn connected(size: usize) -> Vec<Self> {
        let mut ranks: Vec<Threads> = (0..size).map(|rank| Threads { rank, to: vec![], from: vec![] }).collect();
        for from in 0..size {
            for to in 0..size {
                let (sender, receiver) = channel();
                ranks[from].to.push(sender);
                ranks[to].from.push(Mutex::new(receiver));
            }
        }
        ranks
    }

    fn send(&self, peer: usize, bytes: Vec<u8>) {
        self.to[peer].send(bytes).unwrap();
    }

    fn receive(&self, peer: usize) -> Vec<u8> {
        self.from[peer].lock().unwrap().recv().unwrap()
    }
}

impl std::fmt::Debug for Threads {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "rank {} of {} threads", self.rank, self.to.len())
    }
}

impl Communicator for Threads {
    fn rank(&self) -> usize {
        self.rank
    }

    fn size(&self) -> usize {
        self.to.len()
    }

    fn exchange(&self, peer: usize, send: &[u8], receive: &mut [u8]) -> Result<(), Error> {
        self.send(peer, send.to_vec());
        receive.copy_from_slice(&self.receive(peer));
        Ok(())
    }

    fn sum(&self, values: &mut [f32]) -> Result<(), Error> {
        let bytes: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        values.fill(0.0);
        for bytes in self.gather(&bytes)? {
            for (value, bytes) in values.iter_mut().zip(bytes.chunks_exact(4)) {
                *value += f32::from_le_bytes(bytes.try_into().unwrap());
            }
        }
        Ok(())
    }

    fn gather(&self, bytes: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
        (0..self.size()).for_each(|peer| self.send(peer, bytes.to_vec()));
        Ok((0..self.size()).map(|peer| self.receive(peer)).collect())
    }

    fn abort(&self, code: i32) -> ! {
        panic!("aborted with {code}")
    }
}
