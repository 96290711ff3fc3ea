//! Memory of a thread that products of convolutions use over and over.

use std::cell::Cell;

thread_local! {
    static SCRATCH: Cell<Vec<f32>> = const { Cell::new(Vec::new()) };
}

/// Runs with parts of these lengths, whose values are left over from earlier runs.
pub(super) fn with_scratch<const N: usize, R>(lengths: [usize; N], run: impl FnOnce([&mut [f32]; N]) -> R) -> R {
    // on cache lines of their own
    let rooms = lengths.map(|len| len.next_multiple_of(16));
    // taken out meanwhile: whoever comes in between finds none and makes its own
    let mut memory = SCRATCH.take();
    let total = rooms.iter().sum();
    if memory.len() < total {
        memory.resize(total, 0.0);
    }
    let mut rest = &mut memory[..];
    let mut index = 0;
    let parts = lengths.map(|len| {
        let (part, tail) = core::mem::take(&mut rest).split_at_mut(rooms[index]);
        (rest, index) = (tail, index + 1);
        &mut part[..len]
    });
    let result = run(parts);
    SCRATCH.set(memory);
    result
}
