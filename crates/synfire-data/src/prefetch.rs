//! Batches that other threads read ahead of their use.

use crate::{Batch, DataError, Draw, Split};
use std::sync::mpsc::{Receiver, sync_channel};
use std::thread::JoinHandle;

/// Batches that each thread has ready at most, beside the one that it reads.
const READY: usize = 1;

/// Batches of a split in a given order, read by other threads a bounded number ahead. They are the same for any number of
/// threads.
///
/// ```
/// use synfire_data::{Dataset, EpochOrder, Prefetch};
///
/// let train = Dataset::digits().train;
/// let order = EpochOrder::new(train.len(), 1, 0);
/// let batches: Vec<Vec<usize>> = order.batches(128, false).map(<[usize]>::to_vec).collect();
/// for (batch, indices) in Prefetch::new(&train, batches.clone(), None, 2).zip(batches) {
///     assert_eq!(batch?.indices, indices);
/// }
/// # Ok::<(), synfire_data::DataError>(())
/// ```
#[derive(Debug)]
pub struct Prefetch {
    readers: Vec<Reader>,
    next: usize,
}

/// A thread that reads every n-th batch.
#[derive(Debug)]
struct Reader {
    batches: Option<Receiver<Result<Batch, DataError>>>,
    thread: Option<JoinHandle<()>>,
}

impl Prefetch {
    /// Begins to read batches of these indices with `threads` threads, at least 1; with a draw as
    /// [`Split::training_batch`], without one as [`Split::batch`].
    pub fn new(split: &Split, batches: Vec<Vec<usize>>, draw: Option<Draw>, threads: usize) -> Self {
        let threads = threads.clamp(1, batches.len().max(1));
        let mut parts: Vec<Vec<Vec<usize>>> = vec![vec![]; threads];
        batches.into_iter().enumerate().for_each(|(i, indices)| parts[i % threads].push(indices));
        Self { readers: parts.into_iter().map(|part| Reader::begin(split.clone(), part, draw)).collect(), next: 0 }
    }
}

impl Reader {
    fn begin(split: Split, batches: Vec<Vec<usize>>, draw: Option<Draw>) -> Self {
        let (send, receive) = sync_channel(READY);
        let read = move |indices: &[usize]| match draw {
            Some(draw) => split.training_batch(indices, draw),
            None => split.batch(indices),
        };
        // nobody listens any more once an epoch is left early
        let work = move || {
            let _ = batches.iter().all(|indices| send.send(read(indices)).is_ok());
        };
        Self { batches: Some(receive), thread: Some(std::thread::spawn(work)) }
    }
}

impl Iterator for Prefetch {
    type Item = Result<Batch, DataError>;

    fn next(&mut self) -> Option<Self::Item> {
        let threads = self.readers.len();
        let reader = &mut self.readers[self.next % threads];
        self.next += 1;
        match reader.batches.as_ref()?.recv() {
            Ok(batch) => Some(batch),
            Err(_) => {
                let thread = reader.thread.take()?;
                thread.join().err().map(|_| Err(DataError::custom("a thread that reads samples has panicked")))
            }
        }
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.batches = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Dataset, Sample, Samples, Target};

    #[test]
    fn any_number_of_threads_reads_the_same_and_an_epoch_may_be_left_early() {
        let split = Dataset::digits().test;
        let batches: Vec<Vec<usize>> = (0..23).map(|i| vec![i, 2 * i, 3 * i]).collect();
        let all =
            |threads| Prefetch::new(&split, batches.clone(), None, threads).map(Result::unwrap).collect::<Vec<_>>();
        let one = all(1);
        assert_eq!((one.len(), all(2) == one, all(5) == one, all(99) == one), (23, true, true, true));
        assert_eq!(Prefetch::new(&split, batches, None, 3).take(2).count(), 2);
        assert!(Prefetch::new(&split, vec![], None, 3).next().is_none());
        let wrong = Prefetch::new(&split, vec![vec![0], vec![999]], None, 2).nth(1).unwrap();
        assert!(wrong.unwrap_err().to_string().contains("no sample 999"));
    }

    #[derive(Debug)]
    struct Bad;

    impl Samples for Bad {
        fn len(&self) -> usize {
            2
        }
        fn shape(&self) -> &[usize] {
            &[1]
        }
        fn sample(&self, index: usize) -> Result<Sample, DataError> {
            assert_eq!(index, 0, "a bug in samples of one's own");
            Ok(Sample::new([1.0], Target::Class(0)))
        }
        fn target(&self, _: usize) -> Result<Target, DataError> {
            Ok(Target::Class(0))
        }
    }

    #[test]
    fn a_panic_in_a_reader_is_an_error() {
        let split = Split::new(Bad).unwrap();
        let all: Vec<_> = Prefetch::new(&split, vec![vec![0], vec![1]], None, 1).collect();
        assert!(all[0].is_ok() && all[1].as_ref().unwrap_err().to_string().contains("panicked"));
    }
}
