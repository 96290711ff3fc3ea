//! Ranks that are threads of one process, each with a device of its own.

use super::Communicator;
use crate::{Error, device};
use burn::tensor::Device;
use std::fmt::Debug;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

/// Runs a training on several devices of this process at once: a thread for each of them, which is a rank. `first` is run by
/// the calling thread, with the first device and as rank 0; `other` by the other threads.
///
/// Ranks that are all on CUDA add gradients by Burn's own all-reduce, where the batch is not divided into a fixed number of
/// shards ([`ShardCount::Ranks`](super::ShardCount::Ranks)); all others do so on the host.
///
/// # Errors
///
/// That of the lowest rank that failed by itself, and not because another one had ended.
pub fn on_devices<T, E: From<Error> + Send>(
    devices: &[Device],
    first: impl FnOnce(&Device, Arc<dyn Communicator>) -> Result<T, E>,
    other: impl Fn(&Device, Arc<dyn Communicator>) -> Result<(), E> + Sync,
) -> Result<T, E> {
    let ranks = Threads::connected(devices);
    let (lost, mut ranks): (Vec<_>, Vec<_>) = ranks.into_iter().map(|rank| (rank.lost.clone(), rank)).unzip();
    let Some(own) = (!ranks.is_empty()).then(|| ranks.remove(0)) else {
        return Err(Error::config("devices", "are none; expected one or more").into());
    };
    std::thread::scope(|scope| {
        let other = &other;
        let threads: Vec<_> = ranks
            .into_iter()
            .zip(&devices[1..])
            .map(|(rank, device)| scope.spawn(move || other(device, Arc::new(rank))))
            .collect();
        let result = first(&devices[0], Arc::new(own));
        let others =
            threads.into_iter().map(|thread| thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        let errors = others.enumerate().filter_map(|(i, result)| Some((i + 1, result.err()?)));
        // false comes before true
        let order = |rank: usize| (lost[rank].load(Ordering::Relaxed), rank);
        let other = errors.min_by_key(|(rank, _)| order(*rank));
        match (result, other) {
            (Ok(result), None) => Ok(result),
            (Err(own), Some((rank, _))) if order(0) < order(rank) => Err(own),
            (_, Some((_, error))) | (Err(error), None) => Err(error),
        }
    })
}

/// A rank; messages travel through channels.
pub(in crate::train) struct Threads {
    rank: usize,
    /// Devices of all ranks where Burn adds tensors over them.
    devices: Option<Vec<Device>>,
    to: Vec<Sender<Vec<u8>>>,
    from: Vec<Mutex<Receiver<Vec<u8>>>>,
    /// Whether another rank had ended when it was waited for.
    lost: Arc<AtomicBool>,
}

impl Threads {
    /// Ranks that hear each other, one for each device.
    pub(in crate::train) fn connected(devices: &[Device]) -> Vec<Self> {
        let size = devices.len();
        let devices = devices.iter().all(device::has_all_reduce).then(|| devices.to_vec());
        let unconnected =
            |rank| Threads { rank, devices: devices.clone(), to: vec![], from: vec![], lost: Arc::default() };
        let mut ranks: Vec<Threads> = (0..size).map(unconnected).collect();
        for from in 0..size {
            for to in 0..size {
                let (sender, receiver) = channel();
                ranks[from].to.push(sender);
                ranks[to].from.push(Mutex::new(receiver));
            }
        }
        ranks
    }

    fn send(&self, peer: usize, bytes: &[u8]) -> Result<(), Error> {
        let to = self.to.get(peer).ok_or_else(|| self.ended(peer))?;
        to.send(bytes.to_vec()).map_err(|_| self.ended(peer))
    }

    fn receive(&self, peer: usize) -> Result<Vec<u8>, Error> {
        let from = self.from.get(peer).and_then(|from| from.lock().ok());
        from.and_then(|from| from.recv().ok()).ok_or_else(|| self.ended(peer))
    }

    fn ended(&self, rank: usize) -> Error {
        self.lost.store(true, Ordering::Relaxed);
        Error::Rank { rank, problem: "ended before the training did".to_string() }
    }
}

impl Debug for Threads {
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
        self.send(peer, send)?;
        let received = self.receive(peer)?;
        let problem = || format!("sent {} bytes where {} were expected", received.len(), receive.len());
        match received.len() == receive.len() {
            true => receive.copy_from_slice(&received),
            false => return Err(Error::Rank { rank: peer, problem: problem() }),
        }
        Ok(())
    }

    fn sum(&self, values: &mut [f32]) -> Result<(), Error> {
        let all = self.gather(bytemuck::cast_slice(values))?;
        values.fill(0.0);
        for bytes in all {
            let (others, _) = bytes.as_chunks();
            values.iter_mut().zip(others).for_each(|(value, other)| *value += f32::from_ne_bytes(*other));
        }
        Ok(())
    }

    fn gather(&self, bytes: &[u8]) -> Result<Vec<Vec<u8>>, Error> {
        (0..self.size()).try_for_each(|peer| self.send(peer, bytes))?;
        (0..self.size()).map(|peer| self.receive(peer)).collect()
    }

    fn devices(&self) -> Option<&[Device]> {
        self.devices.as_deref()
    }

    fn abort(&self, code: i32) -> ! {
        std::process::exit(code)
    }
}

#[cfg(test)]
pub(in crate::train) mod tests {
    use super::*;

    /// Runs a function on so many ranks at once; its results, in the order of ranks.
    pub(in crate::train) fn run<T: Send>(size: usize, function: impl Fn(Arc<dyn Communicator>) -> T + Sync) -> Vec<T> {
        let results = Mutex::new(vec![]);
        let add = |ranks: Arc<dyn Communicator>| {
            let (rank, result) = (ranks.rank(), function(ranks));
            results.lock().unwrap().push((rank, result));
            Ok(())
        };
        on_devices::<(), Error>(&vec![Device::flex(); size], |_, ranks| add(ranks), |_, ranks| add(ranks)).unwrap();
        let mut results = results.into_inner().unwrap();
        results.sort_by_key(|(rank, _)| *rank);
        results.into_iter().map(|(_, result)| result).collect()
    }

    #[test]
    fn the_error_is_that_of_the_rank_that_failed() {
        let failing = |failing: usize| {
            let on = |ranks: Arc<dyn Communicator>| match ranks.rank() == failing {
                true => Err(Error::config("batch", format!("rank {failing} cannot"))),
                false => ranks.gather(&[1]).map(drop),
            };
            let result = on_devices(&vec![Device::flex(); 4], |_, ranks| on(ranks), |_, ranks| on(ranks));
            result.unwrap_err().to_string()
        };
        for rank in 0..4 {
            assert_eq!(failing(rank), format!("batch: rank {rank} cannot"));
        }
    }

    #[test]
    fn sums_are_those_of_all_ranks() {
        let sums = run(3, |ranks| {
            let mut values = [ranks.rank() as f32, 0.5];
            ranks.sum(&mut values).unwrap();
            values
        });
        assert_eq!(sums, [[3.0, 1.5]; 3]);
    }

    #[test]
    fn there_is_a_device_at_least() {
        let none = on_devices::<(), Error>(&[], |_, _| Ok(()), |_, _| Ok(()));
        assert!(none.unwrap_err().to_string().contains("expected one or more"));
    }
}
